"""A selector read: the evidence, the fact and the value that stand where a claim points."""

from dataclasses import dataclass

from pydantic import JsonValue

from rootline.claims.agreement import agrees
from rootline.claims.moments import moment, shown
from rootline.claims.pointer import Unresolved, index_of, pointer_to, resolve, tokens_of
from rootline.claims.refusal import Contradicted, Missing
from rootline.claims.shelf import Shelf
from rootline.domain.claim import LineSelector, PointerSelector, Selector, SeriesSelector
from rootline.domain.evidence import Evidence
from rootline.domain.fact import AnyFact, NoteFact, SeriesFact
from rootline.domain.levels import near

_SAME_POINT_S = 1.0
_LONGEST_LINE = 100_000


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a selector leads. `fact` is None for the evidence's own status; `path` leads from the fact to `value`."""

    selector: Selector
    evidence: Evidence
    fact: AnyFact | None
    path: tuple[str, ...]
    value: JsonValue

    @property
    def field(self) -> str:
        """The fact's own field that the path goes through."""
        return self.path[0] if self.path else ""

    @property
    def tolerance(self) -> float:
        """The relative tolerance the selector allows; lines allow none."""
        return 0.0 if isinstance(self.selector, LineSelector) else self.selector.tolerance

    @property
    def is_note(self) -> bool:
        """Whether a person wrote it down, so that it proves nothing alone."""
        return bool(self.evidence.author) or isinstance(self.fact, NoteFact)


def read(selector: Selector, shelf: Shelf) -> Place:
    """Read what stands where the selector points, and hold it against what the selector expects.

    Raises Missing where nothing stands there, Contradicted where something else does.
    """
    if isinstance(selector, SeriesSelector):
        return _read_point(selector, shelf)
    place = _walk(selector, shelf)
    if isinstance(selector, LineSelector):
        _holds_quote(place.value, selector.quote)
    elif isinstance(place.value, dict | list):
        raise Missing(f"{selector.pointer} is no single value")
    elif not agrees(place.value, selector.expected, selector.tolerance):
        raise Contradicted(f"{selector.evidence} {selector.pointer} says {place.value}")
    return place


def says(line: str, quote: str) -> bool:
    """Whether a line holds the quote word for word, not cut out of the middle of a word or number."""
    line = line[:_LONGEST_LINE]
    start = line.find(quote) if quote.strip() else -1
    while start >= 0:
        end = start + len(quote)
        if not (_joins(line, start) or _joins(line, end)):
            return True
        start = line.find(quote, start + 1)
    return False


def _joins(line: str, border: int) -> bool:
    """Whether the characters on both sides of the border belong to one word or one number."""
    if border in {0, len(line)}:
        return False
    left, right = line[border - 1], line[border]
    both_word = (left.isalnum() or left == "_") and (right.isalnum() or right == "_")
    in_number = (left.isdigit() and right in ".,") or (left in ".," and right.isdigit())
    return both_word or (in_number and _is_inside_number(line, border))


def _is_inside_number(line: str, border: int) -> bool:
    """Whether a digit stands on both sides of the separator at the border, as in 1.5 or 3,840."""
    point = border if line[border] in ".," else border - 1
    return 0 < point < len(line) - 1 and line[point - 1].isdigit() and line[point + 1].isdigit()


def _walk(selector: PointerSelector | LineSelector, shelf: Shelf) -> Place:
    evidence = shelf.open(selector.evidence)
    try:
        tokens = tokens_of(selector.pointer)
        if tokens == ("status",):
            return Place(selector=selector, evidence=evidence, fact=None, path=tokens, value=evidence.reading.status)
        index = _fact_index(tokens, evidence, selector.pointer)
        value = resolve(shelf.fact(evidence, index), pointer_to(*tokens[2:]))
    except Unresolved as unresolved:
        raise Missing(f"{selector.evidence} has no {selector.pointer}: {unresolved.reason}") from unresolved
    fact = evidence.reading.facts[index]
    return Place(selector=selector, evidence=evidence, fact=fact, path=tokens[2:], value=value)


def _fact_index(tokens: tuple[str, ...], evidence: Evidence, pointer: str) -> int:
    index = index_of(tokens[1]) if len(tokens) > 1 and tokens[0] == "facts" else None
    if index is None:
        raise Unresolved(pointer, "claims point into /facts/N or at /status")
    if index >= len(evidence.reading.facts):
        raise Unresolved(pointer, f"there are {len(evidence.reading.facts)} facts")
    return index


def _holds_quote(line: JsonValue, quote: str) -> None:
    if not isinstance(line, str):
        raise Missing("the place cited is no line of text")
    if len(quote.splitlines()) != 1:
        raise Missing("a quote is one line")
    if not says(line, quote):
        raise Missing(f"the line says {line[:120]!r}")


def _read_point(selector: SeriesSelector, shelf: Shelf) -> Place:
    evidence = shelf.open(selector.evidence)
    series = [one for one in evidence.reading.facts if isinstance(one, SeriesFact) and one.subject == selector.series]
    if not series:
        raise Missing(f"{selector.evidence} has no series {selector.series}")
    fact = series[0]
    value = _value_at(fact, selector)
    if value is None:
        raise Missing(f"{selector.evidence} has no point at {shown(selector.at)}")
    if not near(value, selector.expected, selector.tolerance):
        raise Contradicted(f"{selector.evidence} says {value:g} at {shown(selector.at)}")
    return Place(selector=selector, evidence=evidence, fact=fact, path=("points",), value=value)


def _value_at(fact: SeriesFact, selector: SeriesSelector) -> float | None:
    wanted = selector.at.timestamp()
    known = [(abs(at - wanted), value) for at, value in fact.points if value is not None]
    distance, value = min(known, default=(_SAME_POINT_S, 0.0))
    return value if distance < _SAME_POINT_S else None


def moment_at(place: Place, fields: frozenset[str]) -> str:
    """Return the RFC 3339 moment that a pointer leads to, when it is one of these fields of the fact.

    Raises Missing for any other field, and where the fact has no such moment.
    """
    is_field = isinstance(place.selector, PointerSelector) and len(place.path) == 1 and place.field in fields
    if not is_field or not isinstance(place.value, str) or moment(place.value) is None:
        raise Missing(f"the place cited tells no moment ({', '.join(sorted(fields))})")
    return place.value

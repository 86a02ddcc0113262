"""The places that claims point at, written as selectors."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import ParamSpec

from rootline.claims.moments import STARTS
from rootline.claims.pointer import pointer_to
from rootline.domain.claim import Claim, LineSelector, PointerSelector, Predicate, Scalar, Selector, SeriesSelector
from rootline.domain.evidence import Evidence
from rootline.domain.fact import AnyFact, SeriesFact
from rootline.domain.window import rfc3339
from rootline.errors import ToolFault

P = ParamSpec("P")
Spot = tuple[Evidence, int]


class CannotCite(ToolFault):
    """The fact does not bear such a claim."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"This cannot be cited: {reason}. Cite another fact, or claim what this one says.")
        self.reason = reason


_LONGEST_SUBJECT = 500
_LONGEST_QUOTE = 300
_LONGEST_READ = 20_000
_STARTS = {"series": "onset", "log": "first_seen", "alert": "fired_at", "change": "at"}
_NAMES = {"log": "template", "alert": "name"}
_ENDS = {"series": "ended", "log": "last_seen", "alert": "resolved_at"}


def where_citable(constructor: Callable[P, Claim]) -> Callable[P, Claim | None]:
    """Turn a constructor that raises CannotCite into one that returns None."""

    @wraps(constructor)
    def attempt(*given: P.args, **named: P.kwargs) -> Claim | None:
        try:
            return constructor(*given, **named)
        except CannotCite:
            return None

    return attempt


def fact_at(spot: Spot) -> AnyFact:
    """Return the fact at that place, or raise CannotCite outside."""
    evidence, index = spot
    if not 0 <= index < len(evidence.reading.facts):
        raise CannotCite(f"{evidence.label} has {len(evidence.reading.facts)} facts and no number {index}")
    return evidence.reading.facts[index]


def field_value(fact: AnyFact, field: str) -> Scalar:
    """Return a field of the fact as evidence shows it: moments as RFC 3339, lists and records as nothing."""
    value = getattr(fact, field, None) if field in type(fact).model_fields else None
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, bool | str):
        return value
    return float(value) if isinstance(value, int | float) else None


def moment_field(fact: AnyFact, side: frozenset[str]) -> str:
    """Return the field in which this fact tells its beginning (or end), or raise CannotCite where it tells none."""
    field = (_STARTS if side is STARTS else _ENDS).get(fact.kind, "")
    if not field or not isinstance(getattr(fact, field), datetime):
        raise CannotCite(f"{fact.subject} tells no such moment")
    return field


def pointer(spot: Spot, *path: str | int, expected: Scalar) -> PointerSelector:
    """Cite a field of the fact."""
    return PointerSelector(evidence=spot[0].label, pointer=pointer_to("facts", spot[1], *path), expected=expected)


def point(spot: Spot, fact: SeriesFact, at_s: float, value: float) -> SeriesSelector:
    """Cite one point of a series by its moment (Unix seconds)."""
    _short_enough(fact.subject)
    at = datetime.fromtimestamp(at_s, UTC)
    return SeriesSelector(evidence=spot[0].label, series=fact.subject, at=at, expected=value)


def line_of(spot: Spot, *path: str | int, quote: str) -> LineSelector:
    """Cite words on a line of the fact."""
    return LineSelector(evidence=spot[0].label, pointer=pointer_to("facts", spot[1], *path), quote=quote)


def what(spot: Spot) -> tuple[LineSelector, ...]:
    """Cite which of a service's logs or alerts a fact is about, as its subject does not tell them apart."""
    fact = fact_at(spot)
    field = _NAMES.get(fact.kind, "")
    quote = quotable(str(getattr(fact, field))) if field else ""
    return (line_of(spot, field, quote=quote),) if quote else ()


def quotable(text: str) -> str:
    """The first line with words on it, without the space around it, cut between words to at most 300 characters."""
    words = next((one.strip() for one in text[:_LONGEST_READ].splitlines() if one.strip()), "")
    if len(words) <= _LONGEST_QUOTE:
        return words
    cut = words[: _LONGEST_QUOTE + 1]
    return cut[: cut.rindex(" ")].rstrip() if " " in cut else words[:_LONGEST_QUOTE]


def cited(
    predicate: Predicate,
    spot: Spot,
    value: Scalar | tuple[float, float],
    *selectors: Selector,
    unit: str = "",
) -> Claim:
    """Make the claim about the fact's subject, in the evidence's window."""
    fact = fact_at(spot)
    _short_enough(fact.subject)
    return Claim(
        subject=fact.subject, predicate=predicate, value=value, unit=unit, window=spot[0].window, selectors=selectors
    )


def _short_enough(subject: str) -> None:
    if not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise CannotCite(f"its subject has {len(subject)} characters")

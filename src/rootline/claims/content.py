"""Claims that something has a value, holds words, or is not there."""

from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from rootline.claims.agreement import agrees, number
from rootline.claims.measure import is_opinion, same_unit
from rootline.claims.place import Place, says
from rootline.claims.refusal import Contradicted, Missing
from rootline.claims.shelf import Shelf
from rootline.domain.claim import Claim, LineSelector, SeriesSelector
from rootline.domain.evidence import Evidence
from rootline.domain.fact import AbsenceFact, AnyFact, ConditionFact, LineProof, LogFact, SeriesFact, TextFact
from rootline.domain.levels import summary_bears

_DEEPEST = 6
_NAMES = frozenset({"service", "metric", "unit", "labels"})


def equals(claim: Claim, places: Sequence[Place], _: Shelf) -> None:
    """Hold the value and its unit against the first place cited."""
    first = places[0]
    if first.fact is None or isinstance(claim.value, tuple):
        raise Missing("a value is cited by one place inside a fact")
    if is_opinion(first.fact, first.field):
        raise Missing(f"{first.field} is an estimate, not an observation")
    if not agrees(first.value, claim.value, first.tolerance):
        raise Contradicted(f"the evidence says {first.value}")
    same_unit(claim, first.fact, first.field)
    if isinstance(first.fact, SeriesFact):
        _is_in_the_points(first, first.fact)


def contains(claim: Claim, places: Sequence[Place], shelf: Shelf) -> None:
    """Hold the words against the line cited first; a line that a condition quotes is looked up where it was read."""
    first = places[0]
    _no_unit(claim)
    text = first.selector.quote if isinstance(first.selector, LineSelector) else first.value
    if first.fact is None or not isinstance(text, str) or not isinstance(claim.value, str):
        raise Missing("words are cited by a line")
    if is_opinion(first.fact, first.field):
        raise Missing(f"{first.field} is an estimate, not an observation")
    if not says(text, claim.value):
        raise Contradicted("the quote cited says something else")
    if isinstance(first.fact, ConditionFact):
        _is_read_somewhere(_proof(first), shelf)


def was_answered(evidence: Evidence) -> bool:
    """Whether a source that exists answered in full, so that what it lacks is absent."""
    return evidence.reading.status in {"ok", "no_data"} and evidence.reading.source.backend not in {"", "none"}


def absent(claim: Claim, places: Sequence[Place], _: Shelf) -> None:
    """Hold an absence against an absence recorded, a log counted zero times, or an answer of no data."""
    first = places[0]
    _no_unit(claim)
    if not was_answered(first.evidence):
        raise Missing(f"{first.evidence.label} was not answered in full, which proves no absence")
    if isinstance(first.fact, AbsenceFact):
        _is_empty(first, first.fact)
        _was_asked(claim, first.fact.asked)
    elif isinstance(first.fact, LogFact):
        _was_not_counted(claim, first, first.fact)
    elif first.fact is None:
        _came_back_empty(claim, first)
    else:
        raise Missing("the place cited records no absence")


def _is_in_the_points(place: Place, fact: SeriesFact) -> None:
    """Refuse a summary of a series that its stored points do not give, and a point without its moment."""
    if isinstance(place.selector, SeriesSelector) or place.field in _NAMES:
        return
    if place.field == "points" and place.path[-1] == "1":
        return
    if place.field not in {"baseline", "current", "peak"}:
        raise Missing("a move, a beginning and an end are claimed as such")
    value = number(place.value)
    if value is None or not summary_bears(fact, place.field, value):
        raise Contradicted("the stored points say something else")


def _no_unit(claim: Claim) -> None:
    if claim.unit:
        raise Contradicted("the evidence has no unit")


def _proof(place: Place) -> LineProof:
    """The line proof of a condition that the path (support or against, N, quote) leads to."""
    match place.fact, place.path:
        case ConditionFact(support=proofs), ("support", index, "quote"):
            return proofs[int(index)]
        case ConditionFact(against=proofs), ("against", index, "quote"):
            return proofs[int(index)]
        case _:
            raise Missing("the place cited is no line of the cluster's text")


def _is_read_somewhere(proof: LineProof, shelf: Shelf) -> None:
    texts = [fact for one in shelf.opened() for fact in one.reading.facts if isinstance(fact, TextFact)]
    asked = [fact.lines for fact in texts if fact.asked == proof.asked]
    if not any(says(lines[proof.line], proof.quote) for lines in asked if 0 <= proof.line < len(lines)):
        raise Missing("the line quoted is not in the text that was read")


def _was_asked(claim: Claim, asked: str) -> None:
    if claim.value not in {asked, claim.subject, None}:
        raise Contradicted(f"what was asked for is {asked!r}")


def _is_empty(place: Place, fact: AbsenceFact) -> None:
    if fact.known and place.evidence.reading.status != "no_data":
        raise Missing(f"{place.evidence.label} is a listing, not an empty answer")


def _was_not_counted(claim: Claim, place: Place, fact: LogFact) -> None:
    if place.path != ("count",):
        raise Missing("an absence in logs is cited by its count")
    if claim.value != fact.template:
        raise Contradicted(f"what was counted is {fact.template!r}")
    if fact.count != 0:
        raise Contradicted(f"it was seen {fact.count} times")


def _came_back_empty(claim: Claim, place: Place) -> None:
    """An answer of no data proves the absence of what its arguments name word for word, and of nothing else."""
    reading = place.evidence.reading
    if reading.status != "no_data" or any(not _is_absence(fact) for fact in reading.facts):
        raise Contradicted(f"{place.evidence.label} is not empty")
    named = set(_texts(place.evidence.arguments))
    if claim.subject not in named:
        raise Missing(f"{place.evidence.label} did not ask about that subject")
    if claim.value is not None and claim.value not in named:
        raise Missing(f"{place.evidence.label} did not ask for that")


def _is_absence(fact: AnyFact) -> bool:
    return isinstance(fact, AbsenceFact)


def _texts(value: JsonValue, depth: int = 0) -> Iterator[str]:
    """Yield the strings inside a JSON value, up to six levels deep."""
    if isinstance(value, str):
        yield value
    elif depth < _DEEPEST and isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner, depth + 1)

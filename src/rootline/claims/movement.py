"""Claims that something rose or fell."""

from collections.abc import Sequence

from rootline.claims.agreement import number
from rootline.claims.measure import BEFORE_AND_AFTER, BEFORE_OF, before_and_after, same_unit
from rootline.claims.place import Place
from rootline.claims.refusal import Contradicted, Missing
from rootline.claims.shelf import Shelf
from rootline.domain.claim import Claim, SeriesSelector
from rootline.domain.fact import AnyFact, SeriesFact
from rootline.domain.levels import Levels, heading, levels, near, summary_bears

_DIRECTIONS = {"rose": "up", "fell": "down"}


def moved(claim: Claim, places: Sequence[Place], _: Shelf) -> None:
    """Hold a rise or fall against the levels that the stored points, or an operation's or log's two numbers, give.

    Raises Refused when the direction, a level, the unit or the place cited for a level is another.
    """
    before, after = _values(claim)
    first = places[0]
    if first.fact is None:
        raise Missing("a move is cited by a level inside a fact")
    same_unit(claim, first.fact, first.field)
    _cites(places, before=before, after=after)
    if isinstance(first.fact, SeriesFact):
        _series_moved(claim, first.fact, places, before, after)
    else:
        _stored_move(claim, first.fact, places)


def _values(claim: Claim) -> tuple[float | None, float]:
    """Return what the claim says: (before, after), or (None, after)."""
    pair = claim.value if isinstance(claim.value, tuple) else (None, claim.value)
    before, after = number(pair[0]), number(pair[1])
    if after is None or (before is None and pair[0] is not None):
        raise Missing(f"{claim.predicate} needs the level after, or the levels before and after")
    return before, after


def _cites(places: Sequence[Place], *, before: float | None, after: float) -> None:
    """Refuse a level that no selector points at, and one that a selector pointing at it disagrees with."""
    for side, wanted in (("before", before), ("after", after)):
        cited = [place for place in places if _side(place) == side]
        if wanted is not None and not cited:
            raise Missing(f"no selector points at the level {side}")
        for place in cited if wanted is not None else ():
            value = number(place.value)
            if value is None or wanted is None or not near(value, wanted, place.tolerance):
                raise Contradicted(f"the place cited says {place.value} {side}")


def _side(place: Place) -> str:
    """Whether a place tells the level before the move, during it, or neither."""
    if isinstance(place.selector, SeriesSelector) and isinstance(place.fact, SeriesFact):
        fact, at = place.fact, place.selector.at
        if fact.onset is None or (fact.ended is not None and at >= fact.ended):
            return ""
        return "before" if at < fact.onset else "after"
    if place.field in BEFORE_AND_AFTER:
        return "before"
    return "after" if place.field in BEFORE_OF or place.field == "peak" else ""


def _series_moved(claim: Claim, fact: SeriesFact, places: Sequence[Place], before: float | None, after: float) -> None:
    found = levels(fact)
    if found is None:
        raise Missing("the evidence has no onset with points before and after it")
    if fact.current is None or not found.after.bears(fact.current):
        raise Missing("the stored points do not give the stored level")
    wanted = _DIRECTIONS[claim.predicate]
    if fact.direction != wanted:
        raise Contradicted(f"the evidence says {fact.direction}")
    said = heading(found.before.middle if before is None else before, after)
    if not found.direction == said == wanted:
        raise Contradicted(f"it went {found.direction} from {found.before.middle:g} to {found.after.middle:g}")
    for place in places:
        _is_given_by_the_points(place, fact, found)


def _is_given_by_the_points(place: Place, fact: SeriesFact, found: Levels) -> None:
    """Refuse a summary that the points do not give; a point itself was compared when it was read."""
    value = number(place.value)
    if isinstance(place.selector, SeriesSelector) or place.field not in {"baseline", "current", "peak"}:
        return
    if value is None or not summary_bears(fact, place.field, value):
        raise Contradicted(f"it went from {found.before.middle:g} to {found.after.middle:g}")


def _stored_move(claim: Claim, fact: AnyFact, places: Sequence[Place]) -> None:
    after = next(place.field for place in places if _side(place) == "after")
    pair = before_and_after(fact, after)
    if pair is None:
        raise Missing("the fact has no level before or after")
    if any(BEFORE_AND_AFTER[place.field] != after for place in places if _side(place) == "before"):
        raise Missing("the two places cited are of different measures")
    if heading(*pair) != _DIRECTIONS[claim.predicate]:
        raise Contradicted(f"it went from {pair[0]:g} to {pair[1]:g}")

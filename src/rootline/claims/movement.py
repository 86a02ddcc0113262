"""Claims that something rose or fell."""

from collections.abc import Sequence

from rootline.claims.agreement import heading, near, number
from rootline.claims.levels import Levels, levels
from rootline.claims.measure import BEFORE_AND_AFTER, BEFORE_OF, before_and_after, same_unit
from rootline.claims.place import Place
from rootline.claims.refusal import Contradicted, Missing
from rootline.claims.shelf import Shelf
from rootline.domain.claim import Claim, SeriesSelector
from rootline.domain.fact import SeriesFact

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
    if isinstance(first.fact, SeriesFact):
        _moves(first.fact, claim, before, after)
    else:
        _stored_move(first, claim, before, after)
    _cites(places, before=before, after=after)


def _values(claim: Claim) -> tuple[float | None, float]:
    """Return what the claim says: (before, after), or (None, after)."""
    pair = claim.value if isinstance(claim.value, tuple) else (None, claim.value)
    before, after = number(pair[0]), number(pair[1])
    if after is None or (before is None and pair[0] is not None):
        raise Missing(f"{claim.predicate} needs the level after, or the levels before and after")
    return before, after


def _moves(fact: SeriesFact, claim: Claim, before: float | None, after: float) -> None:
    found = levels(fact)
    if found is None:
        raise Missing("the evidence has no onset with points before and after it")
    if fact.current is None or not found.after.bears(fact.current):
        raise Missing("the stored points do not give the stored level")
    _goes(claim, fact.direction, found)
    if before is not None and not found.before.bears(before):
        raise Contradicted(f"it stood at {found.before.middle:g} before")
    if not found.after.bears(after):
        raise Contradicted(f"it stood at {found.after.middle:g} after")


def _goes(claim: Claim, told: str, found: Levels) -> None:
    wanted = _DIRECTIONS[claim.predicate]
    if told != wanted:
        raise Contradicted(f"the evidence says {told}")
    if found.direction != wanted:
        raise Contradicted(f"it went {found.direction} from {found.before.middle:g} to {found.after.middle:g}")


def _stored_move(place: Place, claim: Claim, before: float | None, after: float) -> None:
    field = BEFORE_AND_AFTER.get(place.field, place.field)
    pair = before_and_after(place.fact, field) if place.fact is not None else None
    if pair is None:
        raise Missing("the place cited is no level before or after")
    if before is not None and not near(pair[0], before):
        raise Contradicted(f"it was {pair[0]:g} before")
    if not near(pair[1], after):
        raise Contradicted(f"it was {pair[1]:g} after")
    if heading(*pair) != _DIRECTIONS[claim.predicate]:
        raise Contradicted(f"it went from {pair[0]:g} to {pair[1]:g}")


def _cites(places: Sequence[Place], *, before: float | None, after: float) -> None:
    """Refuse a level that no selector points at, and a selector that points at another."""
    cited = [(_side(place), number(place.value)) for place in places]
    for side, wanted in (("before", before), ("after", after)):
        values = [value for on, value in cited if on == side and value is not None]
        if wanted is not None and not values:
            raise Missing(f"no selector points at the level {side}")
        if wanted is not None and not all(near(value, wanted) for value in values):
            raise Contradicted(f"the place cited says {values[0]:g} {side}")


def _side(place: Place) -> str:
    """Whether a place tells the level before the move, after it, or something else."""
    if isinstance(place.selector, SeriesSelector) and isinstance(place.fact, SeriesFact):
        onset = place.fact.onset
        return "before" if onset is not None and place.selector.at < onset else "after"
    if place.field in BEFORE_AND_AFTER:
        return "before"
    return "after" if place.field in BEFORE_OF else ""

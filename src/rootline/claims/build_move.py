"""Claims that something rose or fell, each level citing a stored number that the points bear."""

from typing import Literal

from rootline.claims.cite import CannotCite, Spot, cited, fact_at, point, pointer, what
from rootline.claims.measure import BEFORE_OF, before_and_after, unit_of
from rootline.domain.claim import Claim, Selector
from rootline.domain.fact import LogFact, OperationFact, SeriesFact
from rootline.domain.levels import Level, heading, is_after, levels, move_fault

Move = Literal["rose", "fell"]
_DIRECTIONS: dict[Move, str] = {"rose": "up", "fell": "down"}


def moved(predicate: Move, spot: Spot, after: str) -> Claim:
    """Make the claim, or raise CannotCite where the fact moved otherwise, or not clearly."""
    fact = fact_at(spot)
    if isinstance(fact, SeriesFact):
        return _series(predicate, spot, fact)
    if isinstance(fact, OperationFact | LogFact):
        return _stored(predicate, spot, fact, after or ("count" if isinstance(fact, LogFact) else "p95_after_s"))
    raise CannotCite(f"a {fact.kind} neither rises nor falls")


def _series(predicate: Move, spot: Spot, fact: SeriesFact) -> Claim:
    if fact.direction != _DIRECTIONS[predicate]:
        raise CannotCite(f"the series goes {fact.direction}")
    found, fault = levels(fact), move_fault(fact)
    if found is None or fact.current is None or fault:
        raise CannotCite(fault)
    before, place = _before(spot, fact, found.before)
    after = pointer(spot, "current", expected=fact.current)
    return cited(predicate, spot, (before, fact.current), place, after, unit=fact.unit)


def _before(spot: Spot, fact: SeriesFact, found: Level) -> tuple[float, Selector]:
    """Cite the stored baseline where the points bear it (a season may stand in it), else the sample in the middle."""
    if fact.baseline is not None and found.bears(fact.baseline):
        return fact.baseline, pointer(spot, "baseline", expected=fact.baseline)
    at_s = next(at for at, value in fact.points if value == found.sample and not is_after(fact, at))
    return found.sample, point(spot, fact, at_s, found.sample)


def _stored(predicate: Move, spot: Spot, fact: OperationFact | LogFact, after: str) -> Claim:
    pair = before_and_after(fact, after)
    if pair is None:
        raise CannotCite(f"it has no {after} with a value before it")
    if heading(*pair) != _DIRECTIONS[predicate]:
        raise CannotCite(f"it went from {pair[0]:g} to {pair[1]:g}")
    places = pointer(spot, BEFORE_OF[after], expected=pair[0]), pointer(spot, after, expected=pair[1])
    return cited(predicate, spot, pair, *places, *what(spot), unit=unit_of(fact, after))

"""Claims about time: when something started or ended, and what came first."""

import math
from collections.abc import Sequence
from datetime import datetime
from statistics import median

from rootline.claims.moments import ENDS, STARTS, moment, same_second
from rootline.claims.place import Place, moment_at
from rootline.claims.refusal import Contradicted, Missing
from rootline.claims.shelf import Shelf
from rootline.domain.claim import Claim
from rootline.domain.fact import SeriesFact
from rootline.domain.levels import first_from, levels, may_be_earlier, samples, start_fault

_TWO, _FEW = 2, 3


def started(claim: Claim, places: Sequence[Place], _: Shelf) -> None:
    """Hold a beginning against the fact's own; a series must really leave its level there, and not before `since`."""
    at = _start_of(places[0])
    _is_that_moment(claim, at)
    for other in places[1:]:
        if isinstance(other.fact, SeriesFact) and other.field == "since":
            _is_bounded(other, at)


def ended(claim: Claim, places: Sequence[Place], _: Shelf) -> None:
    """Hold an end against the fact's own; a series must really come back to its level there."""
    first = places[0]
    at = _moment(first, ENDS)
    if isinstance(first.fact, SeriesFact):
        _comes_back(first.fact, at)
    _is_that_moment(claim, at)


def precedes(claim: Claim, places: Sequence[Place], _: Shelf) -> None:
    """Hold an order against the beginnings of two facts: the first about the subject, the second about the value."""
    if len(places) < _TWO or claim.unit:
        raise Missing("an order is cited by two moments")
    first, second = places[:_TWO]
    if second.fact is None or second.fact.subject != claim.value:
        raise Missing("the second place cited is about something else")
    if not _start_of(first) < _start_of(second):
        raise Contradicted(f"{first.value} is not before {second.value}")
    if first.fact is not None and may_be_earlier(second.fact, first.fact, _start_of(first)):
        raise Missing(f"{second.fact.subject} may have begun before {first.value}")


def _start_of(place: Place) -> datetime:
    at = _moment(place, STARTS)
    if isinstance(place.fact, SeriesFact):
        _leaves_its_level(place.fact)
    return at


def _moment(place: Place, fields: frozenset[str]) -> datetime:
    read = moment(moment_at(place, fields))
    if read is None:
        raise Missing("the place cited tells no moment")
    return read


def _is_that_moment(claim: Claim, at: datetime) -> None:
    said = moment(claim.value)
    if said is None or claim.unit:
        raise Missing("a moment is written as RFC 3339, without a unit")
    if not same_second(said, at):
        raise Contradicted(f"the evidence says {at:%Y-%m-%d %H:%M:%S} UTC")


def _is_bounded(place: Place, at: datetime) -> None:
    """Refuse an earliest moment of a beginning at which the stored points have left their level already."""
    fact, since = place.fact, _moment(place, frozenset({"since"}))
    if not isinstance(fact, SeriesFact) or (found := levels(fact)) is None:
        raise Missing("the evidence has no points on both sides of the onset")
    if since >= at:
        raise Contradicted(f"{place.value} is not before the onset")
    last = samples(fact, stop=since.timestamp())[-_FEW:]
    if last and abs(median(last) - found.before.middle) > abs(median(last) - found.after.middle):
        raise Contradicted("it had left its level before")


def _leaves_its_level(fact: SeriesFact) -> None:
    """Refuse an onset at which the stored points do not move as the fact says."""
    if levels(fact) is None:
        raise Missing("the evidence has no points on both sides of the onset")
    if fault := start_fault(fact):
        raise Contradicted(fault)


def _comes_back(fact: SeriesFact, at: datetime) -> None:
    """Refuse an end behind which the stored points are neither as before nor nearer to that level."""
    _leaves_its_level(fact)
    found = levels(fact)
    if found is None or not samples(fact, start=at.timestamp()):
        raise Missing("the evidence has no points behind the end")
    rest = first_from(fact, at)
    before = samples(fact, stop=fact.onset.timestamp() if fact.onset else math.inf)
    is_nearer = abs(rest - found.before.middle) <= abs(rest - found.after.middle)
    if fact.direction != "flat" and not (is_nearer or min(before) <= rest <= max(before)):
        raise Contradicted("it has not come back")

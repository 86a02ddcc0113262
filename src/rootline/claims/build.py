"""Correct claims out of a fact and its place: each names the fact's subject and cites what proves it.

`evidence` is the one the fact stands in, `index` its place in `evidence.reading.facts`; a Spot is both. A
constructor returns None where the fact does not bear such a claim.
"""

from collections.abc import Iterator
from datetime import datetime

from rootline.claims.build_line import contains_line, proof_line
from rootline.claims.build_move import moved
from rootline.claims.cite import (
    CannotCite,
    Spot,
    cited,
    fact_at,
    field_value,
    moment_field,
    point,
    pointer,
    what,
    where_citable,
)
from rootline.claims.content import was_answered
from rootline.claims.health import speaks_of_no_trouble
from rootline.claims.measure import is_opinion, unit_of
from rootline.claims.moments import ENDS, STARTS
from rootline.claims.refusal import Refused
from rootline.domain.claim import Claim, PointerSelector
from rootline.domain.evidence import Evidence
from rootline.domain.fact import AbsenceFact, ChangeFact, EdgeFact, LogFact, OperationFact, SeriesFact, ServiceFact
from rootline.domain.levels import may_be_earlier, nearest

__all__ = [
    "absent",
    "changed",
    "contains_line",
    "depends_on",
    "ended",
    "equals",
    "fell",
    "is_healthy",
    "precedes",
    "proof_line",
    "rose",
    "started",
    "value_at",
]

_LONGEST_VALUE = 60


@where_citable
def rose(evidence: Evidence, index: int, after: str = "") -> Claim:
    """Say that a series, an operation (`after` names its field, p95_after_s by default) or a log count rose."""
    return moved("rose", (evidence, index), after)


@where_citable
def fell(evidence: Evidence, index: int, after: str = "") -> Claim:
    """Say that a series, an operation (`after` names its field, p95_after_s by default) or a log count fell."""
    return moved("fell", (evidence, index), after)


@where_citable
def equals(evidence: Evidence, index: int, field: str) -> Claim:
    """Say what a field of the fact is: no list, no empty field, no estimate of ours."""
    spot = (evidence, index)
    fact = fact_at(spot)
    value = field_value(fact, field)
    if value is None or is_opinion(fact, field):
        raise CannotCite(f"{field} is no single observed value")
    place = pointer(spot, field, expected=value)
    return cited("equals", spot, value, place, *what(spot), unit=unit_of(fact, field))


@where_citable
def value_at(evidence: Evidence, index: int, at: datetime) -> Claim:
    """Say what a series was at the stored point nearest to a moment."""
    spot = (evidence, index)
    fact = fact_at(spot)
    found = nearest(fact, at.timestamp()) if isinstance(fact, SeriesFact) else None
    if not isinstance(fact, SeriesFact) or found is None:
        raise CannotCite("it has no points")
    return cited("equals", spot, found[1], point(spot, fact, *found), unit=fact.unit)


@where_citable
def absent(evidence: Evidence, index: int) -> Claim:
    """Say that what was asked for is not there, or that a log template was never seen."""
    spot = (evidence, index)
    fact = fact_at(spot)
    if (
        was_answered(evidence)
        and isinstance(fact, AbsenceFact)
        and not (fact.known and evidence.reading.status == "ok")
    ):
        return cited("absent", spot, fact.asked, pointer(spot, "asked", expected=fact.asked))
    if was_answered(evidence) and isinstance(fact, LogFact) and fact.count == 0:
        return cited("absent", spot, fact.template, pointer(spot, "count", expected=0.0))
    raise CannotCite("it records no absence")


@where_citable
def started(evidence: Evidence, index: int) -> Claim:
    """Say when a series left its level, a log line was first seen, an alert fired or a change took effect."""
    spot = (evidence, index)
    field = moment_field(fact_at(spot), STARTS)
    at = field_value(fact_at(spot), field)
    return cited("started", spot, at, pointer(spot, field, expected=at), *_since(spot), *what(spot))


def _since(spot: Spot) -> tuple[PointerSelector, ...]:
    """Cite the earliest moment at which a series may have left its level, where the evidence tells it."""
    fact = fact_at(spot)
    told = field_value(fact, "since") if isinstance(fact, SeriesFact) else None
    return (pointer(spot, "since", expected=told),) if told else ()


@where_citable
def ended(evidence: Evidence, index: int) -> Claim:
    """Say when a series came back to its level, a log line was last seen or an alert was resolved."""
    spot = (evidence, index)
    field = moment_field(fact_at(spot), ENDS)
    at = field_value(fact_at(spot), field)
    return cited("ended", spot, at, pointer(spot, field, expected=at), *what(spot))


@where_citable
def precedes(earlier: Spot, later: Spot) -> Claim:
    """Say that the first fact began before the second did, where it is strictly so."""
    first, second = fact_at(earlier), fact_at(later)
    fields = moment_field(first, STARTS), moment_field(second, STARTS)
    if not getattr(first, fields[0]) < getattr(second, fields[1]):
        raise CannotCite("it did not begin earlier")
    if may_be_earlier(second, first, getattr(first, fields[0])):
        raise CannotCite("the other may have begun before it")
    moments = field_value(first, fields[0]), field_value(second, fields[1])
    places = pointer(earlier, fields[0], expected=moments[0]), pointer(later, fields[1], expected=moments[1])
    return cited("precedes", earlier, second.subject, *places)


@where_citable
def depends_on(evidence: Evidence, index: int, callee: str = "") -> Claim:
    """Say that the subject of an edge depends on its callee, or a service on one of its callees (the first)."""
    spot = (evidence, index)
    fact = fact_at(spot)
    if isinstance(fact, EdgeFact) and callee in {"", fact.callee}:
        return cited("depends_on", spot, fact.callee, pointer(spot, "callee", expected=fact.callee))
    if isinstance(fact, ServiceFact) and fact.callees and callee in {"", *fact.callees}:
        place = fact.callees.index(callee) if callee else 0
        where = pointer(spot, "callees", place, expected=fact.callees[place])
        return cited("depends_on", spot, fact.callees[place], where)
    raise CannotCite(f"it shows no dependency on {callee or 'anything'}")


@where_citable
def changed(evidence: Evidence, index: int) -> Claim:
    """Say that a change took effect on the subject before the end of the window; of a flag or key, also its values."""
    spot = (evidence, index)
    fact = fact_at(spot)
    if not isinstance(fact, ChangeFact) or fact.at is None or fact.at >= evidence.window.end:
        raise CannotCite("it is no change that took effect before the window's end")
    places = pointer(spot, "label", expected=fact.label), pointer(spot, "at", expected=field_value(fact, "at"))
    return cited("changed", spot, fact.label, *places, *_turned(spot, fact))


def _turned(spot: Spot, fact: ChangeFact) -> Iterator[PointerSelector]:
    """Cite the values before and after, where both are told and short enough for a sentence."""
    values = (fact.before, fact.after)
    if fact.change in {"flag", "config"} and all(0 < len(one) <= _LONGEST_VALUE for one in values):
        yield from (pointer(spot, field, expected=field_value(fact, field)) for field in ("before", "after"))


@where_citable
def is_healthy(evidence: Evidence, index: int) -> Claim:
    """Say that a flat series, or an operation that works as before, is healthy; the checker looks further."""
    spot = (evidence, index)
    fact = fact_at(spot)
    if not isinstance(fact, SeriesFact | OperationFact):
        raise CannotCite("it does not tell health")
    try:
        speaks_of_no_trouble(fact, evidence.window)
    except Refused as refused:
        raise CannotCite(refused.reason) from refused
    field, expected = ("direction", "flat") if isinstance(fact, SeriesFact) else ("is_error_root", False)
    return cited("is_healthy", spot, None, pointer(spot, field, expected=expected))

"""True claims about a made-up world, written by hand from its fields and not by the code under test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tests.claims.world import World

from rootline.domain.claim import Claim, LineSelector, PointerSelector, Predicate, Scalar, Selector, SeriesSelector
from rootline.domain.evidence import Evidence
from rootline.domain.fact import (
    AbsenceFact,
    AlertFact,
    AnyFact,
    ChangeFact,
    ConditionFact,
    EdgeFact,
    LogFact,
    OperationFact,
    SeriesFact,
    ServiceFact,
    TextFact,
)


def truths(world: World) -> Iterator[Claim]:
    """Yield what is true in this world."""
    for evidence in world.evidence.values():
        for index, fact in enumerate(evidence.reading.facts):
            yield from _about(evidence, index, fact)
    yield from _orders(world)
    yield _status(world)


def _about(evidence: Evidence, index: int, fact: AnyFact) -> Iterator[Claim]:
    match fact:
        case SeriesFact():
            yield from _series(evidence, index, fact)
        case LogFact():
            yield from _log(evidence, index, fact)
        case OperationFact():
            yield from _operation(evidence, index, fact)
        case ChangeFact() | AlertFact():
            yield from _event(evidence, index, fact)
        case _:
            yield from _standing(evidence, index, fact)


def _event(evidence: Evidence, index: int, fact: ChangeFact | AlertFact) -> Iterator[Claim]:
    if isinstance(fact, ChangeFact):
        yield claim(evidence, fact, "changed", fact.label, at(evidence, index, "label", fact.label))
        yield claim(evidence, fact, "contains", fact.diff[2], line(evidence, index, "diff/2", fact.diff[2]))
        yield claim(evidence, fact, "started", when(fact.at), at(evidence, index, "at", when(fact.at)))
        return
    yield claim(evidence, fact, "started", when(fact.fired_at), at(evidence, index, "fired_at", when(fact.fired_at)))
    yield claim(evidence, fact, "equals", fact.observed, at(evidence, index, "observed", fact.observed))
    yield claim(evidence, fact, "contains", fact.summary, line(evidence, index, "summary", fact.summary))


def _standing(evidence: Evidence, index: int, fact: AnyFact) -> Iterator[Claim]:
    match fact:
        case EdgeFact():
            yield claim(evidence, fact, "depends_on", fact.callee, at(evidence, index, "callee", fact.callee))
        case ServiceFact():
            yield claim(
                evidence, fact, "depends_on", fact.callees[0], at(evidence, index, "callees/0", fact.callees[0])
            )
        case TextFact():
            for number, text in enumerate(fact.lines):
                quote = text.strip()
                yield claim(evidence, fact, "contains", quote, line(evidence, index, f"lines/{number}", quote))
        case ConditionFact(support=[proof]):
            yield claim(evidence, fact, "contains", proof.quote, line(evidence, index, "support/0/quote", proof.quote))
        case AbsenceFact():
            yield claim(evidence, fact, "absent", fact.asked, at(evidence, index, "asked", fact.asked))


def _series(evidence: Evidence, index: int, fact: SeriesFact) -> Iterator[Claim]:
    seconds, value = next(one for one in reversed(fact.points) if one[1] is not None)
    assert value is not None
    moment = datetime.fromtimestamp(seconds, evidence.window.start.tzinfo)
    point = SeriesSelector(evidence=evidence.label, series=fact.subject, at=moment, expected=value)
    yield claim(evidence, fact, "equals", value, point, unit=fact.unit)
    yield claim(evidence, fact, "equals", fact.peak, at(evidence, index, "peak", fact.peak), unit=fact.unit)
    if fact.direction == "flat":
        yield claim(evidence, fact, "is_healthy", None, at(evidence, index, "direction", "flat"))
        return
    assert fact.baseline is not None
    assert fact.current is not None
    before, after = at(evidence, index, "baseline", fact.baseline), at(evidence, index, "current", fact.current)
    moved: Predicate = "rose" if fact.direction == "up" else "fell"
    yield claim(evidence, fact, moved, (fact.baseline, fact.current), before, after, unit=fact.unit)
    yield claim(evidence, fact, moved, fact.current, after, unit=fact.unit)
    yield claim(evidence, fact, "started", when(fact.onset), at(evidence, index, "onset", when(fact.onset)))
    if fact.ended:
        yield claim(evidence, fact, "ended", when(fact.ended), at(evidence, index, "ended", when(fact.ended)))


def _log(evidence: Evidence, index: int, fact: LogFact) -> Iterator[Claim]:
    if not fact.count:
        yield claim(evidence, fact, "absent", fact.template, at(evidence, index, "count", 0.0))
        return
    assert fact.baseline_count is not None
    places = at(evidence, index, "baseline_count", fact.baseline_count), at(evidence, index, "count", fact.count)
    yield claim(evidence, fact, "rose", (fact.baseline_count, fact.count), *places)
    yield claim(evidence, fact, "contains", fact.exemplar, line(evidence, index, "exemplar", fact.exemplar))
    yield claim(
        evidence, fact, "started", when(fact.first_seen), at(evidence, index, "first_seen", when(fact.first_seen))
    )
    yield claim(evidence, fact, "ended", when(fact.last_seen), at(evidence, index, "last_seen", when(fact.last_seen)))


def _operation(evidence: Evidence, index: int, fact: OperationFact) -> Iterator[Claim]:
    assert fact.p95_before_s
    assert fact.p95_after_s
    before = at(evidence, index, "p95_before_s", fact.p95_before_s)
    after = at(evidence, index, "p95_after_s", fact.p95_after_s)
    ratio = fact.p95_after_s / fact.p95_before_s
    if ratio > 1.1 or ratio < 0.9:
        moved: Predicate = "rose" if ratio > 1 else "fell"
        yield claim(evidence, fact, moved, (fact.p95_before_s, fact.p95_after_s), before, after, unit="s")
    else:
        yield claim(evidence, fact, "is_healthy", None, at(evidence, index, "is_error_root", False))
    yield claim(
        evidence, fact, "equals", fact.p50_after_s, at(evidence, index, "p50_after_s", fact.p50_after_s), unit="s"
    )


def _orders(world: World) -> Iterator[Claim]:
    changes, logs, alerts = world.evidence["E3"], world.evidence["E2"], world.evidence["E6"]
    for index, change in enumerate(changes.reading.facts):
        assert isinstance(change, ChangeFact)
        for other, fact in enumerate(alerts.reading.facts):
            assert isinstance(fact, AlertFact)
            if fact.subject != change.subject:
                first = at(changes, index, "at", when(change.at))
                then = at(alerts, other, "fired_at", when(fact.fired_at))
                yield claim(changes, change, "precedes", fact.subject, first, then)
        log = logs.reading.facts[index]
        if isinstance(log, LogFact) and log.count:
            first, then = at(changes, index, "at", when(change.at)), at(logs, index, "first_seen", when(log.first_seen))
            yield claim(changes, change, "precedes", log.subject, first, then)


def _status(world: World) -> Claim:
    selector = PointerSelector(evidence="E9", pointer="/status", expected="no_data")
    service = world.services[0]
    return Claim(subject=service, predicate="absent", value="panic", window=world.window, selectors=(selector,))


def claim(
    evidence: Evidence,
    fact: AnyFact,
    predicate: Predicate,
    value: Scalar | tuple[float, float],
    *places: Selector,
    unit: str = "",
) -> Claim:
    """Write a claim about a fact."""
    return Claim(
        subject=fact.subject, predicate=predicate, value=value, unit=unit, window=evidence.window, selectors=places
    )


def at(evidence: Evidence, index: int, path: str, expected: Scalar) -> PointerSelector:
    """Point at a field of a fact."""
    return PointerSelector(evidence=evidence.label, pointer=f"/facts/{index}/{path}", expected=expected)


def line(evidence: Evidence, index: int, path: str, quote: str) -> LineSelector:
    """Point at a line of a fact."""
    return LineSelector(evidence=evidence.label, pointer=f"/facts/{index}/{path}", quote=quote)


def when(moment: datetime | None) -> str:
    """Write a moment as evidence does."""
    assert moment is not None
    return moment.isoformat().replace("+00:00", "Z")

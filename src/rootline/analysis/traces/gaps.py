"""Spans that should be there: parents that others name, and callees that used to answer."""

from collections import Counter
from dataclasses import dataclass

from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.naming import Operation
from rootline.analysis.traces.periods import Periods

_USUAL = 0.5


@dataclass(frozen=True, kw_only=True)
class MissingParents:
    """Orphans of one operation. Shares, 0 to 1, are of that operation's spans after and before the onset.

    `usual_callers` are the services that call it in traces that are whole, most frequent first: one of
    them, or something between, did not report.
    """

    service: str
    operation: str
    count: int
    share: float
    baseline_share: float
    usual_callers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LostCallee:
    """An operation whose calls to another service no longer leave a span there.

    Shares, 0 to 1, are of the operation's spans with a child span of the callee, after and before the onset.
    The callee is down, cannot be reached, or does not report.
    """

    service: str
    operation: str
    callee: str
    count: int
    share: float
    baseline_share: float


def missing_parents(forest: Forest, periods: Periods) -> list[MissingParents]:
    """Count orphans by operation, the largest growth of their share first."""
    orphans = set(forest.orphans)
    seen: dict[bool, Counter[Operation]] = {True: Counter(), False: Counter()}
    lost: dict[bool, Counter[Operation]] = {True: Counter(), False: Counter()}
    for at, start in enumerate(forest.starts):
        if start < periods.end:
            seen[periods.after(start)][forest.operations[at]] += 1
            lost[periods.after(start)][forest.operations[at]] += at in orphans
    callers = _callers(forest)
    found = [
        MissingParents(
            service=name.service,
            operation=name.name,
            count=count,
            share=count / seen[True][name],
            baseline_share=lost[False][name] / (seen[False][name] or 1),
            usual_callers=tuple(service for service, _ in callers.get(name, Counter()).most_common(3)),
        )
        for name, count in lost[True].items()
        if count
    ]
    return sorted(found, key=lambda one: (one.baseline_share - one.share, -one.count, one.service, one.operation))


def lost_callees(forest: Forest, periods: Periods) -> list[LostCallee]:
    """Find callees that most calls reached before the onset and less than half as many do now, the largest loss first.

    Source: half is own choice; sampling drops whole traces, so a share below one is unusual to begin with.
    """
    calls: dict[bool, Counter[Operation]] = {True: Counter(), False: Counter()}
    reached: dict[bool, Counter[tuple[Operation, str]]] = {True: Counter(), False: Counter()}
    for at, start in enumerate(forest.starts):
        if start < periods.end:
            side, name = periods.after(start), forest.operations[at]
            calls[side][name] += 1
            reached[side].update((name, callee) for callee in _callees(forest, at))
    found = [
        LostCallee(
            service=name.service,
            operation=name.name,
            callee=callee,
            count=calls[True][name],
            share=reached[True][name, callee] / calls[True][name],
            baseline_share=count / calls[False][name],
        )
        for (name, callee), count in reached[False].items()
        if calls[True][name]
    ]
    lost = [one for one in found if one.baseline_share >= _USUAL and one.share < one.baseline_share / 2]
    return sorted(lost, key=lambda one: (one.share - one.baseline_share, -one.count, one.service, one.operation))


def _callees(forest: Forest, at: int) -> set[str]:
    return {forest.spans[child].service for child in forest.children[at]} - {forest.spans[at].service}


def _callers(forest: Forest) -> dict[Operation, Counter[str]]:
    callers: dict[Operation, Counter[str]] = {}
    for at, above in enumerate(forest.parent):
        if above >= 0:
            callers.setdefault(forest.operations[at], Counter())[forest.spans[above].service] += 1
    return callers

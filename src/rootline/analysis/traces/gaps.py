"""Spans that others name as their parent but that never arrived."""

from collections import Counter
from dataclasses import dataclass

from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.naming import Operation
from rootline.analysis.traces.periods import Periods


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


def _callers(forest: Forest) -> dict[Operation, Counter[str]]:
    callers: dict[Operation, Counter[str]] = {}
    for at, above in enumerate(forest.parent):
        if above >= 0:
            callers.setdefault(forest.operations[at], Counter())[forest.spans[above].service] += 1
    return callers

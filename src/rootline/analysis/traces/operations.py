"""What each operation did before and after the onset."""

from collections.abc import Sequence
from dataclasses import dataclass

from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.naming import Operation
from rootline.analysis.traces.periods import Periods, Timing, mean


@dataclass(frozen=True, kw_only=True)
class OperationChange:
    """One operation of one service. Durations and self-times are seconds, error shares 0 to 1.

    `baseline_*` describe spans that began before the onset, the others those from it to the window's end.
    A Timing is None and a share is 0 where there were no spans. `rate_change` is the current rate of calls over the
    baseline's, None without a baseline; sampling of traces changes it too.
    """

    service: str
    operation: str
    count: int
    baseline_count: int
    rate_change: float | None
    duration: Timing | None
    baseline_duration: Timing | None
    self_time: Timing | None
    baseline_self_time: Timing | None
    error_share: float
    baseline_error_share: float


def changes(forest: Forest, periods: Periods) -> list[OperationChange]:
    """Compare every operation with its baseline, the most added self-time and errors first."""
    spans: dict[Operation, tuple[list[int], list[int]]] = {}
    for at, start in enumerate(forest.starts):
        before, after = spans.setdefault(forest.operations[at], ([], []))
        if periods.before(start):
            before.append(at)
        elif periods.after(start):
            after.append(at)
    found = [_change(forest, periods, name, both) for name, both in spans.items() if any(both)]
    return sorted(found, key=lambda one: (-_weight(one), one.service, one.operation))


def _change(
    forest: Forest, periods: Periods, name: Operation, spans: tuple[Sequence[int], Sequence[int]]
) -> OperationChange:
    before, after = spans
    return OperationChange(
        service=name.service,
        operation=name.name,
        count=len(after),
        baseline_count=len(before),
        rate_change=periods.rate_change(len(after), len(before)),
        duration=Timing.of([forest.spans[at].duration_s for at in after]),
        baseline_duration=Timing.of([forest.spans[at].duration_s for at in before]),
        self_time=Timing.of([forest.self_s[at] for at in after]),
        baseline_self_time=Timing.of([forest.self_s[at] for at in before]),
        error_share=mean([forest.failed(at) for at in after]),
        baseline_error_share=mean([forest.failed(at) for at in before]),
    )


def _weight(one: OperationChange) -> float:
    """Added self-time in seconds plus failed calls, over all current calls."""
    added = (one.self_time.p95_s if one.self_time else 0.0) - (
        one.baseline_self_time.p95_s if one.baseline_self_time else 0.0
    )
    return one.count * (max(0.0, added) + max(0.0, one.error_share - one.baseline_error_share))


def _ratio(now: Timing | None, before: Timing | None) -> float:
    return now.p95_s / before.p95_s if now and before and before.p95_s > 0 else 1.0

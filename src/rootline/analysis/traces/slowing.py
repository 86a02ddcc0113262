"""Operations that take clearly longer than before, and the new versions through which their slow calls went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.naming import Operation
from rootline.analysis.traces.operations import OperationChange
from rootline.analysis.traces.parting import Parting, Versions
from rootline.analysis.traces.periods import Timing

MOST = 20
LONGER, LEAST_EXTRA_S = 1.5, 0.01
"""Source: ours; half as much again, and ten milliseconds, is more than a busy moment."""


@dataclass(frozen=True, kw_only=True)
class Slowed:
    """An operation whose calls take longer than `above_s` since the onset, and what parts those from the others."""

    service: str
    operation: str
    above_s: float
    parted_by: tuple[Parting, ...]


def slowed(forest: Forest, found: Sequence[OperationChange], versions: Versions) -> tuple[Slowed, ...]:
    """Return the operations that became slow with a new version, those that lose most time first.

    Nothing where spans tell no versions, or only one of each service.
    """
    if not versions.first:
        return ()
    slower = sorted(((_extra(one), one) for one in found), key=lambda pair: -pair[0])
    chosen = [one for extra, one in slower[:MOST] if extra > 0]
    spans = _spans(forest, {Operation(one.service, one.operation) for one in chosen})
    judged = (_slowed(forest, one, spans.get(Operation(one.service, one.operation), []), versions) for one in chosen)
    return tuple(one for one in judged if one.parted_by)


def _slowed(forest: Forest, one: OperationChange, spans: Sequence[int], versions: Versions) -> Slowed:
    above = _between(one)
    slow = [at for at in spans if forest.spans[at].duration_s > above]
    quick = [at for at in spans if forest.spans[at].duration_s <= above]
    parted = versions.parting(slow, quick)
    return Slowed(service=one.service, operation=one.operation, above_s=above, parted_by=parted)


def _spans(forest: Forest, wanted: set[Operation]) -> Mapping[Operation, list[int]]:
    found: dict[Operation, list[int]] = {}
    for at, name in enumerate(forest.operations):
        if name in wanted and not forest.failed(at):
            found.setdefault(name, []).append(at)
    return found


def _extra(one: OperationChange) -> float:
    """Seconds that all calls since the onset take more than before; 0 where that is not worth speaking of."""
    now, before = one.duration, one.baseline_duration
    return one.count * max(0.0, _half(now) - _half(before), _most(now) - _most(before)) if _between(one) else 0.0


def _between(one: OperationChange) -> float:
    """The seconds above which a call is one of the slow ones; 0 where calls take no longer than before."""
    for share in (_half, _most):
        before, now = share(one.baseline_duration), share(one.duration)
        if before > 0 and now >= LONGER * before and now - before >= LEAST_EXTRA_S:
            return sqrt(before * now)
    return 0.0


def _half(timing: Timing | None) -> float:
    return timing.p50_s if timing else 0.0


def _most(timing: Timing | None) -> float:
    return timing.p95_s if timing else 0.0

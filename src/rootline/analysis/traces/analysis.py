"""Everything that spans say about an onset, in one value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rootline.analysis.traces.behaviour import Behaviour, behaviours
from rootline.analysis.traces.contrast import SlowContrast, contrasts
from rootline.analysis.traces.edges import edges_of
from rootline.analysis.traces.faults import ErrorRoot, error_roots
from rootline.analysis.traces.forest import plant
from rootline.analysis.traces.gaps import LostCallee, MissingParents, lost_callees, missing_parents
from rootline.analysis.traces.operations import OperationChange, changes
from rootline.analysis.traces.parting import Versions
from rootline.analysis.traces.path import PathStep, slowest_path
from rootline.analysis.traces.periods import Periods
from rootline.analysis.traces.queueing import QueueSign, queue_signs
from rootline.analysis.traces.repetition import Repetition, repetitions
from rootline.analysis.traces.slowing import Slowed, slowed
from rootline.domain.signal import Edge, Span
from rootline.domain.window import Window


@dataclass(frozen=True, kw_only=True)
class TraceFindings:
    """What changed at the onset; every sequence has its most telling entry first.

    `traces` and `spans` count distinct ones of any time, `duplicates` what was dropped.
    `critical_path` is that of the slowest current trace. Text of errors is untrusted.
    """

    operations: tuple[OperationChange, ...]
    behaviours: tuple[Behaviour, ...]
    error_roots: tuple[ErrorRoot, ...]
    slow: tuple[SlowContrast, ...]
    slowed: tuple[Slowed, ...]
    repetitions: tuple[Repetition, ...]
    queueing: tuple[QueueSign, ...]
    missing: tuple[MissingParents, ...]
    lost: tuple[LostCallee, ...]
    critical_path: tuple[PathStep, ...]
    edges: tuple[Edge, ...]
    traces: int
    spans: int
    duplicates: int


def analyse(spans: Sequence[Span], window: Window, *, onset: datetime | None = None) -> TraceFindings:
    """Compare spans from the onset to the window's end with those before the onset.

    Without an onset the baseline is what precedes the window. Spans after the window are not compared.
    """
    forest = plant(spans)
    periods = Periods.of(window, onset, forest.starts[:1])
    operations, versions = tuple(changes(forest, periods)), Versions(forest)
    return TraceFindings(
        operations=operations,
        behaviours=tuple(behaviours(forest, periods)),
        error_roots=tuple(error_roots(forest, periods, versions)),
        slow=tuple(contrasts(forest, periods)),
        slowed=slowed(forest, operations, versions),
        repetitions=tuple(repetitions(forest, periods)),
        queueing=tuple(queue_signs(forest, periods)),
        missing=tuple(missing_parents(forest, periods)),
        lost=tuple(lost_callees(forest, periods)),
        critical_path=slowest_path(forest, periods),
        edges=tuple(edges_of(forest)),
        traces=len(forest.trees),
        spans=len(forest.spans),
        duplicates=forest.duplicates,
    )

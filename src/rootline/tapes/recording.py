"""A recorded incident in memory: what happened, and the sources that read it back."""

from dataclasses import dataclass

from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.gpu.readings import GpuReading
from rootline.domain.change import ChangeSet
from rootline.domain.evidence import Evidence
from rootline.domain.hypothesis import Answer
from rootline.domain.session import Question
from rootline.domain.signal import Alert, Edge, LogLine, LogPattern, Series, Span
from rootline.sources.alerts.source import RecordedAlerts
from rootline.sources.bundle import Sources
from rootline.sources.changes.source import RecordedChanges
from rootline.sources.cluster import RecordedCluster
from rootline.sources.logs.source import RecordedLogs
from rootline.sources.metrics.gpus import RecordedGpus
from rootline.sources.metrics.source import RecordedMetrics
from rootline.sources.runbooks.source import RecordedRunbooks, Runbook
from rootline.sources.topology import RecordedTopology
from rootline.sources.traces.source import RecordedTraces
from rootline.tapes.retelling import retold
from rootline.tapes.taken import Taken


@dataclass(frozen=True, kw_only=True)
class ClusterRead:
    """One recorded answer of a cluster, as text."""

    query: ClusterQuery
    text: str


@dataclass(frozen=True, kw_only=True)
class Recording:
    """All that was recorded of one incident. A part that is None was not recorded, which is not the same as empty."""

    title: str
    question: Question
    series: tuple[Series, ...] | None = None
    lines: tuple[LogLine, ...] | None = None
    patterns: tuple[LogPattern, ...] | None = None
    spans: tuple[Span, ...] | None = None
    alerts: tuple[Alert, ...] | None = None
    changes: ChangeSet | None = None
    edges: tuple[Edge, ...] | None = None
    runbooks: tuple[Runbook, ...] | None = None
    cluster: tuple[ClusterRead, ...] | None = None
    gpus: tuple[GpuReading, ...] | None = None
    results: tuple[Evidence, ...] | None = None
    answer: Answer | None = None
    taken: Taken | None = None
    read_sha256: str = ""
    sha256: str = ""

    @property
    def has_sources(self) -> bool:
        """Whether anything but tool results was recorded."""
        parts = (
            self.series,
            self.lines,
            self.patterns,
            self.spans,
            self.alerts,
            self.changes,
            self.edges,
            self.cluster,
            self.gpus,
            self.taken,
        )
        return any(part is not None for part in parts)

    def sources(self, *, runbooks: tuple[Runbook, ...] = ()) -> Sources:
        """Return what can be asked of this recording; `runbooks` are those of the house, added to its own."""
        known = (*(self.runbooks or ()), *runbooks)
        taken = self.taken or Taken()
        has_logs = self.lines is not None or self.patterns is not None
        found = Sources(
            metrics=None if self.series is None else self._metrics(taken),
            logs=self._logs(taken) if has_logs else None,
            traces=None if self.spans is None else RecordedTraces(self.spans, name=taken.named("traces")),
            alerts=None if self.alerts is None else RecordedAlerts(self.alerts, name=taken.named("alerts")),
            changes=None if self.changes is None else RecordedChanges(self.changes, name=taken.named("changes")),
            topology=None if self.edges is None else RecordedTopology(self.edges, name=taken.named("topology")),
            runbooks=RecordedRunbooks(known) if known else None,
            cluster=None if self.cluster is None else self._cluster(self.cluster, taken),
            gpus=None if self.gpus is None else RecordedGpus(self.gpus, name=taken.named("gpus")),
        )
        return retold(found, self.taken) if self.taken else found

    def _metrics(self, taken: Taken) -> RecordedMetrics:
        return RecordedMetrics(self.series or (), name=taken.named("metrics"), has_history=taken.has_history)

    def _logs(self, taken: Taken) -> RecordedLogs:
        return RecordedLogs(self.lines or (), self.patterns or (), name=taken.named("logs"), total=taken.log_lines)

    def _cluster(self, reads: tuple[ClusterRead, ...], taken: Taken) -> RecordedCluster:
        return RecordedCluster({one.query: one.text for one in reads}, name=taken.named("cluster"))

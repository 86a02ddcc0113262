"""Sources whose every answer has lost its secrets before anything is computed from it.

What is read of a recording is kept, so that nothing is redacted twice.
"""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.gpu.readings import GpuReading
from rootline.domain.change import ChangeSet
from rootline.domain.evidence import ClusterOutcome
from rootline.domain.signal import Alert, Edge, Series, Span
from rootline.domain.window import Window
from rootline.redaction import Redactor
from rootline.redaction.records import clean
from rootline.sources.alerts.source import AlertSource
from rootline.sources.bundle import Sources
from rootline.sources.changes.source import ChangeQuery, ChangeSource
from rootline.sources.cluster import ClusterSource
from rootline.sources.fleet.hearing import overhearing, tell
from rootline.sources.logs.source import LogQuery, LogRead, LogSource
from rootline.sources.metrics.gpus import GpuSource
from rootline.sources.metrics.source import MetricQuery, MetricSource
from rootline.sources.runbooks.source import Runbook, RunbookSource
from rootline.sources.topology import TopologySource
from rootline.sources.traces.source import TraceSource

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Cleaner:
    """Redacts what a read returns."""

    redactor: Redactor
    keeps: bool
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    async def read(self, key: Hashable, asked: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return the redacted answer, from an earlier identical read if those are kept, and what clusters came to."""
        if key in self._kept:
            known: tuple[Answer, Sequence[ClusterOutcome]] = self._kept[key]
            tell(known[1])
            return known[0]
        with overhearing() as inner:
            found: Answer = clean(await asked(), self.redactor)
        if self.keeps:
            self._kept[key] = found, inner.outcomes
        return found


def redacted_alerts(source: AlertSource, redactor: Redactor) -> AlertSource:
    """Return alerts without their secrets, which can be told apart from others that have lost theirs."""
    return _Alerts(source, Cleaner(redactor, keeps=False))


def redacting(sources: Sources, redactor: Redactor, *, keeps: bool) -> Sources:
    """Wrap every source that is there; with `keeps`, each read is answered from memory the next time."""
    cleaner = Cleaner(redactor, keeps)
    return replace(
        sources,
        metrics=sources.metrics and _Metrics(sources.metrics, cleaner),
        logs=sources.logs and _Logs(sources.logs, cleaner),
        traces=sources.traces and _Traces(sources.traces, cleaner),
        alerts=sources.alerts and _Alerts(sources.alerts, cleaner),
        changes=sources.changes and _Changes(sources.changes, cleaner),
        topology=sources.topology and _Topology(sources.topology, cleaner),
        runbooks=sources.runbooks and _Runbooks(sources.runbooks, cleaner),
        cluster=sources.cluster and _Cluster(sources.cluster, cleaner),
        gpus=sources.gpus and _Gpus(sources.gpus, cleaner),
    )


class _Metrics:
    def __init__(self, source: MetricSource, cleaner: Cleaner) -> None:
        self.name, self.runs_promql = source.name, source.runs_promql
        self._source, self._cleaner = source, cleaner

    async def series(self, query: MetricQuery, window: Window) -> Sequence[Series]:
        found: Sequence[Series] = clean(await self._source.series(query, window), self._cleaner.redactor)
        return found

    async def names(self, service: str) -> Sequence[tuple[str, str]]:
        return await self._source.names(service)


class _Logs:
    def __init__(self, source: LogSource, cleaner: Cleaner) -> None:
        self.name = source.name
        self._source, self._cleaner = source, cleaner

    async def read(self, query: LogQuery, window: Window) -> LogRead:
        return await self._cleaner.read(("logs", query, window), lambda: self._source.read(query, window))

    async def services(self) -> Sequence[str]:
        return await self._source.services()


class _Traces:
    def __init__(self, source: TraceSource, cleaner: Cleaner) -> None:
        self.name = source.name
        self._source, self._cleaner = source, cleaner

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        return await self._cleaner.read(("spans", service, window), lambda: self._source.spans(service, window))


class _Alerts:
    def __init__(self, source: AlertSource, cleaner: Cleaner) -> None:
        self.name = source.name
        self._source, self._cleaner = source, cleaner

    async def alerts(self, window: Window) -> Sequence[Alert]:
        return await self._cleaner.read(("alerts", window), lambda: self._source.alerts(window))


class _Changes:
    def __init__(self, source: ChangeSource, cleaner: Cleaner) -> None:
        self.name = source.name
        self._source, self._cleaner = source, cleaner

    async def changes(self, query: ChangeQuery, window: Window) -> ChangeSet:
        return await self._cleaner.read(("changes", query, window), lambda: self._source.changes(query, window))


class _Topology:
    def __init__(self, source: TopologySource, cleaner: Cleaner) -> None:
        self.name = source.name
        self._source, self._cleaner = source, cleaner

    async def edges(self, window: Window) -> Sequence[Edge]:
        return await self._cleaner.read(("edges", window), lambda: self._source.edges(window))


class _Runbooks:
    def __init__(self, source: RunbookSource, cleaner: Cleaner) -> None:
        self.name = source.name
        self._source, self._cleaner = source, cleaner

    async def runbooks(self) -> Sequence[Runbook]:
        return await self._cleaner.read("runbooks", self._source.runbooks)


class _Cluster:
    def __init__(self, source: ClusterSource, cleaner: Cleaner) -> None:
        self.name, self.clusters = source.name, source.clusters
        self._source, self._cleaner = source, cleaner

    async def read(self, query: ClusterQuery) -> str | None:
        return await self._cleaner.read(("cluster", query), lambda: self._source.read(query))

    async def kinds(self) -> tuple[tuple[str, str], ...]:
        return await self._source.kinds()


class _Gpus:
    def __init__(self, source: GpuSource, cleaner: Cleaner) -> None:
        self.name = source.name
        self._source, self._cleaner = source, cleaner

    async def gpus(self, window: Window) -> Sequence[GpuReading]:
        return await self._cleaner.read(("gpus", window), lambda: self._source.gpus(window))

"""Each kind of source behind a gate, through which every question to it goes."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from rootline.analysis.cluster.query import ClusterQuery
from rootline.domain.change import ChangeSet
from rootline.domain.signal import Alert, Edge, Series, Span
from rootline.domain.window import Window
from rootline.sources.alerts.source import AlertSource
from rootline.sources.changes.source import ChangeQuery, ChangeSource
from rootline.sources.cluster import ClusterSource
from rootline.sources.logs.source import LogQuery, LogRead, LogSource
from rootline.sources.metrics.source import MetricQuery, MetricSource
from rootline.sources.topology import TopologySource
from rootline.sources.traces.source import TraceSource

Read = TypeVar("Read")
LISTING = object()
"""What a gate is told was asked when names are listed."""


class Gate(Protocol):
    """Lets questions through, or not, and sees what comes back."""

    async def read(self, ask: Callable[[], Awaitable[Read]], asked: object) -> Read:
        """Ask; `asked` is the question where it says more than the kind of source, LISTING when names are listed."""
        ...


class GuardedMetrics:
    """Metrics behind a gate."""

    def __init__(self, source: MetricSource, gate: Gate) -> None:
        self.name, self.runs_promql = source.name, source.runs_promql
        self._source, self._gate = source, gate

    async def series(self, query: MetricQuery, window: Window) -> Sequence[Series]:
        """Return the matching series."""
        return await self._gate.read(lambda: self._source.series(query, window), query)

    async def names(self, service: str) -> Sequence[tuple[str, str]]:
        """Return the known (service, metric) pairs."""
        return await self._gate.read(lambda: self._source.names(service), LISTING)


class GuardedLogs:
    """Logs behind a gate."""

    def __init__(self, source: LogSource, gate: Gate) -> None:
        self.name = source.name
        self._source, self._gate = source, gate

    async def read(self, query: LogQuery, window: Window) -> LogRead:
        """Return the matching lines and patterns."""
        return await self._gate.read(lambda: self._source.read(query, window), query)

    async def services(self) -> Sequence[str]:
        """Return the services that have logs."""
        return await self._gate.read(self._source.services, LISTING)


class GuardedTraces:
    """Traces behind a gate."""

    def __init__(self, source: TraceSource, gate: Gate) -> None:
        self.name = source.name
        self._source, self._gate = source, gate

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return the spans of whole traces."""
        return await self._gate.read(lambda: self._source.spans(service, window), service)


class GuardedAlerts:
    """Alerts behind a gate."""

    def __init__(self, source: AlertSource, gate: Gate) -> None:
        self.name = source.name
        self._source, self._gate = source, gate

    async def alerts(self, window: Window) -> Sequence[Alert]:
        """Return the alerts of the window."""
        return await self._gate.read(lambda: self._source.alerts(window), "alerts")


class GuardedChanges:
    """Changes behind a gate."""

    def __init__(self, source: ChangeSource, gate: Gate) -> None:
        self.name = source.name
        self._source, self._gate = source, gate

    async def changes(self, query: ChangeQuery, window: Window) -> ChangeSet:
        """Return what changed."""
        return await self._gate.read(lambda: self._source.changes(query, window), query)


class GuardedTopology:
    """Dependencies behind a gate."""

    def __init__(self, source: TopologySource, gate: Gate) -> None:
        self.name = source.name
        self._source, self._gate = source, gate

    async def edges(self, window: Window) -> Sequence[Edge]:
        """Return the dependencies."""
        return await self._gate.read(lambda: self._source.edges(window), "edges")


class GuardedCluster:
    """The state of a cluster behind a gate."""

    def __init__(self, source: ClusterSource, gate: Gate) -> None:
        self.name, self.clusters = source.name, source.clusters
        self._source, self._gate = source, gate

    async def read(self, query: ClusterQuery) -> str | None:
        """Return the text that kubectl would print."""
        return await self._gate.read(lambda: self._source.read(query), query)

    async def kinds(self) -> tuple[tuple[str, str], ...]:
        """Return what can be asked."""
        return await self._gate.read(self._source.kinds, LISTING)

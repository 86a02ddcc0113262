"""Each kind of source behind its guard."""

from collections.abc import Sequence

from rootline.analysis.cluster.query import ClusterQuery
from rootline.domain.change import ChangeSet
from rootline.domain.signal import Alert, Edge, Series, Span
from rootline.domain.window import Window
from rootline.sources.alerts import AlertSource
from rootline.sources.changes import ChangeQuery, ChangeSource
from rootline.sources.cluster import ClusterSource
from rootline.sources.fleet.guard import Guard
from rootline.sources.logs import LogQuery, LogRead, LogSource
from rootline.sources.metrics import MetricQuery, MetricSource
from rootline.sources.topology import TopologySource
from rootline.sources.traces import TraceSource


class GuardedMetrics:
    """Metrics behind a guard."""

    def __init__(self, source: MetricSource, guard: Guard) -> None:
        self.name, self.runs_promql = source.name, source.runs_promql
        self._source, self._guard = source, guard

    async def series(self, query: MetricQuery, window: Window) -> Sequence[Series]:
        """Return the matching series."""
        return await self._guard.read(lambda: self._source.series(query, window))

    async def names(self, service: str) -> Sequence[tuple[str, str]]:
        """Return the known (service, metric) pairs."""
        return await self._guard.read(lambda: self._source.names(service))


class GuardedLogs:
    """Logs behind a guard."""

    def __init__(self, source: LogSource, guard: Guard) -> None:
        self.name = source.name
        self._source, self._guard = source, guard

    async def read(self, query: LogQuery, window: Window) -> LogRead:
        """Return the matching lines and patterns."""
        return await self._guard.read(lambda: self._source.read(query, window))

    async def services(self) -> Sequence[str]:
        """Return the services that have logs."""
        return await self._guard.read(self._source.services)


class GuardedTraces:
    """Traces behind a guard."""

    def __init__(self, source: TraceSource, guard: Guard) -> None:
        self.name = source.name
        self._source, self._guard = source, guard

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return the spans of whole traces."""
        return await self._guard.read(lambda: self._source.spans(service, window))


class GuardedAlerts:
    """Alerts behind a guard."""

    def __init__(self, source: AlertSource, guard: Guard) -> None:
        self.name = source.name
        self._source, self._guard = source, guard

    async def alerts(self, window: Window) -> Sequence[Alert]:
        """Return the alerts of the window."""
        return await self._guard.read(lambda: self._source.alerts(window))


class GuardedChanges:
    """Changes behind a guard."""

    def __init__(self, source: ChangeSource, guard: Guard) -> None:
        self.name = source.name
        self._source, self._guard = source, guard

    async def changes(self, query: ChangeQuery, window: Window) -> ChangeSet:
        """Return what changed."""
        return await self._guard.read(lambda: self._source.changes(query, window))


class GuardedTopology:
    """Dependencies behind a guard."""

    def __init__(self, source: TopologySource, guard: Guard) -> None:
        self.name = source.name
        self._source, self._guard = source, guard

    async def edges(self, window: Window) -> Sequence[Edge]:
        """Return the dependencies."""
        return await self._guard.read(lambda: self._source.edges(window))


class GuardedCluster:
    """The state of a cluster behind a guard."""

    def __init__(self, source: ClusterSource, guard: Guard) -> None:
        self.name = source.name
        self._source, self._guard = source, guard

    async def read(self, query: ClusterQuery) -> str | None:
        """Return the text that kubectl would print."""
        return await self._guard.read(lambda: self._source.read(query))

    async def kinds(self) -> tuple[tuple[str, str], ...]:
        """Return what can be asked."""
        return await self._guard.read(self._source.kinds)

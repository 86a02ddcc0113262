"""Sources that ask every cluster of a fleet; every service in what they return is named with its cluster."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Generic, Protocol, TypeVar

from rootline.analysis.traces.edges import NAMED_CALLEE
from rootline.domain.change import ChangeSet
from rootline.domain.service_key import placed
from rootline.domain.signal import Alert, Edge, Series, Span
from rootline.domain.window import Window
from rootline.sources.alerts.source import AlertSource
from rootline.sources.changes.source import ChangeQuery, ChangeSource
from rootline.sources.fleet.fan_out import fan_out
from rootline.sources.fleet.naming import Members, meant
from rootline.sources.fleet.sharing import MOST_LINES_OF_ALL, counted, remarked, strongest, whole_traces
from rootline.sources.logs.source import LogQuery, LogRead, LogSource
from rootline.sources.metrics.source import MetricQuery, MetricSource
from rootline.sources.runbooks.source import Runbook, RunbookSource
from rootline.sources.topology import TopologySource
from rootline.sources.traces.joined import JoinedTraces
from rootline.sources.traces.source import TraceSource


class _Named(Protocol):
    name: str


Source = TypeVar("Source", bound=_Named)


class _Spanning(Generic[Source]):
    """The same kind of source of several clusters."""

    def __init__(self, members: Members[Source]) -> None:
        self.name = "+".join(dict.fromkeys(part for _, source in members for part in source.name.split("+")))
        self._members = members


class SpanningMetrics(_Spanning[MetricSource]):
    """Metrics of several clusters."""

    def __init__(self, members: Members[MetricSource]) -> None:
        super().__init__(members)
        self.runs_promql = all(source.runs_promql for _, source in members)

    async def series(self, query: MetricQuery, window: Window) -> Sequence[Series]:
        """Return the matching series of all, of each cluster the strongest when there are too many."""
        asked = meant(query.service, self._members)
        share = partial(strongest, window=window, clusters=len(asked))
        asks = [
            (cluster, partial(_then, partial(source.series, replace(query, service=service), window), share))
            for cluster, source, service in asked
        ]
        answers = await fan_out("metrics", asks, bool)
        found = [replace(one, service=placed(cluster, one.service)) for cluster, many in answers for one in many]
        return sorted(found, key=lambda one: (one.service, one.metric, tuple(sorted(one.labels.items()))))

    async def names(self, service: str) -> Sequence[tuple[str, str]]:
        """Return the known (service, metric) pairs of all."""
        asks = [(cluster, partial(one.names, inside)) for cluster, one, inside in meant(service, self._members)]
        answers = await fan_out("metrics", asks, bool)
        return sorted({(placed(cluster, owner), metric) for cluster, pairs in answers for owner, metric in pairs})


class SpanningLogs(_Spanning[LogSource]):
    """Logs of several clusters."""

    async def read(self, query: LogQuery, window: Window) -> LogRead:
        """Return the matching lines of all in order of time, of each cluster as many as its share."""
        asked = meant(query.service, self._members)
        share = max(200, (query.limit or MOST_LINES_OF_ALL) // max(1, len(asked)))
        asks = [
            (cluster, partial(_then, partial(one.read, replace(query, service=service, limit=share), window), counted))
            for cluster, one, service in asked
        ]
        answers = await fan_out("logs", asks, lambda read: bool(read.lines or read.patterns))
        lines = [replace(one, service=placed(cluster, one.service)) for cluster, read in answers for one in read.lines]
        patterns = [
            replace(one, service=placed(cluster, one.service)) for cluster, read in answers for one in read.patterns
        ]
        total = sum(read.total for _, read in answers)
        return LogRead(lines=tuple(sorted(lines, key=lambda one: one.at)), patterns=tuple(patterns), total=total)

    async def services(self) -> Sequence[str]:
        """Return the services of all that have logs."""
        answers = await fan_out("logs", [(cluster, one.services) for cluster, one in self._members], bool)
        return sorted(placed(cluster, service) for cluster, services in answers for service in services)


class SpanningTraces(_Spanning[TraceSource]):
    """Traces of several clusters; one that passes through two of them is one trace."""

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return whole traces of all in order of start, of each cluster as many as its share."""
        asked = meant(service, self._members)
        share = partial(whole_traces, clusters=len(asked))
        asks = [(cluster, partial(_then, partial(one.spans, inside, window), share)) for cluster, one, inside in asked]
        answers = await fan_out("traces", asks, bool)
        found = [_span(cluster, one) for cluster, spans in answers for one in spans]
        return sorted(found, key=lambda span: (span.start, span.trace_id, span.span_id))

    def beside(self, more: Members[TraceSource]) -> "SpanningTraces":
        """Return the same with one more source of some clusters; a span that two of a cluster keep counts once."""
        held, added = dict(self._members), dict(more)
        both = {one: JoinedTraces([held[one], added[one]]) for one in held.keys() & added.keys()}
        joined: dict[str, TraceSource] = {**held, **added, **both}
        return SpanningTraces([(one, joined[one]) for one in sorted(joined)])


def _span(cluster: str, one: Span) -> Span:
    """Place a span and the callee that it names: a name alone never leads into another cluster."""
    named = one.attributes.get(NAMED_CALLEE)
    told = {**one.attributes, NAMED_CALLEE: placed(cluster, named)} if named else one.attributes
    return replace(one, service=placed(cluster, one.service), attributes=told)


class SpanningAlerts(_Spanning[AlertSource]):
    """Alerts of several clusters."""

    async def alerts(self, window: Window) -> Sequence[Alert]:
        """Return the alerts of all, oldest first."""
        asks = [(cluster, partial(one.alerts, window)) for cluster, one in self._members]
        answers = await fan_out("alerts", asks, bool)
        found = [replace(one, service=placed(cluster, one.service)) for cluster, alerts in answers for one in alerts]
        return sorted(found, key=lambda one: (one.fired_at, one.service, one.name))


class SpanningChanges(_Spanning[ChangeSource]):
    """Changes of several clusters; a commit that several of them name is one commit."""

    async def changes(self, query: ChangeQuery, window: Window) -> ChangeSet:
        """Return what changed anywhere, each list in order of time."""
        asks = [
            (cluster, partial(_then, partial(one.changes, replace(query, service=service), window), remarked))
            for cluster, one, service in meant(query.service, self._members)
        ]
        answers = await fan_out("changes", asks, bool)
        sets = [_placed(cluster, changes) for cluster, changes in answers]
        commits = {(one.repository, one.sha): one for held in reversed(sets) for one in held.commits}
        return ChangeSet(
            commits=tuple(sorted(commits.values(), key=lambda one: (one.at, one.order))),
            deployments=tuple(sorted((one for held in sets for one in held.deployments), key=lambda one: one.at)),
            flags=tuple(sorted((one for held in sets for one in held.flags), key=lambda one: one.at)),
            configs=tuple(sorted((one for held in sets for one in held.configs), key=lambda one: one.at)),
            statuses=tuple(sorted({one: None for held in sets for one in held.statuses}, key=lambda one: one.at)),
            remarks=tuple(one for held in sets for one in held.remarks),
            owners=tuple(dict.fromkeys(one for held in sets for one in held.owners)),
        )


def _placed(cluster: str, changes: ChangeSet) -> ChangeSet:
    return replace(
        changes,
        remarks=tuple(f"{cluster}: {one}" for one in changes.remarks),
        deployments=tuple(replace(one, service=placed(cluster, one.service)) for one in changes.deployments),
        flags=tuple(replace(one, service=placed(cluster, one.service)) for one in changes.flags),
        configs=tuple(replace(one, service=placed(cluster, one.service)) for one in changes.configs),
    )


class SpanningTopology(_Spanning[TopologySource]):
    """Dependencies inside each of several clusters."""

    async def edges(self, window: Window) -> Sequence[Edge]:
        """Return the dependencies of all, ordered by caller and callee."""
        asks = [(cluster, partial(one.edges, window)) for cluster, one in self._members]
        answers = await fan_out("topology", asks, bool)
        found = [
            replace(one, caller=placed(cluster, one.caller), callee=placed(cluster, one.callee))
            for cluster, edges in answers
            for one in edges
        ]
        return sorted(found, key=lambda one: (one.caller, one.callee, one.found_in))


class SpanningRunbooks(_Spanning[RunbookSource]):
    """Runbooks of several clusters, each name once."""

    async def runbooks(self) -> Sequence[Runbook]:
        """Return all runbooks, ordered by name."""
        answers = await fan_out("runbooks", [(cluster, one.runbooks) for cluster, one in self._members], bool)
        named: Mapping[str, Runbook] = {one.name: one for _, held in reversed(answers) for one in held}
        return [named[name] for name in sorted(named)]


Raw = TypeVar("Raw")


async def _then(read: Callable[[], Awaitable[Raw]], share: Callable[[Raw], Raw]) -> Raw:
    return share(await read())

"""A live cluster behind the interface that its recordings have."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime

from rootline.analysis.cluster.query import ClusterQuery
from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes import blocks
from rootline.sources.kubernetes.connection import Connection
from rootline.sources.kubernetes.describing import described
from rootline.sources.kubernetes.endpoints import endpoint_rows, led
from rootline.sources.kubernetes.happenings import seen_last
from rootline.sources.kubernetes.logs import Logs
from rootline.sources.kubernetes.manifests import Manifests
from rootline.sources.kubernetes.nodes import SYSTEM, facts, kubelet, of_pods
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.reading import Choice, Reader
from rootline.sources.kubernetes.resources import RESOURCES, Resource, resource
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.kubernetes.tables import cells, shown, table
from rootline.sources.kubernetes.trouble import FORBIDDEN, NOT_FOUND
from rootline.sources.parsing import BYTES_A_VALUE

_EVENTS_READ = 6_000
_EVENTS_SHOWN = 1_500
_ENDPOINTS_READ = 1_000
_ALSO = (("manifest", ""), ("logs", ""), ("error_logs", ""), ("configuration", ""))
_SERVICES = ("kubelet", "kube-proxy", "kube-scheduler")


class KubernetesCluster:
    """Answers questions about a cluster out of its API.

    Alerts, calls between services and tries to reach one are not known there: these are answered with None. What
    may not be read is answered with the words of the refusal, as kubectl prints them, unless it is the list of pods,
    without which nothing can be said.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        clock: Callable[[], datetime],
        key: bytes,
        namespace: str = "",
    ) -> None:
        self.name = "kubernetes"
        self.clusters: tuple[str, ...] = ()
        self._clock = clock
        self._namespace = namespace
        self._reader = Reader(connection, Seal(key))
        self._manifests = Manifests(self._reader)
        self._logs = Logs(self._reader, self._manifests)
        self._one_at_a_time = asyncio.Lock()
        self._asked_last: ContextVar[str] = ContextVar("namespace")

    async def read(self, query: ClusterQuery) -> str | None:
        """The answer; empty when there are no such objects, None when the question cannot be answered.

        Raises:
            SourceFailed: The API server does not answer, or does not let us read pods.

        """
        verb = self._verbs.get(query.verb)
        if verb is None:
            return None
        if query.namespace:
            self._asked_last.set(query.namespace)
        async with self._one_at_a_time:
            try:
                return await verb(self, query)
            except SourceFailed as failed:
                if failed.status not in {FORBIDDEN, NOT_FOUND} and not failed.is_too_large:
                    raise
                if query.verb == "get" and query.kind == "pods":
                    raise
                return f"Error from server: {failed}\n"

    async def kinds(self) -> tuple[tuple[str, str], ...]:
        """What can be asked, as sorted pairs of verb and kind."""
        pairs = [(verb, kind) for verb in ("get", "describe") for kind in RESOURCES]
        return tuple(sorted([*pairs, *_ALSO, *(("node_service", one) for one in _SERVICES)]))

    async def _get(self, query: ClusterQuery) -> str | None:
        kind = resource(query.kind)
        if kind is None:
            return None
        if query.name:
            return await self._row(kind, query)
        if kind.plural == "events":
            return await self._events(query)
        if kind.plural == "endpoints":
            return await self._endpoints(query)
        return await self._table(kind, query)

    def _scope(self, query: ClusterQuery) -> str:
        return query.namespace or self._namespace

    async def _row(self, kind: Resource, query: ClusterQuery) -> str | None:
        found = await self._reader.one(kind, self._scope(query), query.name)
        if found is None:
            return None
        held = shown(kind.plural, query.view, everywhere=False)
        return table([one.title for one in held], [cells(held, found, self._clock())])

    async def _table(self, kind: Resource, query: ClusterQuery) -> str:
        now, namespace = self._clock(), self._scope(query)
        held = shown(kind.plural, query.view, everywhere=kind.is_namespaced and not namespace)
        choice = Choice(namespace=namespace, labels=query.selector)
        listed = await self._reader.kept(kind, choice, lambda object_: cells(held, object_, now), _weight)
        return table([one.title for one in held], listed.items, listed.partial)

    async def _events(self, query: ClusterQuery) -> str:
        """The events in the order in which they were seen last; the latest where they are too many."""
        now = self._clock()
        held = shown("events", "", everywhere=False)
        choice = Choice(namespace=self._scope(query), most=_EVENTS_READ)

        def keep(event: Raw) -> tuple[float, list[str]]:
            return (seen_last(event) or now).timestamp(), cells(held, event, now)

        listed = await self._reader.kept(RESOURCES["events"], choice, keep, lambda one: _weight(one[1]))
        ordered = sorted(listed.items, key=lambda one: one[0])
        rows = [row for _, row in ordered[-_EVENTS_SHOWN:]]
        older = f"the latest {len(rows):,} of {len(ordered):,}" if len(rows) < len(ordered) else ""
        return table([one.title for one in held], rows, listed.partial or older, latest=True)

    async def _endpoints(self, query: ClusterQuery) -> str:
        choice, now = Choice(namespace=self._scope(query), most=_ENDPOINTS_READ), self._clock()
        try:
            listed = await self._reader.kept(RESOURCES["endpointslices"], choice, lambda one: led(one, now))
        except SourceFailed as failed:
            if failed.status not in {FORBIDDEN, NOT_FOUND}:
                raise
            listed = await self._reader.kept(RESOURCES["endpoints"], choice, lambda one: led(one, now))
        return table(("NAME", "ENDPOINTS", "AGE"), endpoint_rows(listed.items), listed.partial)

    async def _describe(self, query: ClusterQuery) -> str | None:
        kind = resource(query.kind)
        found = await self._reader.one(kind, self._scope(query), query.name) if kind and query.name else None
        if kind is None or found is None:
            return None
        lines = list(described(kind.plural, found, self._reader.seal))
        held, trouble = await self._events_of(kind, found)
        return blocks.text([*lines, *blocks.events(held, self._clock(), trouble)])

    async def _events_of(self, kind: Resource, object_: Raw) -> tuple[list[Raw], str]:
        chosen = f"involvedObject.name={object_.name},involvedObject.kind={kind.kind}"
        try:
            choice = Choice(namespace=object_.namespace, fields=chosen, most=500)
            listed = await self._reader.each(RESOURCES["events"], choice)
        except SourceFailed as failed:
            return [], failed.happened
        return [one for one in listed.items if _is_about(one, object_)], ""

    async def _manifest(self, query: ClusterQuery) -> str | None:
        """The manifest in the namespace that the same task asked about before, since the question names none."""
        namespace = query.namespace or self._asked_last.get(self._namespace)
        return await self._manifests.of(query.name, namespace) if query.name else None

    async def _log(self, query: ClusterQuery) -> str | None:
        return await self._logs.plain(query.name, self._scope(query)) if query.name else None

    async def _error_log(self, query: ClusterQuery) -> str | None:
        return await self._logs.errors(query.name, self._scope(query)) if query.name else None

    async def _configuration(self, _: ClusterQuery) -> str:
        listed = await self._reader.kept(RESOURCES["nodes"], Choice(), lambda node: list(facts(node)))
        partial = [f"# partial: {listed.partial}"] if listed.partial else []
        return blocks.text([*(line for lines in listed.items for line in lines), *partial])

    async def _node_service(self, query: ClusterQuery) -> str | None:
        if query.kind == "kubelet":
            node = await self._reader.one(RESOURCES["nodes"], "", query.name)
            lines = kubelet(node) if node else []
        else:
            choice = Choice(namespace=SYSTEM, fields=f"spec.nodeName={query.name}", most=200)
            pods = await self._reader.each(RESOURCES["pods"], choice)
            lines = of_pods(query.kind, query.name, pods.items)
        return blocks.text(lines) if lines else None

    _verbs: Mapping[str, Callable[["KubernetesCluster", ClusterQuery], Awaitable[str | None]]] = {
        "get": _get,
        "describe": _describe,
        "manifest": _manifest,
        "logs": _log,
        "error_logs": _error_log,
        "configuration": _configuration,
        "node_service": _node_service,
    }


def _weight(row: Sequence[str]) -> int:
    return sum(BYTES_A_VALUE + len(cell) for cell in row)


def _is_about(event: Raw, object_: Raw) -> bool:
    """Whether an event is of this very object, and not of an earlier one of the same name."""
    told, own = event.text("involvedObject", "uid"), object_.text("metadata", "uid")
    return event.text("involvedObject", "name") == object_.name and (not told or not own or told == own)

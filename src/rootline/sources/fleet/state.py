"""The state of one Kubernetes cluster out of several: the namespace says which, as `cluster/namespace`."""

import asyncio
from dataclasses import replace

from rootline.analysis.cluster.query import ClusterQuery
from rootline.sources.cluster import ClusterSource
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.naming import Members


class SpanningCluster:
    """Reads the one cluster that a question names, or the only one there is."""

    def __init__(self, members: Members[ClusterSource]) -> None:
        self.name = "+".join(dict.fromkeys(source.name for _, source in members))
        self._members = dict(members)

    async def read(self, query: ClusterQuery) -> str | None:
        """Return the text that kubectl would print.

        Raises:
            SourceFailed: The cluster failed, or the question names none of several.

        """
        cluster, _, namespace = query.namespace.partition("/")
        if cluster in self._members:
            return await self._members[cluster].read(replace(query, namespace=namespace))
        if len(self._members) == 1:
            return await next(iter(self._members.values())).read(query)
        names = ", ".join(sorted(self._members)[:20])
        happened = f"{len(self._members)} clusters have one, and the question names none of them"
        raise SourceFailed("cluster state", happened, f"Write the namespace as CLUSTER/NAMESPACE; clusters: {names}.")

    async def kinds(self) -> tuple[tuple[str, str], ...]:
        """Return what can be asked of any of them."""
        found = await asyncio.gather(*(one.kinds() for one in self._members.values()))
        return tuple(sorted({pair for pairs in found for pair in pairs}))

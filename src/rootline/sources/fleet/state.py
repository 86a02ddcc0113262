"""The state of several Kubernetes clusters: each question says which one it goes to."""

import asyncio
from dataclasses import replace

from rootline.analysis.cluster.query import ClusterQuery
from rootline.sources.cluster import ClusterSource
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.naming import Members


class SpanningCluster:
    """Passes each question on to the cluster that it names."""

    def __init__(self, members: Members[ClusterSource]) -> None:
        self.name = "+".join(dict.fromkeys(source.name for _, source in members))
        self.clusters = tuple(sorted(cluster for cluster, _ in members))
        self._members = dict(members)

    async def read(self, query: ClusterQuery) -> str | None:
        """Return the text that kubectl would print.

        Raises:
            SourceFailed: The cluster failed, or the question names none that has Kubernetes.

        """
        source = self._members.get(query.cluster)
        if source is None:
            names = ", ".join(self.clusters[:20])
            happened = f"{query.cluster or 'no cluster'} was asked, and Kubernetes is known of {names}"
            raise SourceFailed("cluster state", happened, "Write the namespace as CLUSTER/NAMESPACE.")
        return await source.read(replace(query, cluster=""))

    async def kinds(self) -> tuple[tuple[str, str], ...]:
        """Return what can be asked of any of them that answers."""
        found = await asyncio.gather(*(_kinds(one) for one in self._members.values()))
        return tuple(sorted({pair for pairs in found for pair in pairs}))


async def _kinds(source: ClusterSource) -> tuple[tuple[str, str], ...]:
    try:
        return await source.kinds()
    except SourceFailed:
        return ()

"""Which of several clusters can have to do with the trouble of a service."""

from dataclasses import dataclass

from rootline.analysis.topology import Graph, downstream
from rootline.domain.service_key import ServiceKey
from rootline.domain.window import Window
from rootline.tools.get_topology import known_edges
from rootline.tools.scene import Scene


@dataclass(frozen=True, kw_only=True)
class Reach:
    """The clusters that were asked together, and those of them that a service is in or calls into.

    Both are empty where there is but one cluster; `reached` is, too, where no service is known to be in trouble.
    """

    clusters: frozenset[str] = frozenset()
    reached: frozenset[str] = frozenset()

    def holds(self, service: str) -> bool:
        """Whether a service is where the trouble is."""
        return not self.reached or ServiceKey.of(service, self.clusters).cluster in {"", *self.reached}

    def spellings(self, service: str) -> tuple[str, ...]:
        """Return how a service is named: as it is, and as its own cluster speaks of it."""
        own = ServiceKey.of(service, self.clusters)
        return (service, own.name) if own.cluster in self.clusters else (service,)


async def reach_of(scene: Scene, window: Window, service: str) -> Reach:
    """Find the cluster of a service and, by the calls that are known, those of all that it depends on."""
    clusters = scene.sources.clusters
    home = ServiceKey.of(service, clusters).cluster
    if home not in clusters:
        return Reach(clusters=clusters)
    below = downstream(Graph.of(await known_edges(scene, window)), service)
    reached = {ServiceKey.of(one, clusters).cluster for one in below}
    return Reach(clusters=clusters, reached=frozenset({home, *reached} & clusters))

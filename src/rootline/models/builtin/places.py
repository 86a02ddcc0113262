"""Where services and objects are: in which of several clusters, and what they are called there."""

from collections.abc import Collection
from dataclasses import dataclass

from rootline.domain.service_key import ServiceKey


@dataclass(frozen=True)
class Places:
    """The clusters that were asked together; none where there is but one, which no name tells then."""

    clusters: frozenset[str]

    def key(self, subject: str) -> ServiceKey:
        """Return where a service or object is, and what it is called there."""
        return ServiceKey.of(subject, self.clusters)

    def is_same(self, subject: str, other: str) -> bool:
        """Whether two names are of one service: `app/cart` and `cart` are, `eu/cart` and `us/cart` are not."""
        return self.key(subject).is_same(self.key(other))

    def cluster(self, service: str) -> str:
        """Return the cluster of a service; empty where there is but one."""
        told = self.key(service).cluster
        return told if told in self.clusters else ""

    def inside(self, service: str) -> str:
        """Name a service as its own cluster speaks of it: without the cluster."""
        return self.key(service).name if self.cluster(service) else service

    def spelled(self, subject: str, known: Collection[str]) -> str:
        """Spell a service or object as one of the known names of services does: `app/cart` is their `cart`."""
        if subject in known:
            return subject
        own, home = self.key(subject), self.cluster(subject)
        alike = [name for name in known if name.endswith(own.name) and own.is_same(self.key(name))]
        return alike[0] if len(alike) == 1 else f"{home}/{own.name}" if home else own.name

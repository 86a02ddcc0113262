"""The whole name of a service: in which cluster and namespace it runs, and what it is called there."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self

LONGEST = 2_000
KINDS = frozenset(
    {
        "app", "node", "namespace", "pod", "service", "deployment", "statefulset", "daemonset", "replicaset", "job",
        "cronjob", "ingress", "configmap", "secret", "serviceaccount", "resourcequota", "persistentvolume",
        "persistentvolumeclaim", "storageclass", "networkpolicy", "container",
    }
)  # fmt: skip
"""How kinds of Kubernetes objects are written before a name: `pod/cart` tells no namespace."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceKey:
    """What a name says of where and what; a part that it does not say is empty.

    `name` is empty where a whole cluster is meant.
    """

    name: str
    namespace: str = ""
    cluster: str = ""

    @classmethod
    def of(cls, written: str, clusters: Collection[str] = ()) -> Self:
        """Read `name`, `kind/name`, `namespace/name`, or any of them behind `cluster/`.

        Args:
            written: The name, as evidence spells it.
            clusters: The clusters that were asked together; none where there is but one, which no name tells then.

        """
        if written in clusters:
            return cls(name="", cluster=written)
        *above, name = written.split("/")
        places = [one for one in above if one not in KINDS]
        is_told = bool(above) and above[0] in clusters
        cluster = above[0] if is_told else places[0] if len(places) > 1 else ""
        inside = places[-1] if len(places) > (1 if cluster in places else 0) else ""
        return cls(name=name, namespace=inside, cluster=cluster)

    def is_same(self, other: "ServiceKey") -> bool:
        """Whether both are called alike, and nothing that both tell of the place differs."""
        return self.name == other.name and self.is_near(other) and _agree(self.namespace, other.namespace)

    def is_near(self, other: "ServiceKey") -> bool:
        """Whether both may be in one cluster."""
        return _agree(self.cluster, other.cluster)

    def beside(self, other: "ServiceKey") -> "ServiceKey":
        """Return it as `other` means it: in its own cluster, unless the name says another."""
        return self if self.cluster else replace(self, cluster=other.cluster)


def placed(cluster: str, service: str) -> str:
    """Name a service with its cluster; what belongs to no service belongs to the cluster."""
    return f"{cluster}/{service}" if service else cluster


def spelled_beside(name: str, service: str, clusters: Collection[str]) -> str:
    """Spell a name that a service uses for another one: in the service's own cluster, unless it says another."""
    home = ServiceKey.of(service, clusters).cluster
    is_bare = home in clusters and name and not ServiceKey.of(name, clusters).cluster
    return f"{home}/{name}" if is_bare else name


def means(asked: str, service: str, clusters: Collection[str]) -> bool:
    """Whether a name that somebody asks for is that of a service; no name asks for all, and no cluster for any."""
    if not asked or asked == service:
        return True
    return bool(clusters) and ServiceKey.of(asked, clusters).is_same(ServiceKey.of(service, clusters))


def is_named(service: str, text: str) -> bool:
    """Whether a text speaks of a service, by its own name as a whole word."""
    name = service.rpartition("/")[2]
    return bool(name) and re.search(rf"(?<![\w.-]){re.escape(name[:LONGEST])}(?![\w-])", text[:LONGEST]) is not None


def home_of(service: str, text: str, clusters: Collection[str]) -> str:
    """Return the one of several clusters that somebody asks about: that of the service, or the only one in the text."""
    own = ServiceKey.of(service, clusters).cluster
    if own in clusters:
        return own
    named = [one for one in clusters if re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", text[:LONGEST])]
    return named[0] if len(named) == 1 else ""


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other

"""Several clusters are several places of trouble: what is known of each is argued from apart."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from rootline.analysis.cluster.query import TO_CLUSTER
from rootline.domain.evidence import clusters_of
from rootline.domain.fact import EdgeFact, Fact, OperationFact, SeriesFact, TextFact
from rootline.domain.service_key import ServiceKey
from rootline.models.builtin.spots import Shelf, Spot

Home = frozenset[str]


def parted(shelf: Shelf) -> Mapping[Home, Shelf]:
    """Return what is known of each cluster, with whatever names none; clusters whose services call each other are one.

    Where there is but one cluster, all is known of that one, whose name nothing tells.
    """
    clusters = clusters_of(shelf.evidence.values())
    if not clusters:
        return {frozenset(): shelf}
    homes = _joined(clusters, (spot.fact for spot in shelf.of(EdgeFact)))
    held: dict[Home, list[Spot[Fact]]] = {home: [] for home in sorted(homes, key=sorted)}
    for spot in shelf.spots:
        told = set(_clusters(spot.fact, clusters))
        for home, spots in held.items():
            if not told or home & told:
                spots.append(spot)
    return {home: replace(shelf, kept=tuple(spots)) for home, spots in held.items()}


def _joined(clusters: Collection[str], edges: Iterable[EdgeFact]) -> set[Home]:
    homes = {frozenset({one}) for one in clusters}
    for edge in edges:
        ends = set(_clusters(edge, clusters))
        met = {home for home in homes if home & ends}
        if len(met) > 1:
            homes = (homes - met) | {frozenset[str]().union(*met)}
    return homes


def _clusters(fact: Fact, clusters: Collection[str]) -> Iterable[str]:
    """The clusters that a fact is of; none for what names none."""
    if isinstance(fact, TextFact):
        told: tuple[str, ...] = (fact.asked.rpartition(TO_CLUSTER)[2],)
    else:
        told = tuple(ServiceKey.of(name, clusters).cluster for name in _services(fact))
    return (one for one in told if one in clusters)


def _services(fact: Fact) -> tuple[str, ...]:
    if isinstance(fact, SeriesFact | OperationFact):
        return (fact.service,)
    return (fact.subject, fact.callee) if isinstance(fact, EdgeFact) else (fact.subject,)

"""Who calls whom, and what follows from it: victims upstream, suspects downstream."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from rootline.domain.signal import Edge

Neighbours = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Services and the calls between them; neighbours come in alphabetical order.

    `calls_to[a]` are the services that `a` calls, `called_by[a]` those that call it. Both know every service.
    """

    calls_to: Neighbours
    called_by: Neighbours

    @classmethod
    def of(cls, edges: Iterable[Edge]) -> Self:
        """Build the graph; a service that calls itself adds no edge but is known."""
        pairs = {(edge.caller, edge.callee) for edge in edges}
        names = {name for pair in pairs for name in pair}
        proper = {(caller, callee) for caller, callee in pairs if caller != callee}
        backwards = {(callee, caller) for caller, callee in proper}
        return cls(calls_to=_grouped(names, proper), called_by=_grouped(names, backwards))

    @property
    def services(self) -> tuple[str, ...]:
        """Every service of any edge, in alphabetical order."""
        return tuple(sorted(self.calls_to))

    def callees(self, service: str) -> tuple[str, ...]:
        """The services that this one calls itself; none for an unknown service."""
        return self.calls_to.get(service, ())

    def callers(self, service: str) -> tuple[str, ...]:
        """The services that call this one themselves; none for an unknown service."""
        return self.called_by.get(service, ())


def blast_radius(graph: Graph, service: str) -> dict[str, int]:
    """Everyone who suffers when the service fails, with the number of calls in between.

    The service itself is not in it. Nearest first, then alphabetical.
    """
    return _walk(graph.called_by, service)


def downstream(graph: Graph, service: str) -> dict[str, int]:
    """Everything that could explain why the service fails, with the number of calls in between.

    The service itself is not in it. Nearest first, then alphabetical.
    """
    return _walk(graph.calls_to, service)


def _grouped(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> Neighbours:
    grouped: dict[str, list[str]] = {name: [] for name in names}
    for left, right in pairs:
        grouped[left].append(right)
    return {name: tuple(sorted(neighbours)) for name, neighbours in grouped.items()}


def _walk(neighbours: Neighbours, service: str) -> dict[str, int]:
    hops = {service: 0}
    waiting = deque([service])
    while waiting:
        here = waiting.popleft()
        for there in neighbours.get(here, ()):
            if there not in hops:
                hops[there] = hops[here] + 1
                waiting.append(there)
    del hops[service]
    return dict(sorted(hops.items(), key=lambda found: (found[1], found[0])))

"""Which alerts belong together: by place and time, whatever they are called. No I/O, and cost close to linear.

Two alerts are related when they are of one service, of services that call each other, or of one host, and follow
each other closely. A service that the topology does not know is related to all alerts of its namespace instead; where
nothing tells of any place, to whatever else alerts, as soon as these are more than would be chance.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from rootline.analysis.topology import Graph
from rootline.domain.service_key import placed

WINDOW_S = 600.0
"""Source: ours; a cascade reaches the next service within minutes, and each alert begins the time anew."""
SAME_SERVICE_S = 3600.0
"""Source: ours; how long a service's next alert still speaks of the same trouble."""
CROWD = 4
"""Source: ours; two or three services that begin to fail within minutes may be chance, and more are an outage."""
NO_GRAPH = Graph.of(())


@dataclass(frozen=True, kw_only=True)
class Mark:
    """An alert as grouping sees it. `at_s` is Unix seconds; `owner` the incident that it is in already.

    An incident that no alert opened is a mark too; it tells a service and not where that runs: it `is_anywhere`.
    """

    at_s: float
    fingerprint: str
    service: str = ""
    cluster: str = ""
    namespace: str = ""
    host: str = ""
    owner: UUID | None = None
    is_anywhere: bool = False

    @property
    def home(self) -> str:
        """The cluster without its environment; empty where it was not told."""
        return self.cluster.partition("/")[0]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Marks that belong together, by their places in what was given, and the incidents that they are in."""

    members: tuple[int, ...]
    owners: tuple[UUID, ...]


def grouped(marks: Sequence[Mark], graph: Graph = NO_GRAPH) -> list[Group]:
    """Put marks together. Two incidents come together only through an alert that is in neither.

    Groups come in the order of their first marks in time, owners in the order in which they were given.
    """
    forest, near = _Forest(marks), _Near(graph)
    order = sorted(range(len(marks)), key=lambda at: (marks[at].at_s, at))
    for at in order:
        for other in near.related(marks[at]):
            forest.join(at, other)
        near.note(marks[at], at)
    return forest.groups(order)


class _Forest:
    """Disjoint sets of marks, each with the incidents in it. Source: R. Tarjan, union by rank and path halving."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._parent = [*range(len(marks))]
        self._owners: dict[int, dict[UUID, None]] = {}
        self._is_owned = [mark.owner is not None for mark in marks]
        self._first_of: dict[UUID, int] = {}
        for at, mark in enumerate(marks):
            if mark.owner is not None:
                self._owners.setdefault(at, {})[mark.owner] = None
                self._merge(at, self._first_of.setdefault(mark.owner, at))

    def join(self, new: int, other: int) -> None:
        """Join two marks, unless both are in incidents: those were apart without the new alerts."""
        if not (self._is_owned[new] and self._is_owned[other]):
            self._merge(new, other)

    def groups(self, order: Sequence[int]) -> list[Group]:
        members: dict[int, list[int]] = {}
        for at in order:
            members.setdefault(self._root(at), []).append(at)
        return [
            Group(
                members=tuple(of), owners=tuple(sorted(self._owners.get(root, {}), key=lambda one: self._first_of[one]))
            )
            for root, of in members.items()
        ]

    def _root(self, at: int) -> int:
        while self._parent[at] != at:
            self._parent[at] = self._parent[self._parent[at]]
            at = self._parent[at]
        return at

    def _merge(self, one: int, other: int) -> None:
        left, right = sorted((self._root(one), self._root(other)))
        if left != right:
            self._parent[right] = left
            if gone := self._owners.pop(right, None):
                self._owners[left] = {**self._owners.get(left, {}), **gone}


Place = tuple[str, ...]


@dataclass
class _Near:
    """The latest mark of each place.

    A service's neighbours are looked at only when it begins to alert: who begins later looks at it in turn. Marks that
    are in incidents already do not look for the new ones, since what they see is refused to be joined.
    """

    graph: Graph
    _last: dict[Place, tuple[float, int]] = field(default_factory=dict)
    _looked: dict[Place, float] = field(default_factory=dict)
    _of_fingerprint: dict[str, int] = field(default_factory=dict)
    _placeless: dict[str, tuple[float, int]] = field(default_factory=dict)
    _crowd: tuple[float, int] | None = None

    def related(self, mark: Mark) -> Iterator[int]:
        """Yield earlier marks that this one belongs with, one for each reason."""
        if mark.fingerprint in self._of_fingerprint:
            yield self._of_fingerprint[mark.fingerprint]
        for place in _own(mark):
            yield from self._within(place, mark, SAME_SERVICE_S)
        yield from self._of_neighbours(mark)
        for place in self._shared(mark):
            yield from self._within(place, mark, WINDOW_S)
        yield from self._crowded(mark)

    def note(self, mark: Mark, at: int) -> None:
        """Remember a mark as the latest of its places."""
        self._of_fingerprint[mark.fingerprint] = at
        for place in self._places(mark):
            self._last[place] = (mark.at_s, at)
        if self._is_placeless(mark):
            is_crowd = next(self._crowded(mark), None) is not None
            self._placeless[mark.service] = (mark.at_s, at)
            self._crowd = (mark.at_s, at) if is_crowd else self._crowd

    def _crowded(self, mark: Mark) -> Iterator[int]:
        """Yield the crowd that a mark without any place comes to, or those with whom it becomes one."""
        if not self._is_placeless(mark):
            return
        if self._crowd is not None and mark.at_s - self._crowd[0] <= WINDOW_S:
            yield self._crowd[1]
            return
        self._placeless = {
            service: known for service, known in self._placeless.items() if mark.at_s - known[0] <= WINDOW_S
        }
        if len({*self._placeless, mark.service}) >= CROWD:
            yield from (at for _, at in self._placeless.values())

    def _is_placeless(self, mark: Mark) -> bool:
        is_told = mark.cluster or mark.namespace or mark.is_anywhere
        return bool(mark.service) and not is_told and not self._is_known(mark)

    def _within(self, place: Place, mark: Mark, most_s: float) -> Iterator[int]:
        known = self._last.get(place)
        if known is not None and mark.at_s - known[0] <= most_s:
            yield known[1]

    def _of_neighbours(self, mark: Mark) -> Iterator[int]:
        looker = ("owned" if mark.owner else "new", mark.cluster, mark.service)
        before = self._looked.get(looker)
        self._looked[looker] = mark.at_s
        if before is not None and mark.at_s - before <= WINDOW_S:
            return
        for one in (*self.graph.callees(mark.service), *self.graph.callers(mark.service)):
            yield from self._within(("any", mark.cluster, one), mark, WINDOW_S)
            for place in (("anywhere", one), *_home(mark, one)):
                yield from self._within(place, mark, WINDOW_S)
        for one in self._of_the_fleet(mark):
            for place in _in_fleet(mark, one):
                yield from self._within(place, mark, WINDOW_S)

    def _of_the_fleet(self, mark: Mark) -> tuple[str, ...]:
        """Neighbours by their whole names, where the topology is that of several clusters."""
        whole = mark.service if mark.is_anywhere else placed(mark.home, mark.service)
        return (*self.graph.callees(whole), *self.graph.callers(whole)) if mark.home or mark.is_anywhere else ()

    def _shared(self, mark: Mark) -> Iterator[Place]:
        """Places that a mark shares with others: its host; its namespace, unless both are in the topology."""
        if mark.host:
            yield ("host", mark.cluster, mark.host)
        if mark.cluster or mark.namespace:
            kind = "stranger" if self._is_known(mark) else "inhabitant"
            yield (kind, mark.cluster, mark.namespace)

    def _places(self, mark: Mark) -> Iterator[Place]:
        if mark.service and mark.is_anywhere:
            yield ("anywhere", mark.service)
            yield from _at_home(mark.service)
        elif mark.service:
            yield ("service", mark.cluster, mark.namespace, mark.service)
            yield ("any", mark.cluster, mark.service)
            yield ("whole", placed(mark.home, mark.service))
        if mark.host:
            yield ("host", mark.cluster, mark.host)
        if mark.cluster or mark.namespace:
            yield ("inhabitant", mark.cluster, mark.namespace)
            if not self._is_known(mark):
                yield ("stranger", mark.cluster, mark.namespace)

    def _is_known(self, mark: Mark) -> bool:
        return mark.service in self.graph.calls_to or placed(mark.home, mark.service) in self.graph.calls_to


def _own(mark: Mark) -> Iterator[Place]:
    """The places under which a mark's own service was noted; a missing namespace is no difference."""
    if mark.service and mark.namespace:
        yield ("service", mark.cluster, mark.namespace, mark.service)
        yield ("service", mark.cluster, "", mark.service)
    elif mark.service:
        yield ("any", mark.cluster, mark.service)
    if mark.service:
        yield ("anywhere", mark.service)
        yield from _home(mark, mark.service)


def _at_home(service: str) -> Iterator[Place]:
    """The place of a service that is named with its cluster."""
    cluster, slash, inside = service.partition("/")
    if slash:
        yield ("home", cluster, inside)


def _in_fleet(mark: Mark, whole: str) -> Iterator[Place]:
    """The places of a neighbour by its whole name; in the mark's own cluster it is of the same environment."""
    cluster, _, inside = whole.partition("/")
    yield ("any", mark.cluster, inside) if cluster == mark.home else ("whole", whole)
    yield ("anywhere", whole)


def _home(mark: Mark, service: str) -> Iterator[Place]:
    """The place of a service in the mark's own cluster, whatever environment is told beside it."""
    if mark.cluster:
        yield ("home", mark.home, service)

"""Who depends on whom."""

from collections.abc import Sequence
from typing import Protocol

from rootline.domain.signal import Edge
from rootline.domain.window import Window


class TopologySource(Protocol):
    """Reads dependencies."""

    name: str

    async def edges(self, window: Window) -> Sequence[Edge]:
        """Return the dependencies known in the window, ordered by caller and callee."""
        ...


class RecordedTopology:
    """Dependencies out of a recording."""

    def __init__(self, edges: Sequence[Edge], *, name: str = "tape") -> None:
        self.name = name
        self._edges = tuple(sorted(edges, key=lambda edge: (edge.caller, edge.callee, edge.found_in)))

    async def edges(self, window: Window) -> Sequence[Edge]:  # noqa: ARG002 a recording holds one topology
        """Return the recorded dependencies."""
        return self._edges

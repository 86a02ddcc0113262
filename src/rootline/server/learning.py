"""Who calls whom, learned now and then from the connected sources, so that no delivery has to wait for it."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rootline.analysis.topology import Graph
from rootline.domain.window import Window
from rootline.errors import RootlineError
from rootline.intake.grouping import NO_GRAPH
from rootline.sources.bundle import Sources
from rootline.tools.observation import edges_of

LOOKED_BACK = timedelta(hours=1)
DEADLINE_S = 30.0


@dataclass
class Learned:
    """The topology as it was last seen; what is known stays while nothing can be learned."""

    graph: Graph = field(default=NO_GRAPH)

    async def learn(self, sources: Sources, now: datetime) -> None:
        """Read the dependencies of the last hour; nothing new is learned from sources that fail or are late."""
        if sources.topology is None and sources.traces is None:
            return
        try:
            async with asyncio.timeout(DEADLINE_S):
                edges = await edges_of(sources, Window(start=now - LOOKED_BACK, end=now))
        except (RootlineError, TimeoutError):
            return
        self.graph = Graph.of(edges) if edges else self.graph

"""Ways to break a landscape, each under the object and cause that explain it; one file for each family."""

from tests.analysis.cluster.landscapes.plants import (
    admission,
    databases,
    limits,
    nodes,
    probes,
    routing,
    runtime,
    scheduling,
    slowness,
    startup,
    storage,
)
from tests.analysis.cluster.landscapes.plants.registry import PLANTS

__all__ = [
    "PLANTS",
    "admission",
    "databases",
    "limits",
    "nodes",
    "probes",
    "routing",
    "runtime",
    "scheduling",
    "slowness",
    "startup",
    "storage",
]

"""A whole bundle of sources behind gates."""

from collections.abc import Callable
from dataclasses import replace

from rootline.sources.bundle import Sources
from rootline.sources.fleet.gpus import GuardedGpus
from rootline.sources.fleet.guarded import (
    Gate,
    GuardedAlerts,
    GuardedChanges,
    GuardedCluster,
    GuardedLogs,
    GuardedMetrics,
    GuardedTopology,
    GuardedTraces,
)


def gating(sources: Sources, gate: Callable[[str, str], Gate]) -> Sources:
    """Put every source that is there behind the gate for its kind and its name."""
    return replace(
        sources,
        metrics=sources.metrics and GuardedMetrics(sources.metrics, gate("metrics", sources.metrics.name)),
        logs=sources.logs and GuardedLogs(sources.logs, gate("logs", sources.logs.name)),
        traces=sources.traces and GuardedTraces(sources.traces, gate("traces", sources.traces.name)),
        alerts=sources.alerts and GuardedAlerts(sources.alerts, gate("alerts", sources.alerts.name)),
        changes=sources.changes and GuardedChanges(sources.changes, gate("changes", sources.changes.name)),
        topology=sources.topology and GuardedTopology(sources.topology, gate("topology", sources.topology.name)),
        cluster=sources.cluster and GuardedCluster(sources.cluster, gate("cluster", sources.cluster.name)),
        gpus=sources.gpus and GuardedGpus(sources.gpus, gate("gpus", sources.gpus.name)),
    )

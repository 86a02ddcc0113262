"""A whole bundle of sources behind guards, each named for the backend that it reads."""

from dataclasses import replace

from rootline.sources.bundle import Sources
from rootline.sources.fleet.guard import Guard, Watch
from rootline.sources.fleet.guarded import (
    GuardedAlerts,
    GuardedChanges,
    GuardedCluster,
    GuardedLogs,
    GuardedMetrics,
    GuardedTopology,
    GuardedTraces,
)


def guarding(sources: Sources, watch: Watch) -> Sources:
    """Put every source of one cluster behind a guard."""

    def of(name: str) -> Guard:
        return watch.guard(sources.cluster_name, name)

    return replace(
        sources,
        metrics=sources.metrics and GuardedMetrics(sources.metrics, of(sources.metrics.name)),
        logs=sources.logs and GuardedLogs(sources.logs, of(sources.logs.name)),
        traces=sources.traces and GuardedTraces(sources.traces, of(sources.traces.name)),
        alerts=sources.alerts and GuardedAlerts(sources.alerts, of(sources.alerts.name)),
        changes=sources.changes and GuardedChanges(sources.changes, of(sources.changes.name)),
        topology=sources.topology and GuardedTopology(sources.topology, of(sources.topology.name)),
        cluster=sources.cluster and GuardedCluster(sources.cluster, of(sources.cluster.name)),
    )

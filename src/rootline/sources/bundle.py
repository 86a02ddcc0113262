"""All the sources that one investigation may ask; a missing one is `None`, which tools answer with `no_data`."""

from dataclasses import dataclass

from rootline.sources.alerts.source import AlertSource
from rootline.sources.changes.source import ChangeSource
from rootline.sources.cluster import ClusterSource
from rootline.sources.logs.source import LogSource
from rootline.sources.metrics.gpus import GpuSource
from rootline.sources.metrics.source import MetricSource
from rootline.sources.runbooks.source import RunbookSource
from rootline.sources.topology import TopologySource
from rootline.sources.traces.source import TraceSource


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What can be asked. `cluster_name` is the name under which all of it is registered.

    `clusters` are those that are asked together; none where there is but one, which no name of a service tells then.
    """

    cluster_name: str = ""
    clusters: frozenset[str] = frozenset()
    metrics: MetricSource | None = None
    logs: LogSource | None = None
    traces: TraceSource | None = None
    alerts: AlertSource | None = None
    changes: ChangeSource | None = None
    topology: TopologySource | None = None
    runbooks: RunbookSource | None = None
    cluster: ClusterSource | None = None
    gpus: GpuSource | None = None

"""Recorded sources that answer as the live ones did: under their names, and failing where those failed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from rootline.domain.change import ChangeSet
from rootline.domain.evidence import ClusterOutcome
from rootline.sources.alerts.source import RecordedAlerts
from rootline.sources.bundle import Sources
from rootline.sources.changes.source import RecordedChanges
from rootline.sources.cluster import RecordedCluster
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.gating import gating
from rootline.sources.fleet.hearing import tell
from rootline.sources.logs.source import RecordedLogs
from rootline.sources.metrics.gpus import RecordedGpus
from rootline.sources.metrics.source import RecordedMetrics
from rootline.sources.topology import RecordedTopology
from rootline.sources.traces.source import RecordedTraces
from rootline.tapes.taken import Failed, Taken

Read = TypeVar("Read")


@dataclass(frozen=True, kw_only=True)
class Retelling:
    """The gate before one recorded source."""

    outcomes: tuple[ClusterOutcome, ...]
    failed: Failed | None

    async def read(self, ask: Callable[[], Awaitable[Read]], asked: object) -> Read:  # noqa: ARG002 a gate is told
        """Tell again what the clusters came to, and answer from the recording."""
        tell(self.outcomes)
        if self.failed is not None:
            one = self.failed
            raise SourceFailed(one.asked, one.happened, one.helps, is_late=one.is_late)
        return await ask()


def retold(sources: Sources, taken: Taken) -> Sources:
    """Return the sources of a recording as they were while it was taken."""
    failed = {one.kind: one for one in taken.failed}
    named = taken.backends

    def gate(kind: str, _: str) -> Retelling:
        mine = tuple(one for one in taken.outcomes if one.asked == kind)
        return Retelling(outcomes=mine, failed=failed.get(kind))

    whole = replace(
        sources,
        cluster_name=taken.cluster,
        clusters=frozenset(one.cluster for one in taken.outcomes if one.cluster),
        metrics=sources.metrics or (RecordedMetrics((), name=named["metrics"]) if "metrics" in failed else None),
        logs=sources.logs or (RecordedLogs((), name=named["logs"]) if "logs" in failed else None),
        traces=sources.traces or (RecordedTraces((), name=named["traces"]) if "traces" in failed else None),
        alerts=sources.alerts or (RecordedAlerts((), name=named["alerts"]) if "alerts" in failed else None),
        changes=sources.changes
        or (RecordedChanges(ChangeSet(), name=named["changes"]) if "changes" in failed else None),
        topology=sources.topology or (RecordedTopology((), name=named["topology"]) if "topology" in failed else None),
        cluster=sources.cluster or (RecordedCluster({}, name=named["cluster"]) if "cluster" in failed else None),
        gpus=sources.gpus or (RecordedGpus((), name=named["gpus"]) if "gpus" in failed else None),
    )
    return gating(whole, gate)

"""The sources of many clusters as one bundle."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from rootline.sources.bundle import Sources
from rootline.sources.fleet.gpus import SpanningGpus
from rootline.sources.fleet.naming import Members
from rootline.sources.fleet.spanning import (
    SpanningAlerts,
    SpanningChanges,
    SpanningLogs,
    SpanningMetrics,
    SpanningRunbooks,
    SpanningTopology,
    SpanningTraces,
)
from rootline.sources.fleet.state import SpanningCluster

Source = TypeVar("Source")
Whole = TypeVar("Whole")
NAMED = 4
"""Source: ours; more clusters are counted, not named, in the name of them all."""


def spanning(clusters: Sequence[Sources]) -> Sources:
    """Return what can be asked of all clusters together; a single one is returned as it is."""
    if len(clusters) == 1:
        return clusters[0]
    ordered = sorted(clusters, key=lambda one: one.cluster_name)
    return Sources(
        cluster_name=_name([one.cluster_name for one in ordered]),
        clusters=frozenset(one.cluster_name for one in ordered),
        metrics=_of(ordered, lambda one: one.metrics, SpanningMetrics),
        logs=_of(ordered, lambda one: one.logs, SpanningLogs),
        traces=_of(ordered, lambda one: one.traces, SpanningTraces),
        alerts=_of(ordered, lambda one: one.alerts, SpanningAlerts),
        changes=_of(ordered, lambda one: one.changes, SpanningChanges),
        topology=_of(ordered, lambda one: one.topology, SpanningTopology),
        runbooks=_of(ordered, lambda one: one.runbooks, SpanningRunbooks),
        cluster=_of(ordered, lambda one: one.cluster, SpanningCluster),
        gpus=_of(ordered, lambda one: one.gpus, SpanningGpus),
    )


def _of(
    clusters: Sequence[Sources], part: Callable[[Sources], Source | None], whole: Callable[[Members[Source]], Whole]
) -> Whole | None:
    members = [(one.cluster_name, source) for one in clusters if (source := part(one)) is not None]
    return whole(members) if members else None


def _name(names: Sequence[str]) -> str:
    return "+".join(names) if len(names) <= NAMED else f"{len(names)} clusters"

"""Described backends become sources that can be asked. Nothing is sent before the first question."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from rootline.sources.alerts.alertmanager import AlertmanagerAlerts
from rootline.sources.alerts.joined import JoinedAlerts
from rootline.sources.alerts.source import AlertSource
from rootline.sources.bundle import Sources
from rootline.sources.changes.git_clone import GitClones
from rootline.sources.changes.joined import JoinedChanges
from rootline.sources.changes.source import ChangeSource
from rootline.sources.flags.source import FlagChanges
from rootline.sources.fleet.gpus import GuardedGpus
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
from rootline.sources.github.changes import GithubChanges
from rootline.sources.logs.files import LogFiles
from rootline.sources.logs.loki import LokiLogs
from rootline.sources.logs.source import LogSource
from rootline.sources.logs.victorialogs import VictoriaLogs
from rootline.sources.metrics.gpus import GpuSource
from rootline.sources.metrics.source import MetricSource
from rootline.sources.stack import Named, Stack
from rootline.sources.topology import TopologySource
from rootline.sources.traces.jaeger import JaegerTraces
from rootline.sources.traces.otlp import OtlpFile
from rootline.sources.traces.source import TraceSource
from rootline.sources.traces.tempo import TempoTraces
from rootline.sources.traces.zipkin import ZipkinTraces

if TYPE_CHECKING:
    from rootline.sources.alerts.probed import ProbedNames
    from rootline.sources.kubernetes.opening import Kubernetes
    from rootline.sources.prometheus_opening import PrometheusSources

_LOGS: Mapping[str, Callable[[Named, str], LogSource]] = {
    "loki": lambda one, label: LokiLogs(one.backend, name=one.name, service_label=label),
    "victorialogs": lambda one, label: VictoriaLogs(one.backend, name=one.name, service_label=label),
}
_TRACES: Mapping[str, Callable[[Named], TraceSource]] = {
    "jaeger": lambda one: JaegerTraces(one.backend, name=one.name),
    "tempo": lambda one: TempoTraces(one.backend, name=one.name),
    "zipkin": lambda one: ZipkinTraces(one.backend, name=one.name),
}


def connect(stack: Stack, watch: Watch | None = None) -> Sources:
    """Return the sources of a stack, each behind a guard of its own."""
    held = _kubernetes(stack)
    shared = watch or Watch()
    guards = {one.name: shared.guard(stack.cluster, one.name) for one in stack.backends}
    own = partial(shared.guard, stack.cluster)
    metrics, traces, rollouts = _metrics(stack), _traces(stack), held.changes if held else None
    logs = _logs(stack, held)
    gpus, topology = _gpus(stack), _topology(stack)
    return Sources(
        cluster_name=stack.cluster,
        metrics=metrics and GuardedMetrics(metrics, own(metrics.name)),
        alerts=_alerts(stack, guards),
        logs=logs and GuardedLogs(logs, own(logs.name)),
        traces=traces and GuardedTraces(traces, own(traces.name)),
        topology=topology and GuardedTopology(topology, own(topology.name)),
        changes=_changes(stack, rollouts, own),
        cluster=GuardedCluster(held.cluster, own("kubernetes")) if held else None,
        gpus=gpus and GuardedGpus(gpus, own(gpus.name)),
    )


def _kubernetes(stack: Stack) -> "Kubernetes | None":
    if stack.kubernetes is None:
        return None
    from rootline.sources.kubernetes.opening import kubernetes  # noqa: PLC0415 its library is an extra

    return kubernetes(stack.kubernetes)


def steady_metrics(stack: Stack, step_s: int, watch: Watch | None = None) -> MetricSource | None:
    """Return the metrics of a stack for who puts reads side by side: one step and one rate, whatever the window."""
    found = _metrics(stack, least_step_s=step_s, has_history=False)
    return found and GuardedMetrics(found, (watch or Watch()).guard(stack.cluster, found.name))


def probed_names(stack: Stack, watch: Watch) -> "ProbedNames | None":
    """Return what names alerts by what the Prometheus of a stack probes, behind the guard that all its reads share."""
    one = stack.of("prometheus")
    return _prometheus(one, stack).probed_names(watch.guard(stack.cluster, one.name)) if one else None


def _prometheus(one: Named, stack: Stack) -> "PrometheusSources":
    from rootline.sources.prometheus_opening import PrometheusSources  # noqa: PLC0415 its library is loaded when used

    return PrometheusSources(one=one, stack=stack)


def _metrics(stack: Stack, *, least_step_s: int = 15, has_history: bool = True) -> MetricSource | None:
    one = stack.of("prometheus")
    return _prometheus(one, stack).metrics(least_step_s=least_step_s, has_history=has_history) if one else None


def _gpus(stack: Stack) -> GpuSource | None:
    one = stack.of("prometheus")
    return _prometheus(one, stack).gpus() if one else None


def _topology(stack: Stack) -> TopologySource | None:
    one = stack.of("prometheus")
    return _prometheus(one, stack).topology() if one else None


def _alerts(stack: Stack, guards: Mapping[str, Guard]) -> AlertSource | None:
    kinds = {"alertmanager", "prometheus"}
    found = [GuardedAlerts(_alerts_of(one, stack), guards[one.name]) for one in stack.backends if one.kind in kinds]
    every: AlertSource | None = JoinedAlerts(found) if len(found) > 1 else next(iter(found), None)
    one = stack.of("prometheus")
    return _prometheus(one, stack).naming_probed(every, guards[one.name]) if one and every else every


def _alerts_of(one: Named, stack: Stack) -> AlertSource:
    if one.kind == "alertmanager":
        return AlertmanagerAlerts(one.backend, name=one.name, service_label=stack.service_label)
    return _prometheus(one, stack).alerts()


def _logs(stack: Stack, held: "Kubernetes | None") -> LogSource | None:
    """Return what keeps logs; where nothing is named that does, the logs of the cluster's pods."""
    if stack.log_files:
        return LogFiles(stack.log_files, service_label=stack.service_label)
    kept = next((_LOGS[one.kind](one, stack.service_label) for one in stack.backends if one.kind in _LOGS), None)
    return kept or (held.logs(stack.service_label) if held else None)


def _traces(stack: Stack) -> TraceSource | None:
    if stack.otlp is not None:
        return OtlpFile(stack.otlp)
    return next((_TRACES[one.kind](one) for one in stack.backends if one.kind in _TRACES), None)


def _changes(stack: Stack, rollouts: ChangeSource | None, own: Callable[[str], Guard]) -> ChangeSource | None:
    found: list[ChangeSource] = []
    found += [GuardedChanges(GitClones(stack.repositories), own("git"))] if stack.repositories else []
    found += [GuardedChanges(GithubChanges(stack.github), own("github"))] if stack.github else []
    found += [GuardedChanges(FlagChanges(stack.flags), own("flags"))] if stack.flags else []
    found += [GuardedChanges(rollouts, own("kubernetes"))] if rollouts else []
    return JoinedChanges(found) if len(found) > 1 else next(iter(found), None)

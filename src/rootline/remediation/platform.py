"""Whether what is to be mended runs on Kubernetes, as far as sources and evidence tell of it. It is never assumed."""

import re
from collections.abc import Iterable, Mapping

from rootline.analysis.cluster.causes import FAMILIES
from rootline.domain.evidence import Evidence
from rootline.domain.fact import AlertFact, AnyFact, ConditionFact, SeriesFact, TextFact

_STATE = "get_cluster_state"
_BOARDS = frozenset({"gpu", "gpus"})
# Source: kube-state-metrics, the kubelet, and the alerts of kubernetes-mixin.
_METRICS, _ALERTS = ("kube_", "kubelet_"), re.compile(r"Kube[A-Z]")
# Source: the service discovery of Prometheus in Kubernetes, and OpenTelemetry's resource attributes.
_LABELS = re.compile(r"(?:exported_)?pod(?:_name)?\Z|k8s[_.]|kubernetes[_.]|__meta_kubernetes")
_OBJECTS = re.compile(r"(?:[^/]{1,200}/)?(?:pod|deployment|statefulset|daemonset|replicaset|cronjob|namespace)/")
_LISTED = re.compile(r"(?:get|describe|manifest) (?!gpus?\b)")


def is_kubernetes(evidence: Mapping[str, Evidence], cluster: str) -> bool:
    """Whether a source of Kubernetes is connected, or anything in the evidence is of Kubernetes.

    Args:
        evidence: What was read, of one `cluster` where several were asked.
        cluster: Which one of several that is; empty where there is but one.

    """
    is_connected = any(_is_asked(one, cluster) for one in evidence.values())
    return is_connected or any(_tells(fact) for one in evidence.values() for fact in one.reading.facts)


def _is_asked(one: Evidence, cluster: str) -> bool:
    """Whether a source of Kubernetes was asked; where none is connected the answer comes from nobody."""
    reading, backend = one.reading, one.reading.source.backend
    if reading.clusters:
        return any(told.asked == "cluster" and told.cluster in {"", cluster} for told in reading.clusters)
    if "kubernetes" in backend.split("+"):
        return True
    is_state = one.tool == _STATE and one.arguments.get("kind") not in _BOARDS
    return is_state and backend != "none" and reading.status != "no_data"


def _tells(fact: AnyFact) -> bool:
    if isinstance(fact, ConditionFact):
        return fact.cause in FAMILIES
    if isinstance(fact, TextFact):
        return _LISTED.match(fact.asked) is not None and any(fact.lines)
    if isinstance(fact, SeriesFact):
        return fact.metric.startswith(_METRICS) or _has_pods(fact.labels)
    if isinstance(fact, AlertFact) and (fact.metric.startswith(_METRICS) or _ALERTS.match(fact.name)):
        return True
    return _OBJECTS.match(fact.subject) is not None


def _has_pods(labels: Iterable[str]) -> bool:
    return any(_LABELS.match(name) for name in labels)

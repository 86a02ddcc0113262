"""Which label of a metric names the service that it speaks of."""

from collections.abc import Mapping
from functools import lru_cache

# Source: the conventions of kube-prometheus, kube-state-metrics, cAdvisor, process-exporter, Istio and the
# OpenTelemetry collector.
# Metrics that one exporter writes about others carry the exporter's own name in `job` and `service`.
_ABOUT_OTHERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("container_", ("container", "container_label_com_docker_compose_service", "name")),
    ("kube_", ("deployment", "statefulset", "daemonset", "job_name", "container", "pod")),
    ("istio_", ("destination_service_name", "destination_workload", "destination_app")),
    ("node_", ("node", "instance")),
    ("envoy_", ("envoy_cluster_name", "service", "app", "job")),
    ("nginx_ingress_", ("exported_service", "ingress")),
    ("traefik_service_", ("exported_service", "service")),
    ("probe_", ("target", "instance", "job")),
    ("namedprocess_", ("groupname", "job")),
)
LONGEST_NAME = 300
"""Source: ours; what a hypothesis may be about, and longer than any name in Kubernetes."""
_USUAL = ("service_name", "service", "app_kubernetes_io_name", "app", "k8s_app", "job")


def every_candidate(configured: str = "") -> tuple[str, ...]:
    """Return all labels that may name a service in any metric, each once; a configured one goes before all."""
    known = ((configured,), _USUAL, *(labels for _, labels in _ABOUT_OTHERS))
    return tuple(dict.fromkeys(label for labels in known for label in labels if label))


@lru_cache(maxsize=1024)
def candidates(metric: str, configured: str = "") -> tuple[str, ...]:
    """Return the labels that may name a metric's service, the most telling first; a configured one goes before all."""
    known = next((labels for prefix, labels in _ABOUT_OTHERS if metric.startswith(prefix)), _USUAL)
    return (configured, *(label for label in known if label != configured)) if configured else known


def speaks_of_others(metric: str) -> bool:
    """Whether a metric carries the names of those that its exporter writes about, besides the exporter's own."""
    return metric.startswith(tuple(prefix for prefix, _ in _ABOUT_OTHERS))


def service_of(metric: str, labels: Mapping[str, str], configured: str = "") -> tuple[str, str]:
    """Return the label that names the service and its value; two empty texts where none does.

    What is longer than `LONGEST_NAME` names nothing.
    """
    for label in candidates(metric, configured):
        service = labels.get(label, "")
        if 0 < len(service) <= LONGEST_NAME:
            return label, service
    return "", ""

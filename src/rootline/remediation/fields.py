"""Which field of which object each cluster cause asks to correct, and what it should say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ObjectKind = Literal["workload", "service", "persistentvolumeclaim", "ingress"]
_POD = "spec.template.spec"
_CONTAINER = f"{_POD}.containers[*]"


@dataclass(frozen=True)
class Field:
    """One field of one kind of object. `is_fixed` says that Kubernetes lets nobody change it after creation."""

    path: str
    should: str
    object: ObjectKind = "workload"
    is_fixed: bool = False


def _claim(path: str, should: str) -> Field:
    return Field(path, should, "persistentvolumeclaim", is_fixed=True)


def _probe(kind: str, field: str, should: str) -> Field:
    return Field(f"{_CONTAINER}.{kind}{field}", should)


# Source: Kubernetes API reference, Pod v1, Service v1, PersistentVolumeClaim v1, Ingress v1.
FIELDS: Mapping[str, Field] = {
    "cpu_capacity_mismatch": Field(f"{_CONTAINER}.resources.requests.cpu", "fit into what one node can give"),
    "memory_capacity_mismatch": Field(f"{_CONTAINER}.resources.requests.memory", "fit into what one node can give"),
    "node_affinity_mismatch": Field(f"{_POD}.affinity.nodeAffinity", "match the labels of a ready node"),
    "node_selector_mismatch": Field(f"{_POD}.nodeSelector", "match the labels of a ready node"),
    "pod_anti_affinity_conflict": Field(
        f"{_POD}.affinity.podAntiAffinity", "be preferred, not required, or name a topology with a node per replica"
    ),
    "taint_toleration_mismatch": Field(f"{_POD}.tolerations", "tolerate the taint of the nodes it may run on"),
    "pv_binding_occupied": _claim("spec.volumeName", "name a volume that no other claim holds"),
    "pvc_access_mode_mismatch": _claim("spec.accessModes", "ask for a mode that the volume offers"),
    "pvc_capacity_mismatch": _claim("spec.resources.requests.storage", "ask for no more than the volume has"),
    "pvc_selector_mismatch": _claim("spec.selector", "match the labels of a volume"),
    "pvc_storage_class_mismatch": _claim("spec.storageClassName", "name a class that exists and that the volume has"),
    "image_registry_dns_failure": Field(f"{_CONTAINER}.image", "name a registry that the node can resolve"),
    "incorrect_image_reference": Field(f"{_CONTAINER}.image", "name an image and tag that exist"),
    "volume_mount_permission_denied": Field(
        f"{_POD}.securityContext", "let the container's user own the volume (fsGroup, or runAsUser of its owner)"
    ),
    "liveness_probe_incorrect_port": _probe(
        "livenessProbe", ".httpGet.port (or tcpSocket.port)", "be a port the container listens on"
    ),
    "liveness_probe_incorrect_protocol": _probe(
        "livenessProbe", " (httpGet, tcpSocket, grpc or httpGet.scheme)", "speak the protocol of the port"
    ),
    "liveness_probe_incorrect_timing": _probe(
        "livenessProbe",
        ".initialDelaySeconds (better: a startupProbe)",
        "leave the container the time that a start takes",
    ),
    "readiness_probe_incorrect_port": _probe(
        "readinessProbe", ".httpGet.port (or tcpSocket.port)", "be a port the container listens on"
    ),
    "readiness_probe_incorrect_protocol": _probe(
        "readinessProbe", " (httpGet, tcpSocket, grpc or httpGet.scheme)", "speak the protocol of the port"
    ),
    "service_sidecar_port_conflict": Field(
        f"{_CONTAINER}.ports[*].containerPort", "differ between the containers of the pod"
    ),
    "mysql_invalid_port": Field(f"{_CONTAINER}.env", "hold the port that the database's service listens on"),
    "service_env_var_address_mismatch": Field(f"{_CONTAINER}.env", "hold the name and port of an existing service"),
    "service_dns_resolution_failure": Field(
        f"{_POD}.dnsPolicy", "let the name resolve (ClusterFirst), and the name itself be one of a service"
    ),
    "oom_killed": Field(f"{_CONTAINER}.resources.limits.memory", "leave room above the working set"),
    "pod_cpu_overload": Field(f"{_CONTAINER}.resources.limits.cpu", "leave room above the usual use"),
    "gateway_misroute": Field(
        "spec.rules[*].http.paths[*].backend", "name the service and port that serve it", "ingress"
    ),
    "service_port_mapping_mismatch": Field(
        "spec.ports[*].targetPort", "be a port that the container listens on", "service"
    ),
    "service_protocol_mismatch": Field(
        "spec.ports[*].protocol", "be the protocol that the container speaks", "service"
    ),
    "service_selector_mismatch": Field("spec.selector", "match the labels of the pods", "service"),
}
QUOTAS: Mapping[str, str] = {
    "namespace_cpu_quota_exceeded": "requests.cpu and limits.cpu",
    "namespace_memory_quota_exceeded": "requests.memory and limits.memory",
    "namespace_pod_quota_exceeded": "pods",
    "namespace_service_quota_exceeded": "services",
    "namespace_storage_quota_exceeded": "requests.storage and persistentvolumeclaims",
}

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
    "cpu_request_fits_no_node": Field(f"{_CONTAINER}.resources.requests.cpu", "fit into what one node can give"),
    "memory_request_fits_no_node": Field(f"{_CONTAINER}.resources.requests.memory", "fit into what one node can give"),
    "affinity_matches_no_node": Field(f"{_POD}.affinity.nodeAffinity", "match the labels of a ready node"),
    "selector_matches_no_node": Field(f"{_POD}.nodeSelector", "match the labels of a ready node"),
    "anti_affinity_leaves_no_node": Field(
        f"{_POD}.affinity.podAntiAffinity", "be preferred, not required, or name a topology with a node per replica"
    ),
    "taint_not_tolerated": Field(f"{_POD}.tolerations", "tolerate the taint of the nodes it may run on"),
    "volume_claimed_already": _claim("spec.volumeName", "name a volume that no other claim holds"),
    "claim_access_mode_not_offered": _claim("spec.accessModes", "ask for a mode that the volume offers"),
    "claim_larger_than_volume": _claim("spec.resources.requests.storage", "ask for no more than the volume has"),
    "claim_selector_matches_no_volume": _claim("spec.selector", "match the labels of a volume"),
    "claim_storage_class_not_offered": _claim(
        "spec.storageClassName", "name a class that exists and that the volume has"
    ),
    "registry_name_not_resolved": Field(f"{_CONTAINER}.image", "name a registry that the node can resolve"),
    "image_not_found": Field(f"{_CONTAINER}.image", "name an image and tag that exist"),
    "volume_not_permitted": Field(
        f"{_POD}.securityContext", "let the container's user own the volume (fsGroup, or runAsUser of its owner)"
    ),
    "liveness_probe_wrong_port": _probe(
        "livenessProbe", ".httpGet.port (or tcpSocket.port)", "be a port the container listens on"
    ),
    "liveness_probe_wrong_protocol": _probe(
        "livenessProbe", " (httpGet, tcpSocket, grpc or httpGet.scheme)", "speak the protocol of the port"
    ),
    "liveness_probe_too_early": _probe(
        "livenessProbe",
        ".initialDelaySeconds (better: a startupProbe)",
        "leave the container the time that a start takes",
    ),
    "readiness_probe_wrong_port": _probe(
        "readinessProbe", ".httpGet.port (or tcpSocket.port)", "be a port the container listens on"
    ),
    "readiness_probe_wrong_protocol": _probe(
        "readinessProbe", " (httpGet, tcpSocket, grpc or httpGet.scheme)", "speak the protocol of the port"
    ),
    "containers_want_one_port": Field(
        f"{_CONTAINER}.ports[*].containerPort", "differ between the containers of the pod"
    ),
    "database_port_wrong": Field(f"{_CONTAINER}.env", "hold the port that the database's service listens on"),
    "address_in_environment_wrong": Field(f"{_CONTAINER}.env", "hold the name and port of an existing service"),
    "service_name_not_resolved": Field(
        f"{_POD}.dnsPolicy", "let the name resolve (ClusterFirst), and the name itself be one of a service"
    ),
    "memory_limit_reached": Field(f"{_CONTAINER}.resources.limits.memory", "leave room above the working set"),
    "cpu_limit_reached": Field(f"{_CONTAINER}.resources.limits.cpu", "leave room above the usual use"),
    "route_leads_elsewhere": Field(
        "spec.rules[*].http.paths[*].backend", "name the service and port that serve it", "ingress"
    ),
    "service_target_port_wrong": Field(
        "spec.ports[*].targetPort", "be a port that the container listens on", "service"
    ),
    "service_protocol_wrong": Field("spec.ports[*].protocol", "be the protocol that the container speaks", "service"),
    "service_selects_no_pod": Field("spec.selector", "match the labels of the pods", "service"),
}
QUOTAS: Mapping[str, str] = {
    "cpu_quota_used_up": "requests.cpu and limits.cpu",
    "memory_quota_used_up": "requests.memory and limits.memory",
    "pod_quota_used_up": "pods",
    "service_quota_used_up": "services",
    "storage_quota_used_up": "requests.storage and persistentvolumeclaims",
}

"""The kinds of objects that are read, and where the API server keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One kind of object. `group` is empty for the core group."""

    plural: str
    kind: str
    group: str = ""
    version: str = "v1"
    short: tuple[str, ...] = ()
    is_namespaced: bool = True

    def path(self, namespace: str = "", name: str = "") -> str:
        """The path of a list, or of one object."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        inside = f"/namespaces/{namespace}" if namespace and self.is_namespaced else ""
        return f"{root}{inside}/{self.plural}" + (f"/{name}" if name else "")


def _core(plural: str, kind: str, *short: str, is_namespaced: bool = True) -> Resource:
    return Resource(plural=plural, kind=kind, short=short, is_namespaced=is_namespaced)


def _grouped(group: str, plural: str, kind: str, *short: str, is_namespaced: bool = True) -> Resource:
    return Resource(plural=plural, kind=kind, group=group, short=short, is_namespaced=is_namespaced)


_ALL = (
    _core("pods", "Pod", "po"),
    _core("services", "Service", "svc"),
    _core("endpoints", "Endpoints", "ep"),
    _core("events", "Event", "ev"),
    _core("configmaps", "ConfigMap", "cm"),
    _core("secrets", "Secret"),
    _core("serviceaccounts", "ServiceAccount", "sa"),
    _core("resourcequotas", "ResourceQuota", "quota"),
    _core("limitranges", "LimitRange", "limits"),
    _core("persistentvolumeclaims", "PersistentVolumeClaim", "pvc"),
    _core("persistentvolumes", "PersistentVolume", "pv", is_namespaced=False),
    _core("nodes", "Node", "no", is_namespaced=False),
    _core("namespaces", "Namespace", "ns", is_namespaced=False),
    _grouped("apps", "deployments", "Deployment", "deploy"),
    _grouped("apps", "replicasets", "ReplicaSet", "rs"),
    _grouped("apps", "statefulsets", "StatefulSet", "sts"),
    _grouped("apps", "daemonsets", "DaemonSet", "ds"),
    _grouped("apps", "controllerrevisions", "ControllerRevision"),
    _grouped("batch", "jobs", "Job"),
    _grouped("batch", "cronjobs", "CronJob", "cj"),
    _grouped("discovery.k8s.io", "endpointslices", "EndpointSlice"),
    _grouped("networking.k8s.io", "ingresses", "Ingress", "ing"),
    _grouped("networking.k8s.io", "networkpolicies", "NetworkPolicy", "netpol"),
    _grouped("storage.k8s.io", "storageclasses", "StorageClass", "sc", is_namespaced=False),
    _grouped("policy", "poddisruptionbudgets", "PodDisruptionBudget", "pdb"),
    Resource(
        plural="horizontalpodautoscalers",
        kind="HorizontalPodAutoscaler",
        group="autoscaling",
        version="v2",
        short=("hpa",),
    ),
)
RESOURCES: Mapping[str, Resource] = {one.plural: one for one in _ALL}
_BY_WORD = {word: one for one in _ALL for word in (one.plural, one.kind.lower(), *one.short)}


def resource(word: str) -> Resource | None:
    """The kind that a plural, singular or short name stands for."""
    return _BY_WORD.get(word.strip().lower().partition(".")[0])

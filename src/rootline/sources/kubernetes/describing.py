"""One object as `kubectl describe` prints it; the values of ConfigMaps and Secrets as hashes."""

from collections.abc import Callable, Iterator, Mapping

from rootline.sources.kubernetes.blocks import conditions, grid, many, pair, pairs
from rootline.sources.kubernetes.columns import NONE, modes, selected
from rootline.sources.kubernetes.containers import containers, volumes
from rootline.sources.kubernetes.nodes import node_lines
from rootline.sources.kubernetes.plain import as_yaml, stripped
from rootline.sources.kubernetes.pods import status
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.sealing import Seal

_HIDDEN = frozenset({"kubectl.kubernetes.io/last-applied-configuration"})


def described(plural: str, object_: Raw, seal: Seal) -> Iterator[str]:
    """Yield the lines of a description without its events."""
    yield pair("Name", object_.name)
    if object_.namespace:
        yield pair("Namespace", object_.namespace)
    if plural in {"configmaps", "secrets"}:
        yield from _settings(object_, seal)
        return
    yield from _BLOCKS.get(plural, _any)(object_)


def _head(object_: Raw) -> Iterator[str]:
    yield from pairs("Labels", object_.pairs("metadata", "labels"))
    kept = {key: value for key, value in object_.pairs("metadata", "annotations").items() if key not in _HIDDEN}
    yield from pairs("Annotations", kept, by=": ")
    owner = object_.owner
    if owner:
        yield pair("Controlled By", f"{owner.text('kind')}/{owner.text('name')}")


def _pod(pod: Raw) -> Iterator[str]:
    spec = pod.at("spec")
    yield pair("Priority", str(spec.number("priority")))
    yield pair("Service Account", spec.text("serviceAccountName"))
    node = spec.text("nodeName")
    yield pair("Node", f"{node}/{pod.text('status', 'hostIP')}" if node else NONE)
    yield pair("Start Time", pod.text("status", "startTime") or NONE)
    yield from _head(pod)
    yield pair("Status", status(pod))
    for key in ("reason", "message"):
        if pod.text("status", key):
            yield pair(key.capitalize(), pod.text("status", key))
    yield pair("IP", pod.text("status", "podIP"))
    yield from containers("Init Containers", spec, pod.at("status"))
    yield from containers("Containers", spec, pod.at("status"))
    yield from conditions(pod)
    yield from volumes(spec)
    yield pair("QoS Class", pod.text("status", "qosClass") or NONE)
    yield from _placement(spec)


def _placement(spec: Raw, indent: int = 0) -> Iterator[str]:
    yield from pairs("Node-Selectors", spec.pairs("nodeSelector"), indent)
    yield from many("Tolerations", [_toleration(one) for one in spec.each("tolerations")], indent)


def _toleration(one: Raw) -> str:
    value = f"={one.text('value')}" if one.text("value") else ""
    effect = f":{one.text('effect')}" if one.text("effect") else ""
    exists = " op=Exists" if one.text("operator") == "Exists" else ""
    lasting = f" for {one.text('tolerationSeconds')}s" if one.text("tolerationSeconds") else ""
    return f"{one.text('key')}{value}{effect}{exists}{lasting}"


def _workload(object_: Raw) -> Iterator[str]:
    yield pair("Selector", selected(object_, "spec", "selector") or NONE)
    yield from _head(object_)
    yield pair("Replicas", _replicas(object_))
    template = object_.at("spec", "template")
    yield "Pod Template:"
    yield from pairs("Labels", template.pairs("metadata", "labels"), 2)
    if template.text("spec", "serviceAccountName"):
        yield pair("Service Account", template.text("spec", "serviceAccountName"), 2)
    yield from containers("Init Containers", template.at("spec"), Raw(None), 2)
    yield from containers("Containers", template.at("spec"), Raw(None), 2)
    yield from volumes(template.at("spec"), 2)
    yield from _placement(template.at("spec"), 2)
    yield from conditions(object_)


def _replicas(object_: Raw) -> str:
    held = object_.at("status")
    wanted = object_.number("spec", "replicas", default=1)
    return (
        f"{wanted} desired | {held.number('updatedReplicas')} updated | {held.number('replicas')} total | "
        f"{held.number('availableReplicas')} available | {held.number('unavailableReplicas')} unavailable"
    )


def _replica_set(object_: Raw) -> Iterator[str]:
    for line in _workload(object_):
        if line.startswith("Replicas:"):
            held, wanted = object_.number("status", "replicas"), object_.number("spec", "replicas")
            yield pair("Replicas", f"{held} current / {wanted} desired")
        else:
            yield line


def _service(service: Raw) -> Iterator[str]:
    yield from _head(service)
    yield pair("Selector", selected(service, "spec", "selector") or NONE)
    yield pair("Type", service.text("spec", "type") or "ClusterIP")
    yield pair("IP", service.text("spec", "clusterIP") or NONE)
    for port in service.each("spec", "ports"):
        protocol = port.text("protocol") or "TCP"
        yield pair("Port", f"{port.text('name') or '<unset>'}  {port.number('port')}/{protocol}")
        yield pair("TargetPort", f"{port.text('targetPort') or port.text('port')}/{protocol}")
        if port.number("nodePort"):
            yield pair("NodePort", f"{port.text('name') or '<unset>'}  {port.number('nodePort')}/{protocol}")


def _ingress(ingress: Raw) -> Iterator[str]:
    yield from _head(ingress)
    yield pair("Ingress Class", ingress.text("spec", "ingressClassName") or NONE)
    fallback = ingress.at("spec", "defaultBackend")
    yield pair("Default backend", _backend(fallback) if fallback else "<default>")
    yield "Rules:"
    yield from grid([("Host", "Path", "Backends"), ("----", "----", "--------")])
    for rule in ingress.each("spec", "rules"):
        yield f"  {rule.text('host') or '*'}"
        for path in rule.each("http", "paths"):
            yield f"    {path.text('path') or '/'}   {_backend(path.at('backend'))}"


def _backend(held: Raw) -> str:
    port = held.text("service", "port", "number") or held.text("service", "port", "name")
    return f"{held.text('service', 'name')}:{port} (see endpoints)"


def _claim(claim: Raw) -> Iterator[str]:
    yield pair("StorageClass", claim.text("spec", "storageClassName"))
    yield pair("Status", claim.text("status", "phase"))
    yield pair("Volume", claim.text("spec", "volumeName"))
    yield from _head(claim)
    yield pair("Requested", claim.text("spec", "resources", "requests", "storage"))
    yield pair("Capacity", claim.text("status", "capacity", "storage"))
    yield pair("Access Modes", modes(claim, "spec", "accessModes"))
    yield pair("VolumeMode", claim.text("spec", "volumeMode") or "Filesystem")
    yield from conditions(claim)


def _quota(quota: Raw) -> Iterator[str]:
    hard = quota.pairs("spec", "hard") | quota.pairs("status", "hard")
    used = quota.pairs("status", "used")
    rows = [(key, used.get(key) or "0", hard[key]) for key in sorted(hard)]
    yield from grid([("Resource", "Used", "Hard"), ("--------", "----", "----"), *rows], 0)


def _settings(object_: Raw, seal: Seal) -> Iterator[str]:
    """Keys with the hashes of their values, which show whether two values are the same and no more."""
    yield from pairs("Labels", object_.pairs("metadata", "labels"))
    if object_.text("type"):
        yield pair("Type", object_.text("type"))
    yield "Data"
    yield "===="
    yield from (f"{key}:  {mark}" for key, mark in seal.hidden(object_))


def _any(object_: Raw) -> Iterator[str]:
    """What has no block of its own: its fields as YAML."""
    yield from _head(object_)
    fields = stripped(object_).held
    rest = {key: value for key, value in fields.items() if key not in {"metadata", "kind", "apiVersion"}}
    yield from as_yaml(Raw(rest)).splitlines()
    yield from conditions(object_)


_BLOCKS: Mapping[str, Callable[[Raw], Iterator[str]]] = {
    "pods": _pod,
    "deployments": _workload,
    "statefulsets": _workload,
    "daemonsets": _workload,
    "replicasets": _replica_set,
    "services": _service,
    "ingresses": _ingress,
    "persistentvolumeclaims": _claim,
    "resourcequotas": _quota,
    "nodes": node_lines,
}

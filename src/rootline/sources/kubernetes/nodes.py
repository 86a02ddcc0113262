"""Nodes: their description, the facts that placement depends on, and whether their own services run."""

from collections.abc import Iterator, Sequence

from rootline.sources.kubernetes.blocks import grid, many, pair, pairs
from rootline.sources.kubernetes.columns import NONE, node_status, roles
from rootline.sources.kubernetes.pods import ready, status
from rootline.sources.kubernetes.raw import Raw

SYSTEM = "kube-system"
_HEADS = ("Type", "Status", "LastHeartbeatTime", "LastTransitionTime", "Reason", "Message")
_FIELDS = ("type", "status", "lastHeartbeatTime", "lastTransitionTime", "reason", "message")


def taint(held: Raw) -> str:
    """A taint as `key=value:Effect`."""
    value = f"={held.text('value')}" if held.text("value") else ""
    return f"{held.text('key')}{value}:{held.text('effect')}"


def node_lines(node: Raw) -> Iterator[str]:
    """The description of a node, without its pods."""
    yield pair("Roles", roles(node) or NONE)
    yield from pairs("Labels", node.pairs("metadata", "labels"))
    yield pair("CreationTimestamp", node.text("metadata", "creationTimestamp"), width=20)
    yield from many("Taints", [taint(one) for one in node.each("spec", "taints")])
    yield pair("Unschedulable", str(node.at("spec", "unschedulable").held is True).lower())
    yield "Conditions:"
    held = [[one.text(name) or NONE for name in _FIELDS] for one in node.each("status", "conditions")]
    yield from grid([_HEADS, ["-" * len(head) for head in _HEADS], *held])
    for title in ("Capacity", "Allocatable"):
        yield f"{title}:"
        yield from (pair(key, value, 2) for key, value in sorted(node.pairs("status", title.lower()).items()))
    yield "System Info:"
    for title, field in (
        ("Kubelet Version", "kubeletVersion"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
    ):
        yield pair(title, node.text("status", "nodeInfo", field), 2, 28)


def facts(node: Raw) -> Iterator[str]:
    """One fact a line: status, role, taints, labels, what can be allocated, conditions."""
    subject = f"node/{node.name}"
    yield f"{subject} status {node_status(node)}"
    yield f"{subject} role {roles(node) or NONE}"
    yield from (f"{subject} taint {taint(one)}" for one in node.each("spec", "taints"))
    yield from (f"{subject} label {key}={value}" for key, value in node.pairs("metadata", "labels").items())
    yield from (f"{subject} allocatable {key}={value}" for key, value in node.pairs("status", "allocatable").items())
    for one in node.each("status", "conditions"):
        told = f"{one.text('type')}={one.text('status')} {one.text('reason')} {one.text('message')}"
        yield f"{subject} condition {told.strip()}"


def kubelet(node: Raw) -> list[str]:
    """Whether the kubelet reports; nothing where its silence may have other causes."""
    found = node.condition("Ready")
    if found.text("status") not in {"True", "False"}:
        return []
    seen = found.text("lastHeartbeatTime") or "an unknown time"
    return [
        "Service: kubelet",
        f"Node: {node.name}",
        f"Seen: it reported Ready={found.text('status')} ({found.text('reason') or NONE}), last at {seen}",
        "Active: active (reporting)",
    ]


def of_pods(service: str, node: str, pods: Sequence[Raw]) -> list[str]:
    """Whether a system service runs that runs as a pod on its node; nothing where it does not run as one."""
    own = [one for one in pods if one.text("spec", "nodeName") == node and _serves(one, service)]
    if not own:
        return []
    one = own[0]
    up, _, wanted = ready(one).partition("/")
    runs = status(one) == "Running" and up == wanted
    again = sum(state.number("restartCount") for state in one.each("status", "containerStatuses"))
    return [
        f"Service: {service}",
        f"Node: {node}",
        f"Pod: {one.namespace}/{one.name} {ready(one)} {status(one)}, {again} restarts",
        f"Active: {'active (running)' if runs else f'failed ({status(one)})'}",
    ]


def _serves(pod: Raw, service: str) -> bool:
    labels = pod.pairs("metadata", "labels")
    return service in {labels.get("k8s-app"), labels.get("component")} or pod.name.startswith(f"{service}-")

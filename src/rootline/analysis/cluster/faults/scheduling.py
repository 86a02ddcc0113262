"""Pods that find no node: what they demand against what the nodes offer."""

import re
from collections.abc import Iterator

from rootline.analysis.cluster.faults.placement import Blocked, blocked_nodes
from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.objects import Event, Node, Pod
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot
from rootline.analysis.cluster.text import whole
from rootline.analysis.cluster.workload import Wish

_TAINT = re.compile(r"untolerated taint \{([^}:]{1,200})")
_UNSCHEDULABLE = re.compile(r"(\d+) node\(s\) were unschedulable")
_SYSTEM_TAINTS = "node.kubernetes.io/", "node-role.kubernetes.io/", "node.cloudprovider.kubernetes.io/"
OLD, _TIMES, _LONG_S = 0.6, 10.0, 3_600.0
"""Source: own choice: a pod that has waited for hours, ten times as long as another, belongs to an earlier story."""

_SCORES = {"unbound": 0.5}
"""Source: own choice: why a claim is not bound, its own state tells better."""
_CAUSES = {
    "cpu": "cpu_request_fits_no_node",
    "memory": "memory_request_fits_no_node",
    "cordon": "node_is_cordoned",
    "taint": "taint_not_tolerated",
    "selector": "selector_matches_no_node",
    "affinity": "affinity_matches_no_node",
    "anti_affinity": "anti_affinity_leaves_no_node",
    "zone": "volume_in_another_zone",
    "unbound": "claim_not_bound",
}
_WHY = {
    "cpu": "asks for more CPU than any node it may use has left",
    "memory": "asks for more memory than any node it may use has left",
    "cordon": "may only run on nodes that are cordoned",
    "taint": "does not tolerate the taint of the nodes it may run on",
    "selector": "selects nodes by a label that no node has",
    "affinity": "requires a node affinity that no node fulfils",
    "unbound": "waits for a volume claim that is not bound",
    "zone": "needs a volume that no node it may use can reach",
    "anti_affinity": "must not share a node with pods that already run on all of them",
}


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Explain each application whose pods were refused by the scheduler and still wait."""
    waiting = unscheduled(snapshot)
    newest = min((_waited(pods) for pods in waiting.values()), default=0.0)
    for app, pods in waiting.items():
        event = refusal(snapshot, pods)
        if event is None:
            continue
        kind, sure, lines = _blame(snapshot, app, event.message)
        if kind:
            yield Candidate(
                object=f"app/{app}",
                cause=_CAUSES[kind],
                score=(0.95 if sure else _SCORES.get(kind, 0.7))
                * (OLD if _waited(pods) > max(newest * _TIMES, _LONG_S) else 1.0),
                mechanism=f"A pod of {app} stays pending because it {_WHY[kind]}.",
                support=(event.proof, *lines[:3], pods[0].proof),
            )


def _waited(pods: list[Pod]) -> float:
    """How many seconds the youngest of the pods has waited; 0 where that is unknown."""
    return min((pod.age_s or 0.0 for pod in pods), default=0.0)


def unscheduled(snapshot: Snapshot) -> dict[str, list[Pod]]:
    """Applications with pods that have no node yet."""
    waiting: dict[str, list[Pod]] = {}
    for pod in snapshot.pods:
        if pod.status == "Pending" and not pod.node:
            waiting.setdefault(pod.app, []).append(pod)
    return waiting


def refusal(snapshot: Snapshot, pods: list[Pod]) -> Event | None:
    """The scheduler's last refusal of one of these pods."""
    names = {f"pod/{pod.name}" for pod in pods}
    refused = [e for e in snapshot.events if e.reason == "FailedScheduling" and e.subject in names]
    telling = [e for e in refused if "nodes are available" in e.message] or refused
    return min(telling, key=lambda e: e.age_s if e.age_s is not None else 0.0, default=None)


def _blame(snapshot: Snapshot, app: str, message: str) -> tuple[str, bool, list[LineProof]]:
    if "anti-affinity" in message:
        return "anti_affinity", True, _wish_lines(snapshot, app, "anti_affinity")
    if "volume node affinity conflict" in message:
        return "zone", True, []
    if "PersistentVolume" in message or "persistentvolumeclaim" in message:
        return "unbound", False, []
    nodes = blocked_nodes(snapshot, app)
    if nodes:
        kind, lines = _from_nodes(nodes, message)
        return kind, True, lines
    return _from_message(snapshot, app, message)


def _from_nodes(nodes: list[Blocked], message: str) -> tuple[str, list[LineProof]]:
    fitting = [n for n in nodes if not {"selector", "affinity"} & n.by.keys()]
    if not fitting:
        kind = "affinity" if all("affinity" in n.by for n in nodes) else "selector"
        return kind, [line for n in nodes for line in n.by.get(kind, ())][:1]
    if any("down" in n.by for n in fitting):
        return "", []
    told = _told(message)
    counts = {kind: sum(kind in n.by for n in fitting) + (kind in told) * 0.5 for kind in _CAUSES}
    for kind in told & {"cpu", "memory"}:
        counts[kind] = max(counts[kind], 1.5)
    kind = max(counts, key=lambda k: counts[k])
    return (kind if counts[kind] else ""), [line for n in fitting for line in n.by.get(kind, ())]


def _told(message: str) -> set[str]:
    told = {kind for kind in ("cpu", "memory") if f"Insufficient {kind}" in message}
    taints = [t for t in _TAINT.findall(message) if not t.startswith(_SYSTEM_TAINTS)]
    return told | ({"taint"} if taints else set())


def _nodes_short_of(message: str, resource: str) -> int:
    """How many nodes the scheduler counts that have too little of a resource."""
    found = re.search(rf"(\d{{1,5}}) Insufficient {resource}", message)
    return whole(found.group(1)) if found else 0


def _from_message(snapshot: Snapshot, app: str, message: str) -> tuple[str, bool, list[LineProof]]:
    """Judge by the scheduler's words alone, before the nodes' labels and taints are known."""
    told = _told(message)
    for kind in sorted(told, key=lambda kind: (-_nodes_short_of(message, kind), kind)):
        return kind, False, []
    cordoned = [n for n in snapshot.nodes if n.cordoned and not n.control_plane]
    refused = _UNSCHEDULABLE.search(message)
    permanent = sum(n.cordoned and n.control_plane for n in snapshot.nodes)
    if cordoned and refused and whole(refused.group(1)) > permanent:
        return "cordon", False, _node_lines(cordoned)
    if "node affinity/selector" in message:
        affinity = _wish_lines(snapshot, app, "affinity")
        return ("affinity", True, affinity) if affinity else ("selector", False, _selectors(snapshot, app))
    return "", False, []


def _node_lines(nodes: list[Node]) -> list[LineProof]:
    return [node.proof for node in nodes]


def _wishes(snapshot: Snapshot, app: str) -> tuple[Wish, ...]:
    workload = snapshot.workload(app)
    return workload.wishes if workload else ()


def _wish_lines(snapshot: Snapshot, app: str, kind: str) -> list[LineProof]:
    return [wish.proof for wish in _wishes(snapshot, app) if wish.kind == kind]


def _selectors(snapshot: Snapshot, app: str) -> list[LineProof]:
    return _wish_lines(snapshot, app, "selector")

"""Which nodes a pod could use, and what keeps it off each of them."""

from dataclasses import dataclass, field

from rootline.analysis.cluster.listings import labels
from rootline.analysis.cluster.objects import NodeFact
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot
from rootline.analysis.cluster.text import quantity
from rootline.analysis.cluster.workload import Toleration, Wish, Workload

_CORDON = "node.kubernetes.io/unschedulable"
_DOWN = "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"
_PERMANENT = "node-role.kubernetes.io/"


@dataclass(slots=True)
class Blocked:
    """A node with everything that keeps a pod off it, each with the lines that show it."""

    node: str
    by: dict[str, list[LineProof]] = field(default_factory=dict)

    def add(self, kind: str, *lines: LineProof) -> None:
        """Remember one more obstacle."""
        self.by.setdefault(kind, []).extend(lines)


def blocked_nodes(snapshot: Snapshot, app: str) -> list[Blocked]:
    """Try an application's pod on each node that is meant for workloads.

    Returns:
        Nothing when labels and taints of the nodes, or the pod's demands, were not read.

    """
    workload = snapshot.workload(app)
    if workload is None or not any(fact.topic == "label" for fact in snapshot.node_facts):
        return []
    nodes = [node for node in snapshot.nodes if not node.control_plane] or snapshot.nodes
    return [_try(snapshot, workload, node.name) for node in nodes]


def _try(snapshot: Snapshot, workload: Workload, node: str) -> Blocked:
    facts = [fact for fact in snapshot.node_facts if fact.node == node]
    found = Blocked(node)
    row = snapshot.node(node)
    if row and row.cordoned:
        found.add("cordon", row.proof)
    held = {k: v for fact in facts if fact.topic == "label" for k, v in labels(fact.text).items()}
    for wish in workload.wishes:
        if wish.kind in {"selector", "affinity"} and not _granted(wish, held):
            found.add(wish.kind, wish.proof)
    _taints(found, facts, workload.tolerations)
    _capacity(found, facts, workload)
    return found


def _granted(wish: Wish, held: dict[str, str]) -> bool:
    value = held.get(wish.key)
    rules = {
        "In": value in wish.values,
        "NotIn": value not in wish.values,
        "Exists": value is not None,
        "DoesNotExist": value is None,
    }
    return rules.get(wish.operator, True)


def _taints(found: Blocked, facts: list[NodeFact], tolerations: tuple[Toleration, ...]) -> None:
    for fact in (f for f in facts if f.topic == "taint"):
        key, _, rest = fact.text.partition("=") if "=" in fact.text else fact.text.partition(":")
        value, _, effect = rest.rpartition(":") if "=" in fact.text else ("", "", rest)
        if effect == "PreferNoSchedule" or key.startswith(_PERMANENT):
            continue
        if key == _CORDON:
            found.add("cordon", fact.proof)
        elif key in _DOWN:
            found.add("down", fact.proof)
        elif not any(_tolerates(t, key, value, effect) for t in tolerations):
            found.add("taint", fact.proof)


def _tolerates(toleration: Toleration, key: str, value: str, effect: str) -> bool:
    if toleration.effect not in {"", effect} or toleration.key not in {"", key}:
        return False
    return toleration.operator == "Exists" or (toleration.key == key and toleration.value == value)


def _capacity(found: Blocked, facts: list[NodeFact], workload: Workload) -> None:
    for resource in ("cpu", "memory"):
        asked = sum(c.requests.get(resource, 0.0) for c in workload.containers)
        for fact in facts:
            name, _, amount = fact.text.partition("=")
            held = quantity(amount)
            if fact.topic == "allocatable" and name == resource and held is not None and asked > held:
                found.add(resource, fact.proof)

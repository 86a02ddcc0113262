"""System services of a node that do not run."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from rootline.analysis.cluster.faults.scheduling import refusal, unscheduled
from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.objects import Event, Node, NodeService, Reach
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot
from rootline.analysis.cluster.text import quantity

_RUNTIMES = {"containerd", "crio", "cri-o", "docker", "cri-dockerd"}

_KEEPERS = _RUNTIMES | {"kubelet"}
_PRESSED = re.compile(r"(?:Memory|Disk|PID)Pressure(?:=| +)True")
EVICTING = {"Evicted", "EvictionThresholdMet", "NodeHasDiskPressure", "NodeHasInsufficientMemory", "SystemOOM"}
_LONGEST = 4_000
_SOCKET = re.compile(r"(?:containerd|crio|cri-dockerd|docker)\.sock")


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Explain nodes that are not ready, that cannot forward, and pods that nobody places."""
    for node in snapshot.nodes:
        stopped = [s for s in snapshot.node_services if s.node == node.name and not s.running]
        if not node.ready or any(s.service in _KEEPERS for s in stopped) or stuck(snapshot, node):
            yield from (_weighed(snapshot, node, found) for found in _down(snapshot, node))
    yield from _proxies(snapshot)
    yield from _schedulers(snapshot)
    yield from _pressed(snapshot)


def stuck(snapshot: Snapshot, node: Node) -> list[LineProof]:
    """What pods that do not start on a node say about its container runtime."""
    here = {f"pod/{p.name}" for p in snapshot.pods if p.node == node.name and not p.healthy}
    return [e.proof for e in snapshot.events if e.subject in here and _SOCKET.search(e.message)]


def _service(snapshot: Snapshot, node: str, names: set[str]) -> NodeService | None:
    return next((s for s in snapshot.node_services if s.node == node and s.service in names), None)


def _conditions(snapshot: Snapshot, node: str, *words: str) -> list[LineProof]:
    facts = [f for f in snapshot.node_facts if f.node == node and f.topic == "condition"]
    return [f.proof for f in facts if any(word in f.text.lower() for word in words)]


def _down(snapshot: Snapshot, node: Node) -> Iterator[Candidate]:
    runtime, kubelet = _service(snapshot, node.name, _RUNTIMES), _service(snapshot, node.name, {"kubelet"})
    no_runtime = _conditions(snapshot, node.name, "container runtime is down", "runtime not ready")
    silent = _conditions(snapshot, node.name, "stopped posting")
    own = [e.proof for e in snapshot.events if e.subject == f"node/{node.name}" and _SOCKET.search(e.message)]
    told = stuck(snapshot, node) + ([] if node.ready else own)
    kubelet_dead = kubelet is not None and not kubelet.running
    if runtime and not runtime.running and not (kubelet_dead and silent):
        lines = (runtime.proof, *no_runtime[:1], *told[:1], node.proof)
        yield _candidate(node.name, "container_runtime_down", 0.97, lines, "the container runtime is not running")
    elif kubelet and kubelet_dead:
        lines = (kubelet.proof, *silent[:1], node.proof)
        yield _candidate(node.name, "kubelet_down", 0.97, lines, "the kubelet is not running")
    elif no_runtime or told:
        lines = (*no_runtime[:1], *told[:1], node.proof)
        yield _candidate(node.name, "container_runtime_down", 0.85, lines, "the container runtime does not answer")
    elif not node.ready:
        score = 0.8 if silent and not (kubelet and kubelet.running) else 0.5
        yield _candidate(
            node.name, "kubelet_down", score, (*silent[:1], node.proof), "the kubelet has stopped reporting"
        )


def _weighed(snapshot: Snapshot, node: Node, found: Candidate) -> Candidate:
    """A node that nobody here needs explains nothing: no pod runs on it and none waits for a place."""
    needed = any(p.node == node.name for p in snapshot.pods) or bool(unscheduled(snapshot))
    return found if needed or not snapshot.pods else replace(found, score=found.score * 0.6)


def _candidate(node: str, cause: str, score: float, lines: tuple[LineProof, ...], why: str) -> Candidate:
    mechanism = f"On {node} {why}, so the pods of this node fail or cannot start."
    return Candidate(object=f"node/{node}", cause=cause, score=score, mechanism=mechanism, support=lines)


def _proxies(snapshot: Snapshot) -> Iterator[Candidate]:
    """Nodes whose service addresses lead nowhere, while those of other nodes do."""
    proxies = [s for s in snapshot.node_services if s.service == "kube-proxy"]
    stopped = [s for s in proxies if not s.running]
    failing = _one_sided(snapshot)
    for node in dict.fromkeys([s.node for s in stopped] + list(failing)):
        dead = next((s for s in stopped if s.node == node), None)
        lively = next((s for s in proxies if s.node == node and s.running), None)
        lines = ((dead.proof,) if dead else ()) + tuple(r.proof for r in failing.get(node, ())[:2])
        why = "kube-proxy is not running" if dead else "service addresses cannot be reached"
        score = 0.96 if dead else 0.05 if lively else 0.75
        yield _candidate(node, "kube_proxy_down", score, lines, why)


def _one_sided(snapshot: Snapshot) -> dict[str, list[Reach]]:
    """Failed checks by node, of services that were reached from another node."""
    reached = {(r.service, r.port) for r in snapshot.reaches if r.reached and r.node}
    failing: dict[str, list[Reach]] = {}
    for reach in snapshot.reaches:
        if reach.node and not reach.reached and (reach.service, reach.port) in reached:
            failing.setdefault(reach.node, []).append(reach)
    good = Counter(r.node for r in snapshot.reaches if r.reached)
    return {node: bad for node, bad in failing.items() if len(bad) > good[node]}


def _schedulers(snapshot: Snapshot) -> Iterator[Candidate]:
    stopped = [s for s in snapshot.node_services if s.service == "kube-scheduler" and not s.running]
    waiting = unscheduled(snapshot)
    unseen = [pods[0].proof for pods in waiting.values() if refusal(snapshot, pods) is None]
    for service in stopped:
        why = "the scheduler is not running"
        lines = (service.proof, *unseen[:2])
        yield _candidate(service.node, "kube_scheduler_down", 0.97, lines, why)
    alive = any(s.service == "kube-scheduler" and s.running for s in snapshot.node_services)
    if unseen and not stopped and not alive:
        for node in [n for n in snapshot.nodes if n.control_plane][:1]:
            lines = (*unseen[:2], node.proof)
            yield _candidate(node.name, "kube_scheduler_down", 0.6, lines, "nobody places pods")


_KINDS = (
    ("node_disk_pressure", re.compile(r"DiskPressure|ephemeral[- ]storage|nodefs|imagefs|inodes|disk", re.IGNORECASE)),
    ("node_memory_pressure", re.compile(r"Memory|SystemOOM", re.IGNORECASE)),
)
_USED = re.compile(r"was using (\d{1,15}(?:\.\d{1,6})?[A-Za-z]{0,2})")


def _pressed(snapshot: Snapshot) -> Iterator[Candidate]:
    """Nodes that run out of memory, disk or process ids, and evict for it; who used most is told first."""
    for node in snapshot.nodes:
        facts = [f for f in snapshot.node_facts if f.node == node.name and f.topic == "condition"]
        lines = [f.proof for f in facts if _PRESSED.search(f.text) or _PRESSED.search(f.proof.quote)]
        here = {f"pod/{p.name}" for p in snapshot.pods if p.node == node.name} | {f"node/{node.name}"}
        own = [e for e in snapshot.events if e.subject in here and e.reason in EVICTING]
        others = [e for e in snapshot.events if e.reason == "Evicted" and e not in own and _USED.search(e.message)]
        told = sorted([*own, *(others if own else [])], key=_used, reverse=True)
        if lines or own:
            score = 0.93 if lines and own else 0.85 if lines else 0.6
            proofs = (*lines[:2], *(e.proof for e in told[:3]), node.proof)
            cause = _pressure(" ".join([*(line.quote for line in lines), *(e.message for e in own)]))
            yield _candidate(node.name, cause, score, proofs, "memory, disk or process ids run out")


def _pressure(told: str) -> str:
    return next((cause for cause, words in _KINDS if words.search(told[:_LONGEST])), "node_pressure")


def _used(event: Event) -> float:
    """How much the evicted container used of what ran out, in base units; an event that does not say so comes last."""
    found = _USED.search(event.message)
    return (quantity(found.group(1)) or 0.0) if found else -1.0

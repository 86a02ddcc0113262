"""Applications that were switched off, ran out of memory, or fight over a port."""

import re
from collections.abc import Iterator

from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot
from rootline.analysis.cluster.text import whole
from rootline.analysis.cluster.workload import Container, Workload

_OOM = re.compile(r"OOM-?[Kk]ill|[Oo]ut of memory|OutOfMemoryError")
_IN_USE = re.compile(
    r"address (?:already )?in use|EADDRINUSE|port \d{1,5} (?:was|is) already (?:in use|allocated)"
    r"|bind\(\) to \S{1,60} failed|failed to bind|Only one usage of each socket",
    re.IGNORECASE,
)
_MESH_PORTS = {15000, 15001, 15002, 15004, 15006, 15008, 15009, 15020, 15021, 15053, 15090}
"""Ports that Istio's sidecar listens on.

Source: istio.io/latest/docs/ops/deployment/application-requirements/ ("Ports used by Istio").
"""
_STALE_S = 3_600.0
"""A restart longer ago than this, of a pod that is well now, belongs to an earlier story."""


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Look at each deployment and each pod that was described."""
    yield from _switched_off(snapshot)
    yield from _out_of_memory(snapshot)
    yield from _same_port(snapshot)


def _switched_off(snapshot: Snapshot) -> Iterator[Candidate]:
    for deployment in snapshot.deployments:
        if deployment.wanted == 0 and deployment.ready == 0 and not snapshot.pods_of(deployment.name):
            served = [s.proof for s in snapshot.services if snapshot.backing_app(s) == deployment.name]
            yield Candidate(
                object=f"app/{deployment.name}",
                cause="scaled_to_zero",
                score=0.6 if not served else 0.85 if snapshot.broken_pods() else 0.9,
                mechanism=f"{deployment.name} is scaled to zero, so nobody answers its service.",
                support=(deployment.proof, *served[:1]),
            )


def _out_of_memory(snapshot: Snapshot) -> Iterator[Candidate]:
    for pod in snapshot.pods:
        lines = [] if pod.status != "OOMKilled" else [pod.proof]
        lines += [line for line in _states(snapshot, pod.name) if _OOM.search(line.quote)]
        lines += [
            e.proof
            for e in snapshot.events
            if e.subject == f"pod/{pod.name}" and (e.reason == "OOMKilling" or _OOM.search(e.message))
        ]
        if pod.restarts or not pod.healthy:
            lines += [p.proof for p in snapshot.logs if p.app == pod.app and "OutOfMemoryError" in p.text]
        stale = pod.healthy and pod.restarted_s is not None and pod.restarted_s > _STALE_S
        if lines:
            yield Candidate(
                object=f"app/{pod.app}",
                cause="memory_limit_reached",
                score=0.1 if stale else 0.95,
                mechanism=f"The kernel kills {pod.app} whenever it needs more memory than its limit.",
                support=(*lines[:3], pod.proof),
                against=(pod.proof,) if stale else (),
                still_present=not stale,
            )


def _states(snapshot: Snapshot, pod: str) -> list[LineProof]:
    described = [d for d in snapshot.details if d.name == pod]
    return [line for d in described for c in d.workload.containers for line in c.states]


def _same_port(snapshot: Snapshot) -> Iterator[Candidate]:
    for workload in snapshot.workloads():
        app = workload.app
        shared = len(workload.containers) > 1 or any(
            len(d.workload.containers) > 1 for d in snapshot.details if d.app == app
        )
        clash = _clash(workload)
        taken = _reserved(workload) if shared and not clash else []
        refused = [p.proof for p in snapshot.logs if p.app == app and _IN_USE.search(p.text)]
        refused += [line for line in _app_states(snapshot, app) if _IN_USE.search(line.quote)]
        broken = [pod.proof for pod in snapshot.pods_of(app) if not pod.healthy or pod.restarts]
        if ((clash or taken) and broken) or (refused and shared):
            yield Candidate(
                object=f"app/{app}",
                cause="containers_want_one_port",
                score=0.97 if refused else 0.96 if clash else 0.85,
                mechanism=f"Two containers of {app} want the same port; the later one cannot start.",
                support=(*refused[:2], *clash[:2], *taken[:1], *broken[:1]),
            )


def _app_states(snapshot: Snapshot, app: str) -> list[LineProof]:
    described = [d for d in snapshot.details if d.app == app]
    return [line for d in described for c in d.workload.containers for line in c.states]


def _clash(workload: Workload) -> list[LineProof]:
    """The lines in which two containers of a pod claim one port."""
    for place, container in enumerate(workload.containers):
        for port in container.ports:
            others = [c for i, c in enumerate(workload.containers) if i != place]
            second = [line for other in others for line in _claims(other, port.number, port.protocol)]
            if second:
                return [port.proof, second[0]]
    return []


def _claims(container: Container, number: int, protocol: str) -> list[LineProof]:
    """Where a container declares a port, or names it on its command line or in its environment."""
    declared = [p.proof for p in container.ports if (p.number, p.protocol) == (number, protocol)]
    spoken = re.compile(rf"(?<!\d){number}(?!\d)")
    said = [w.proof for w in container.words if spoken.search(w.value[:400])]
    said += [v.proof for v in container.env if "PORT" in v.name.upper() and v.value.strip() == str(number)]
    return declared + said


def _reserved(workload: Workload) -> list[LineProof]:
    """Where an application takes a port that a mesh's sidecar has taken already."""
    declared = [p.proof for p in workload.ports if p.number in _MESH_PORTS]
    set_by = [v for v in workload.env if v.name.upper().endswith("PORT")]
    return declared + [v.proof for v in set_by if whole(v.value) in _MESH_PORTS]

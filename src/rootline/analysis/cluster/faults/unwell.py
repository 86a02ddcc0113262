"""Pods that are ill for a reason that nothing else here knows: what Kubernetes itself says of them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.objects import Event, Pod
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot
from rootline.analysis.cluster.workload import PodDetail
from rootline.analysis.logs.trouble import troubles_in

SCORE = 0.6
"""Source: own choice: below every rule that knows the reason, above those that only guess at one."""
VICTIM, GUESS = 0.4, 0.3
_ANSWERED = re.compile(r"statuscode: 5\d\d")
_OLD_S = 1_800.0
_RECENT_S = 600.0
_MANY = 3
_VOLUME = {"FailedMount", "FailedAttachVolume"}
_PROBES = {"liveness": re.compile(r"^(?:Liveness|Startup) probe "), "readiness": re.compile(r"^Readiness probe ")}
_MOST_PROOFS = 3
_CRASHING = {"CrashLoopBackOff", "Error", "RunContainerError", "StartError", "ContainerCannotRun"}


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Name what is seen of each application that has a broken pod, the more telling first."""
    ill = [*snapshot.broken_pods(), *snapshot.restarted_pods(), *_killed(snapshot)]
    for app in dict.fromkeys(pod.app for pod in ill):
        pods = [pod for pod in ill if pod.app == app]
        events = [
            e for e in snapshot.events if e.warning and e.subject in {f"pod/{p.name}" for p in pods} and _fresh(e)
        ]
        found = _of(snapshot, app, pods, events)
        if found is not None:
            yield found


def _killed(snapshot: Snapshot) -> list[Pod]:
    """Pods that were restarted and whose liveness probe failed a short while ago, however many they are."""
    told = {e.subject for e in snapshot.events if e.warning and _PROBES["liveness"].match(e.message) and _fresh(e)}
    return [pod for pod in snapshot.pods if pod.restarts and f"pod/{pod.name}" in told]


def _fresh(event: Event) -> bool:
    return event.age_s is None or event.age_s < _OLD_S


def _of(snapshot: Snapshot, app: str, pods: list[Pod], events: list[Event]) -> Candidate | None:
    mounts = [e.proof for e in events if e.reason in _VOLUME]
    alive = [e.proof for e in events if _PROBES["liveness"].match(e.message)]
    ready = [e.proof for e in events if _PROBES["readiness"].match(e.message)]
    again = [pod for pod in pods if pod.status in _CRASHING or pod.restarts]
    broken = [pod for pod in pods if not pod.healthy]
    creating = [pod for pod in pods if pod.status in {"ContainerCreating", "Pending", "Init:0/1", "PodInitializing"}]
    if mounts and creating:
        return _candidate(app, "volume_not_mounted", mounts, pods, "waits for a volume that cannot be mounted")
    if alive and again:
        lines = [*alive[:2], *_ends(snapshot, again)]
        found = _candidate(app, "liveness_probe_fails", lines, pods, "is restarted because its liveness probe fails")
        silent = any(d.app == app and _has_probe(d) for d in snapshot.details) and not _ANSWERED.search(alive[0].quote)
        return replace(found, score=GUESS) if silent else found
    if any(_crashes(pod) for pod in broken):
        lines = [*_ends(snapshot, again)[:2], *(e.proof for e in events if e.reason == "BackOff")]
        found = _candidate(app, "container_crashes", lines, pods, "starts, ends with an error, and is started again")
        follows = _complains_of_others(snapshot, app) or _many_crash(snapshot)
        return replace(found, score=VICTIM) if follows else found
    if ready:
        return _candidate(app, "readiness_probe_fails", ready, pods, "runs, but its readiness probe fails")
    return None


def _candidate(app: str, cause: str, lines: list[LineProof], pods: list[Pod], why: str) -> Candidate:
    return Candidate(
        object=f"app/{app}",
        cause=cause,
        score=SCORE,
        mechanism=f"{app} {why}.",
        support=(*lines[:_MOST_PROOFS], *(pod.proof for pod in pods[:2])),
    )


def _has_probe(detail: PodDetail) -> bool:
    """Whether the probe itself was read, so that other rules judge how it is written."""
    return any(c.probes for c in detail.workload.containers)


def _crashes(pod: Pod) -> bool:
    """Whether a pod ends again and again now, or did a short while ago."""
    return pod.status in _CRASHING or (pod.restarts > 0 and (pod.restarted_s or 0.0) < _RECENT_S)


def _many_crash(snapshot: Snapshot) -> bool:
    """Whether so many applications end alike that each is rather a victim of something they share."""
    return len({pod.app for pod in snapshot.broken_pods() if _crashes(pod)}) >= _MANY


def _complains_of_others(snapshot: Snapshot, app: str) -> bool:
    """Whether an application ends because it does not reach another."""
    told = troubles_in(pattern.text for pattern in snapshot.logs if pattern.app == app)
    return bool(told & {"unreachable", "name_resolution", "connections_exhausted", "pool_exhausted"})


def _ends(snapshot: Snapshot, pods: list[Pod]) -> list[LineProof]:
    """How the containers of the pods ended."""
    names = {pod.name for pod in pods}
    details = [d for d in snapshot.details if d.name in names]
    return [line for d in details for c in d.workload.containers for line in c.states if "Exit Code" in line.quote]

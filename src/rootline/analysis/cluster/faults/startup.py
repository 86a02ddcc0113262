"""Containers that cannot be set up: missing secrets, and volumes they may not use."""

import re
from collections.abc import Iterator

from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.objects import Pod
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot

_MISSING = re.compile(
    r"(?:secret|configmap) \"(?!kube-root-ca|istio-ca)[^\"]{1,253}\" not found"
    r"|couldn't find key \S{1,253} in (?:Secret|ConfigMap)"
    r"|references non-existent (?:secret|config) key",
)
_DENIED = re.compile(
    r"permission denied|EACCES|operation not permitted|access denied.{0,40}(?:file|directory|path|volume)"
    r"|errno:? ?13|os error 13|unable to create .{0,80}directory|not writable|read-only (?:file system|directory)",
    re.IGNORECASE,
)
_WRONG_FILE = re.compile(r"hostPath type check failed", re.IGNORECASE)


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Explain each application whose container is not created, or falls over its volume."""
    apps = dict.fromkeys(pod.app for pod in snapshot.pods if not pod.healthy)
    for app in apps:
        pods = [pod for pod in snapshot.pods_of(app) if not pod.healthy]
        yield from _missing_secret(snapshot, app, pods)
        yield from _denied_volume(snapshot, app, pods)


def _told(snapshot: Snapshot, pods: list[Pod], pattern: re.Pattern[str]) -> list[LineProof]:
    subjects = {f"pod/{pod.name}" for pod in pods}
    told = [e.proof for e in snapshot.events if e.subject in subjects and pattern.search(e.message)]
    states = [
        line
        for detail in snapshot.details
        if f"pod/{detail.name}" in subjects
        for container in detail.workload.containers
        for line in container.states
        if pattern.search(line.quote)
    ]
    return told + states


def _missing_secret(snapshot: Snapshot, app: str, pods: list[Pod]) -> Iterator[Candidate]:
    lines = _told(snapshot, pods, _MISSING)
    stuck = [p for p in pods if p.status in {"CreateContainerConfigError", "ContainerCreating", "Pending"}]
    if lines and stuck:
        yield Candidate(
            object=f"app/{app}",
            cause="secret_missing",
            score=0.95,
            mechanism=f"The container of {app} is not created because a secret it refers to does not exist.",
            support=(*lines[:2], stuck[0].proof),
        )
    elif any(p.status == "CreateContainerConfigError" for p in pods):
        workload = snapshot.workload(app)
        named = [r.proof for r in workload.named("secret")] if workload else []
        yield Candidate(
            object=f"app/{app}",
            cause="secret_missing",
            score=0.75,
            mechanism=f"The container of {app} is not created because its configuration cannot be resolved.",
            support=(pods[0].proof, *named[:2]),
        )


def _denied_volume(snapshot: Snapshot, app: str, pods: list[Pod]) -> Iterator[Candidate]:
    mounts = _told(snapshot, pods, _DENIED) + _told(snapshot, pods, _WRONG_FILE)
    logged = [p.proof for p in snapshot.logs if p.app == app and _DENIED.search(p.text)]
    workload = snapshot.workload(app)
    held = [r.proof for kind in ("host_path", "claim") for r in (workload.named(kind) if workload else ())]
    if mounts or logged:
        yield Candidate(
            object=f"app/{app}",
            cause="volume_not_permitted",
            score=0.95 if held else 0.7,
            mechanism=f"{app} ends at once because it may not use the files of its volume.",
            support=(*mounts[:2], *logged[:2], *held[:1], pods[0].proof),
        )

"""Limits that a cluster runs into from outside: addresses, the autoscaler's maximum, reclaimed machines, webhooks."""

import re
from collections.abc import Iterator

from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.objects import Event
from rootline.analysis.cluster.snapshot import Snapshot
from rootline.analysis.logs.trouble import troubles_of

_SANDBOX = {"FailedCreatePodSandBox", "FailedPodSandBoxStatus", "NetworkNotReady"}
_AT_MOST = re.compile(
    r"maximum replica|max_?replicas|more than the maximum|TooManyReplicas|ScalingLimited", re.IGNORECASE
)
_OWN_LIMIT = re.compile(
    r"ephemeral (?:local )?storage usage exceeds|exceeds? (?:the total limit|its (?:local )?ephemeral)"
    r"|usage of EmptyDir volume .{0,120}exceeds",
    re.IGNORECASE,
)
_WEBHOOK = re.compile(r"failed calling webhook|admission webhook .{0,160}(?:denied|failed|timeout)", re.IGNORECASE)
_FRESH_S = 3_600.0


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Explain what a limit outside of the workloads does to them, while it still does."""
    fresh = [e for e in snapshot.events if e.warning and (e.age_s is None or e.age_s < _FRESH_S)]
    yield from _sandboxes(snapshot, fresh)
    yield from _autoscalers(fresh)
    yield from _machines(snapshot, fresh)
    yield from _own_limits(snapshot, fresh)
    yield from _webhooks(snapshot, fresh)


def _sandboxes(snapshot: Snapshot, events: list[Event]) -> Iterator[Candidate]:
    waiting = {f"pod/{pod.name}": pod for pod in snapshot.pods if not pod.healthy}
    refused = [e for e in events if e.subject in waiting and e.reason in _SANDBOX]
    for app in dict.fromkeys(waiting[e.subject].app for e in refused):
        mine = [e for e in refused if waiting[e.subject].app == app]
        empty = [e for e in mine if "addresses_used_up" in troubles_of(e.message)]
        shown = empty or mine
        yield Candidate(
            object=f"app/{app}",
            cause="pod_addresses_used_up" if empty else "pod_sandbox_fails",
            score=0.95 if empty else 0.7,
            mechanism=f"A pod of {app} gets no network on its node, so its container is never created.",
            support=(*(e.proof for e in shown[:2]), waiting[shown[0].subject].proof),
        )


def _autoscalers(events: list[Event]) -> Iterator[Candidate]:
    told = [e for e in events if e.subject.startswith("horizontalpodautoscaler/")]
    for event in told:
        if _AT_MOST.search(f"{event.reason} {event.message}"):
            name = event.subject.partition("/")[2]
            yield Candidate(
                object=f"app/{name}",
                cause="autoscaler_at_maximum",
                score=0.8,
                mechanism=f"The autoscaler of {name} wants more replicas than its maximum allows.",
                support=(event.proof,),
            )


def _machines(snapshot: Snapshot, events: list[Event]) -> Iterator[Candidate]:
    for event in events:
        taken = "reclaimed" in troubles_of(f"{event.reason} {event.message}")
        if taken and event.subject.startswith("node/"):
            name = event.subject.partition("/")[2]
            rows = [node.proof for node in snapshot.nodes if node.name == name and not node.ready]
            gone = [pod.proof for pod in snapshot.pods if pod.node == name and not pod.healthy]
            suffers = bool(gone or snapshot.broken_pods() or any(not pod.node for pod in snapshot.pods))
            yield Candidate(
                object=f"node/{name}",
                cause="node_reclaimed",
                score=0.98 if suffers else 0.1,
                mechanism=f"The provider takes {name} back, and its pods have to start elsewhere.",
                support=(event.proof, *rows[:1], *gone[:2]),
                still_present=suffers,
            )


def _own_limits(snapshot: Snapshot, events: list[Event]) -> Iterator[Candidate]:
    for event in events:
        if event.subject.startswith("pod/") and _OWN_LIMIT.search(event.message):
            app = snapshot.app_of_subject(event.subject)
            yield Candidate(
                object=f"app/{app}",
                cause="pod_storage_limit_reached",
                score=0.95,
                mechanism=f"{app} writes more to its node's disk than its limit, so the kubelet evicts it.",
                support=(event.proof, *(pod.proof for pod in snapshot.pods_of(app) if not pod.healthy)),
            )


def _webhooks(snapshot: Snapshot, events: list[Event]) -> Iterator[Candidate]:
    for event in events:
        if _WEBHOOK.search(event.message):
            app = snapshot.app_of_subject(event.subject)
            yield Candidate(
                object=f"app/{app}",
                cause="admission_webhook_fails",
                score=0.9,
                mechanism=f"No pod of {app} is admitted, because a webhook that has to agree does not.",
                support=(event.proof,),
            )

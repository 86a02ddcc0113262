"""Pods that the API server does not accept: accounts and quotas."""

import re
from collections.abc import Iterator

from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.objects import Event
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot

_ACCOUNT = re.compile(r"service ?account \S{1,260} ?(?:not found|does not exist)|serviceaccount \"[^\"]+\" not found")
_QUOTA = re.compile(r"exceeded quota: [^,]{1,253}, requested: ([^ ]{1,300})|must specify ([\w.,]{1,200})")
_RESOURCES = (
    ("storage_quota_used_up", re.compile(r"storage|persistentvolumeclaims")),
    ("service_quota_used_up", re.compile(r"services")),
    ("memory_quota_used_up", re.compile(r"memory")),
    ("cpu_quota_used_up", re.compile(r"cpu")),
    ("pod_quota_used_up", re.compile(r"pods")),
)

_STORAGE = "storage_quota_used_up"
_NO_CLAIM = re.compile(r"persistentvolumeclaim \"[^\"]{1,253}\" not found")


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Explain pods that are still missing because their creation is refused; the last refusal counts."""
    for app in dict.fromkeys(snapshot.app_of_subject(e.subject) for e in _refused(snapshot)):
        mine = [e for e in _refused(snapshot) if snapshot.app_of_subject(e.subject) == app]
        last = min(mine, key=_age)
        lacking, line = lacks_pods(snapshot, app)
        refused = lacking and bool(_ACCOUNT.search(last.message)) and not _created_since(snapshot, app, last)
        yield from _account(app, mine, refused, line)
        yield from _quota(snapshot, app, mine, lacking and bool(_QUOTA.search(last.message)), line)
    yield from _full(snapshot)


def lacks_pods(snapshot: Snapshot, app: str) -> tuple[bool, LineProof | None]:
    """Whether an application has fewer pods than it wants, and the line that says so."""
    deployment = snapshot.deployment(app)
    pods = [p for p in snapshot.pods_of(app) if p.status not in {"Terminating", "Evicted"}]
    if deployment is not None:
        return len(pods) < deployment.wanted or deployment.current < deployment.wanted, deployment.proof
    return not pods, pods[0].proof if pods else None


def _created_since(snapshot: Snapshot, app: str, refusal: Event) -> bool:
    """Whether a pod was created after a refusal, even if it is gone or ill by now."""
    ages = [pod.age_s for pod in snapshot.pods_of(app) if pod.age_s is not None]
    return refusal.age_s is not None and any(age < refusal.age_s for age in ages)


def _refused(snapshot: Snapshot) -> list[Event]:
    return [e for e in snapshot.events if e.reason == "FailedCreate" or "is forbidden" in e.message]


def _newest(events: list[Event], pattern: re.Pattern[str]) -> Event | None:
    told = [e for e in events if pattern.search(e.message)]
    return min(told, key=_age, default=None)


def _age(event: Event) -> float:
    return event.age_s if event.age_s is not None else 0.0


def _account(app: str, events: list[Event], lacking: bool, line: LineProof | None) -> Iterator[Candidate]:
    event = _newest(events, _ACCOUNT)
    if event:
        shown = (line,) if line else ()
        yield Candidate(
            object=f"app/{app}",
            cause="service_account_missing",
            score=0.95 if lacking else 0.02,
            mechanism=f"No pod of {app} can be created because its service account does not exist.",
            support=(event.proof, *shown) if lacking else (event.proof,),
            against=() if lacking else shown,
            still_present=lacking,
        )


def _quota(
    snapshot: Snapshot, app: str, events: list[Event], lacking: bool, line: LineProof | None
) -> Iterator[Candidate]:
    event = _newest(events, _QUOTA)
    found = _QUOTA.search(event.message) if event else None
    cause = _cause(found.group(1) or found.group(2)) if found else ""
    if event and cause:
        shown = (line,) if line else ()
        full = [q.proof for q in snapshot.quotas if _cause(q.resource) == cause]
        yield Candidate(
            object=f"namespace/{snapshot.namespace}",
            cause=cause,
            score=0.95 if lacking else 0.1,
            mechanism=f"No further pod of {app} is accepted because the namespace has used up its quota.",
            support=(event.proof, *full[:1], *shown) if lacking else (event.proof,),
            against=() if lacking else shown,
            still_present=lacking,
        )


def _cause(resource: str) -> str:
    return next((cause for cause, pattern in _RESOURCES if pattern.search(resource)), "")


def _full(snapshot: Snapshot) -> Iterator[Candidate]:
    """Quotas that leave no room, best where something is missing that they would have refused."""
    for quota in snapshot.quotas:
        cause = _cause(quota.resource)
        full = quota.used >= quota.hard
        gone = _gone(snapshot, cause)
        if cause and (full or (gone and quota.used > 0) or (gone and cause == _STORAGE)):
            yield Candidate(
                object=f"namespace/{snapshot.namespace}",
                cause=cause,
                score=0.93 if gone and (full or cause == _STORAGE) else 0.7 if gone else 0.3,
                mechanism="Something an application needs is not created because the namespace has used its quota.",
                support=(quota.proof, *gone[:2]),
            )


def _gone(snapshot: Snapshot, cause: str) -> list[LineProof]:
    """What should be there and is not, of the kind that a quota limits."""
    if cause == "service_quota_used_up":
        return _missing_services(snapshot)
    if cause == _STORAGE:
        return [e.proof for e in snapshot.events if _NO_CLAIM.search(e.message)]
    return [d.proof for d in snapshot.deployments if lacks_pods(snapshot, d.name)[0]]


def _missing_services(snapshot: Snapshot) -> list[LineProof]:
    if not snapshot.services:
        return []
    named = {s.name for s in snapshot.services}
    selectors = [s.selector.items() for s in snapshot.services if s.selector]
    installed = [s.proof for s in snapshot.service_specs() if s.name not in named]
    unserved = [
        d.proof
        for d in snapshot.deployments
        if d.name not in named and not any(wanted <= d.selector.items() for wanted in selectors)
    ]
    return installed + unserved

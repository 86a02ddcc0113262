"""Claims that find no volume: the claim against each volume."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rootline.analysis.cluster.faults.scheduling import refusal, unscheduled
from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.objects import Claim, Event, Volume
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot

_WAITS_FOR_VOLUME = re.compile(r"PersistentVolumeClaim|persistent volumes? to bind")
_TOLD = (
    ("class", re.compile(r"storageclass\S* \"?[^\"]{0,200}\"? not found|storageClassName does not match")),
    ("mode", re.compile(r"incompatible accessMode|access ?modes?", re.IGNORECASE)),
    ("capacity", re.compile(r"requested PV is too small|insufficient capacity")),
    ("occupied", re.compile(r"already bound to a different claim|bound to another claim")),
)
_CAUSES = {
    "class": "claim_storage_class_not_offered",
    "mode": "claim_access_mode_not_offered",
    "capacity": "claim_larger_than_volume",
    "selector": "claim_selector_matches_no_volume",
    "occupied": "volume_claimed_already",
}
_WHY = {
    "class": "names a storage class that its volume does not have or that does not exist",
    "mode": "asks for an access mode that the volume does not offer",
    "capacity": "asks for more storage than the volume has",
    "selector": "selects volumes by labels that no volume has",
    "occupied": "can only use a volume that another claim holds",
}


@dataclass(frozen=True, slots=True)
class _Misfit:
    volume: Volume
    kinds: frozenset[str]


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Explain each application that waits for a claim to be bound."""
    for app, pods in unscheduled(snapshot).items():
        event = refusal(snapshot, pods)
        if event is None or not _WAITS_FOR_VOLUME.search(event.message):
            continue
        for claim in _claims(snapshot, app):
            yield from _explain(snapshot, app, claim, event)


def _claims(snapshot: Snapshot, app: str) -> list[Claim]:
    """The application's claims that are not bound: what was asked for, or at least the row."""
    workload = snapshot.workload(app)
    names = {r.name for r in workload.named("claim")} if workload else set()
    rows = {c.name: c for c in snapshot.claims if c.status}
    asked = [c for m in snapshot.manifests for c in m.claims]
    waiting = [
        _with_default_class(c, rows.get(c.name))
        for c in asked
        if (not names or c.name in names) and _waits(rows.get(c.name))
    ]
    return waiting or [c for name, c in rows.items() if c.status == "Pending" and (not names or name in names)]


def _with_default_class(claim: Claim, row: Claim | None) -> Claim:
    """The claim with the class that the cluster gave it where it asked for none."""
    return replace(claim, storage_class=row.storage_class) if row and claim.storage_class is None else claim


def _waits(row: Claim | None) -> bool:
    return row is None or row.status != "Bound"


def _explain(snapshot: Snapshot, app: str, claim: Claim, refused: Event) -> Iterator[Candidate]:
    told = _told(snapshot, claim)
    misfit = _closest(snapshot, claim)
    kind = told[0] if told else (next(iter(sorted(misfit.kinds)), "") if misfit else "")
    if not kind:
        return
    lines: list[LineProof] = [told[1].proof] if told else []
    lines += [claim.proof] + ([misfit.volume.proof] if misfit else []) + [refused.proof]
    yield Candidate(
        object=f"app/{app}",
        cause=_CAUSES[kind],
        score=0.95 if told or (misfit and len(misfit.kinds) == 1) else 0.6,
        mechanism=f"A pod of {app} stays pending because its claim {claim.name} {_WHY[kind]}.",
        support=tuple(lines),
    )


def _told(snapshot: Snapshot, claim: Claim) -> tuple[str, Event] | None:
    subjects = {f"persistentvolumeclaim/{claim.name}", f"persistentvolume/{claim.volume}"}
    for event in snapshot.events:
        if event.subject.lower() in subjects:
            kind = next((kind for kind, pattern in _TOLD if pattern.search(event.message)), None)
            if kind:
                return kind, event
    return None


def _closest(snapshot: Snapshot, claim: Claim) -> _Misfit | None:
    """The volume that misses the claim by least; a volume already used weighs like any other miss."""
    rows = {v.name: v for v in snapshot.volumes}
    asked = {v.name: v for m in snapshot.manifests for v in m.volumes}
    known = [_joined(rows.get(name), asked.get(name)) for name in dict.fromkeys([*rows, *asked])]
    misfits = [_Misfit(v, _misses(snapshot.namespace, claim, v)) for v in known if v is not None]
    named = [m for m in misfits if claim.volume and m.volume.name == claim.volume]
    ours = {
        v
        for m in snapshot.manifests
        if any(c.name == claim.name for c in m.claims)
        for v in (volume.name for volume in m.volumes)
    }
    return min(
        (m for m in named or misfits if m.kinds),
        key=lambda m: (m.volume.name not in ours, len(m.kinds), "occupied" in m.kinds),
        default=None,
    )


def _joined(row: Volume | None, asked: Volume | None) -> Volume | None:
    if row is None or asked is None:
        return row or asked
    return replace(row, labels=row.labels or asked.labels)


def _misses(namespace: str, claim: Claim, volume: Volume) -> frozenset[str]:
    kinds = set()
    if claim.storage_class is not None and claim.storage_class != volume.storage_class:
        kinds.add("class")
    if not claim.modes <= volume.modes:
        kinds.add("mode")
    if claim.capacity and volume.capacity and claim.capacity > volume.capacity:
        kinds.add("capacity")
    if not claim.labels.items() <= volume.labels.items():
        kinds.add("selector")
    taken = volume.claim and volume.claim != f"{namespace}/{claim.name}"
    if taken or volume.status in {"Released", "Failed"}:
        kinds.add("occupied")
    return frozenset(kinds)

"""Flux: what a Kustomization or a HelmRelease keeps of its reconciliations.

Source: fluxcd.io, `Kustomization` v1 and `HelmRelease` v2, `status.history` and `status.conditions`.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from rootline.domain.change import ChangeSet, ConfigChange
from rootline.sources.kubernetes.delivery.delivered import (
    Delivered,
    commit_in,
    failed,
    is_other,
    sole_workload,
    told,
    uninstalled,
)
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.resources import Resource

KUSTOMIZATIONS = Resource(
    plural="kustomizations", kind="Kustomization", group="kustomize.toolkit.fluxcd.io", version="v1"
)
HELM_RELEASES = Resource(plural="helmreleases", kind="HelmRelease", group="helm.toolkit.fluxcd.io", version="v2")
_APPLIED = {"ReconciliationSucceeded": "", "HealthCheckFailed": " (health check failed)"}
"""What is not healthy in time was applied all the same."""
_ANEW, _CHECKING = "Progressing", "Running health checks for revision "
"""Source: fluxcd/kustomize-controller; a condition says so once all is applied, with another reason in a retry."""
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(h|ms|m|s)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_LONGEST_S = 86_400.0
_RAN = frozenset({"deployed", "superseded"})
_GONE = "uninstalled"
_TRIED = _RAN | {"failed", _GONE}
"""An upgrade that failed had been applied, as Helm's own record of it is read too."""
_ENTRY_PARTS = 4


def of_kustomization(held: Raw) -> ChangeSet:
    """Each revision that was applied, and the last attempt if it failed; of older Flux only what runs or is tried."""
    name = held.name
    service = sole_workload(_inventory(held), name)
    history = held.each("status", "history")
    applied = list(_applied(history)) or list(_current(held))
    running, wanted = (held.text("status", f"last{what}Revision") for what in ("Applied", "Attempted"))
    whole = told("kustomization", name, service, [*applied, *_waiting(held, running, wanted)])
    began = next((_began(one) for one in history if one.text("metadata", "revision") == wanted), None)
    failure = _failure("kustomization", held, service, running, wanted, began)
    return ChangeSet(deployments=whole.deployments, configs=(*whole.configs, *failure))


def _inventory(held: Raw) -> Iterator[tuple[str, str]]:
    """Kind and name of what is applied; an entry is written `namespace_name_group_kind`."""
    for one in held.each("status", "inventory", "entries"):
        parts = one.text("id").split("_")
        if len(parts) == _ENTRY_PARTS:
            yield parts[3], parts[1]


def _applied(history: Sequence[Raw]) -> Iterator[Delivered]:
    """The entries that were applied; one that was applied again stands first with its old beginning.

    It began anew after what ran in between was reconciled for the last time. One that only became well or ill changed
    nothing.
    """
    good = [one for one in history if one.text("lastReconciledStatus") in _APPLIED]
    for place, one in enumerate(good):
        if place + 1 < len(good) and _what(one) == _what(good[place + 1]):
            continue
        began = _began(one)
        earlier = good[place + 1].moment("lastReconciled") if place + 1 < len(good) else None
        times = [at for at in (began, earlier) if at is not None]
        revision = one.text("metadata", "originRevision") or one.text("metadata", "revision")
        if began is not None and revision:
            version = revision + _APPLIED[one.text("lastReconciledStatus")]
            yield Delivered(at=max(times), commit=commit_in(revision), version=version)


def _what(entry: Raw) -> tuple[str, str]:
    return entry.text("digest"), entry.text("metadata", "revision")


def _began(entry: Raw) -> datetime | None:
    """When an entry was first applied: its time is that of the end, after waiting for health; its duration the last."""
    ended = entry.moment("firstReconciled")
    if ended is None or entry.number("totalReconciliations") != 1:
        return ended
    found = _DURATION.findall(entry.text("lastReconciledDuration")[:60])
    took_s = sum(float(number) * _SECONDS[unit] for number, unit in found)
    return ended - timedelta(seconds=min(took_s, _LONGEST_S))


def _waiting(held: Raw, running: str, wanted: str) -> Iterator[Delivered]:
    """Yield a revision that is applied and waits to become healthy, from the moment at which that began.

    What was tried before, or runs, is told already.
    """
    doing, at = held.condition("Reconciling"), _turned(held.condition("Ready"), "Unknown")
    tried = {one.text("metadata", "revision") for one in held.each("status", "history")[:1]}
    is_applied = doing.text("reason") == _ANEW and doing.text("message").startswith(_CHECKING)
    if at is not None and is_applied and wanted and wanted not in {running, *tried}:
        yield Delivered(at=at, commit=commit_in(wanted), version=f"{wanted} (health checks still run)")


def _current(held: Raw) -> Iterator[Delivered]:
    status, at = held.at("status"), _turned(held.condition("Ready"), "True")
    revision = status.text("lastAppliedOriginRevision") or status.text("lastAppliedRevision")
    if at is not None and revision:
        yield Delivered(at=at, commit=commit_in(revision), version=revision)


def _turned(condition: Raw, to: str) -> datetime | None:
    return condition.moment("lastTransitionTime") if condition.text("status") == to else None


def of_helm_release(held: Raw) -> ChangeSet:
    """Each chart version that was deployed, a change of values as their digest, a failed attempt, an uninstalling."""
    name = held.text("spec", "releaseName") or held.name
    history = held.each("status", "history")
    ran = [made for one in history if (made := _released(one)) is not None]
    whole = told("helmrelease", held.name, name, ran)
    running = next((_chart(one) for one in history if one.text("status") in _RAN), "")
    wanted = held.text("status", "lastAttemptedRevision")
    attempts = (one for one in history if one.text("status") == "failed" and one.text("chartVersion") == wanted)
    began = next((one.moment("lastDeployed") for one in attempts), None)
    failure = _failure("helmrelease", held, name, running, wanted, began)
    gone = (
        uninstalled("helmrelease", held.name, name, _chart(one), at)
        for one in history
        if one.text("status") == _GONE and (at := one.moment("deleted")) is not None
    )
    return ChangeSet(deployments=whole.deployments, configs=(*whole.configs, *failure, *gone))


def _released(one: Raw) -> Delivered | None:
    at = one.moment("lastDeployed")
    if at is None or one.text("status") not in _TRIED:
        return None
    digest = one.text("configDigest").rpartition(":")[2][:8]
    return Delivered(
        at=at,
        commit=commit_in(one.text("appVersion")),
        version=f"{_chart(one)} (failed)" if one.text("status") == "failed" else _chart(one),
        settings={"values": f"hash:{digest}"} if digest else {},
    )


def _chart(one: Raw) -> str:
    return f"{one.text('chartName')} {one.text('chartVersion')}".strip()


def _failure(
    kind: str, held: Raw, service: str, running: str, wanted: str, began: datetime | None
) -> Iterator[ConfigChange]:
    """Yield an attempt that failed, from when it began where the history tells: by then it may do harm."""
    ready = held.condition("Ready")
    ended = _turned(ready, "False")
    if ended is not None and (is_other(running, wanted) or kind == "helmrelease"):
        at = min(began, ended) if began is not None else ended
        yield failed(kind, held.name, service, running=running, wanted=wanted or "the release", state=ready, at=at)

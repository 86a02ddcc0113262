"""A delivery as any of these tools keeps it, and what a sequence of them changed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from rootline.analysis.commit_range import same
from rootline.domain.change import ChangeSet, ConfigChange, Deployment
from rootline.sources.kubernetes.raw import Raw

_WHOLE = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9a-f])")
_SHA256 = "sha256:"
WORKLOADS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "Rollout"})
LONGEST = 300


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """One revision that a tool brought into effect: `settings` is what else of it may be compared, by name."""

    at: datetime
    commit: str
    version: str
    settings: dict[str, str] = field(default_factory=dict)
    actor: str = ""


def commit_in(revision: str) -> str:
    """The commit in a revision such as `main@sha1:…`, `main/…` or a bare hash; empty in a digest or a version."""
    found = _WHOLE.search(revision[:1000].lower())
    return found.group() if found and _SHA256 not in revision.lower() else ""


def sole_workload(kinds_and_names: Iterable[tuple[str, str]], otherwise: str) -> str:
    """The one workload that a tool's object brings; its own name where there are several or none."""
    names = {name for kind, name in kinds_and_names if kind in WORKLOADS and name}
    return next(iter(names)) if len(names) == 1 else otherwise


def told(kind: str, name: str, service: str, deliveries: Sequence[Delivered]) -> ChangeSet:
    """Each delivery as a deployment after the one before it, and each setting that differs between them."""
    ordered = sorted(deliveries, key=lambda one: one.at)
    first = [_deployment(service, one, "") for one in ordered[:1]]
    later = [_deployment(service, after, before.commit) for before, after in pairwise(ordered)]
    configs = [one for before, after in pairwise(ordered) for one in _configs(f"{kind}/{name}", service, before, after)]
    return ChangeSet(deployments=(*first, *later), configs=tuple(configs))


def _deployment(service: str, one: Delivered, previous: str) -> Deployment:
    return Deployment(
        service=service, at=one.at, commit=one.commit, version=one.version[:LONGEST], previous_commit=previous
    )


def _configs(key: str, service: str, before: Delivered, after: Delivered) -> Iterator[ConfigChange]:
    """Settings that differ; a version that changed without a commit, such as a chart's, is one as well."""
    if before.version != after.version and not (before.commit and after.commit):
        yield _config(f"{key} version", service, after, before.version, after.version)
    for name in dict.fromkeys((*before.settings, *after.settings)):
        old, new = before.settings.get(name, ""), after.settings.get(name, "")
        if old != new:
            yield _config(f"{key} {name}", service, after, old, new)


def _config(key: str, service: str, after: Delivered, old: str, new: str) -> ConfigChange:
    return ConfigChange(
        key=key[:LONGEST], service=service, at=after.at, before=old[:LONGEST], after=new[:LONGEST], actor=after.actor
    )


def failed(kind: str, name: str, service: str, *, running: str, wanted: str, state: Raw, at: datetime) -> ConfigChange:
    """A delivery that was tried and failed: what runs stayed, or was changed in part."""
    why = " ".join(part for part in (state.text("reason"), state.text("phase"), state.text("message")) if part)
    return ConfigChange(
        key=f"{kind}/{name} failed delivery"[:LONGEST],
        service=service,
        at=at,
        before=running[:LONGEST],
        after=f"{wanted[:LONGEST]} failed: {why}"[: 2 * LONGEST],
    )


def uninstalled(
    kind: str, name: str, service: str, what: str, at: datetime, state: str = "uninstalled"
) -> ConfigChange:
    """A release that was taken away: `what` is what ran until then."""
    return ConfigChange(
        key=f"{kind}/{name} release"[:LONGEST], service=service, at=at, before=what[:LONGEST], after=state[:LONGEST]
    )


def is_other(running: str, wanted: str) -> bool:
    """Whether what was wanted is another revision than what runs."""
    return bool(wanted) and wanted != running and not same(commit_in(wanted), commit_in(running))

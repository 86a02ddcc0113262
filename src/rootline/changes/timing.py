"""When a change began to run, from deployments alone: the time a commit was written proves nothing but a floor."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rootline.changes.paths.ownership import belongs, owner
from rootline.domain.change import ChangeSet, Commit, Deployment

SHORTEST = 7
ONSET_TOLERANCE = timedelta(minutes=2)
LATER = timedelta(hours=2)
"""Source: ours; what has waited for longer had a roll-out of its own, or none."""


@dataclass(frozen=True, kw_only=True)
class TookEffect:
    """A commit began to run in a service; `rode_along` when a later commit's deployment carried it."""

    service: str
    at: datetime
    rode_along: bool = False


@dataclass(frozen=True)
class History:
    """Places of commits in history and the deployments that moved along it."""

    places: dict[str, int]
    deployments: tuple[Deployment, ...]

    @classmethod
    def of(cls, changes: ChangeSet) -> "History":
        """History by `order` where the source gives one, else by the time of writing."""
        ordered = sorted(changes.commits, key=lambda commit: (commit.order, commit.at))
        places = {commit.sha: place for place, commit in enumerate(ordered)}
        return cls(places, tuple(sorted(changes.deployments, key=lambda deployment: deployment.at)))

    def place(self, sha: str) -> int | None:
        """Where a full or abbreviated sha stands; None when it is not among the commits."""
        if sha in self.places:
            return self.places[sha]
        if len(sha) < SHORTEST:
            return None
        return next((place for full, place in self.places.items() if full.startswith(sha)), None)


def took_effect(commit: Commit, history: History, services: tuple[str, ...]) -> tuple[TookEffect, ...]:
    """Every deployment that first carried the commit, in order of time.

    A deployment carries its own commit and all before it in history that the service's previous deployment
    did not reach, as far as they touch what the service builds from. A commit named by a deployment of
    its own is not looked for in others of the same service.
    """
    direct = [one for one in history.deployments if _names(one, commit)]
    found = [TookEffect(service=one.service, at=one.at) for one in direct]
    named = {one.service for one in direct}
    riding = _riding(commit, history, services)
    found += [one for one in riding if one.service not in named]
    found = found or _built_later(commit, history)
    return tuple(sorted(found, key=lambda one: one.at))


def _built_later(commit: Commit, history: History) -> list[TookEffect]:
    """The next deployment of the service whose own code the commit touches, where none is recorded to carry it.

    Some records name the revision that a roll-out was begun with, and what was rolled out is a little newer.
    """
    here = history.place(commit.sha)
    for one in history.deployments:
        whole = one.moved is not None and one.moved.is_whole
        place = history.place(one.commit)
        is_newer = here is not None and place is not None and place < here
        soon = commit.at <= one.at <= commit.at + LATER
        if soon and is_newer and not whole and any(belongs(path, one.service) for path in commit.files[:50]):
            return [TookEffect(service=one.service, at=one.at, rode_along=True)]
    return []


def _names(deployment: Deployment, commit: Commit) -> bool:
    return len(deployment.commit) >= SHORTEST and commit.sha.startswith(deployment.commit)


def _riding(commit: Commit, history: History, services: tuple[str, ...]) -> list[TookEffect]:
    here = history.place(commit.sha)
    reached: dict[str, int] = {}
    found: dict[str, TookEffect] = {}
    for one in history.deployments:
        if one.moved is not None and one.moved.is_whole:
            if commit.sha in one.moved.came and one.service not in found and one.at >= commit.at:
                found.update(_ridden(commit, one, services))
            continue
        place = history.place(one.commit)
        if place is None or here is None:
            continue
        before = history.place(one.previous_commit) if one.previous_commit else None
        floor = before if before is not None else reached.get(one.service, -1)
        carries = floor < here < place and one.at >= commit.at
        if carries and one.service not in found:
            found.update(_ridden(commit, one, services))
        reached[one.service] = max(place, reached.get(one.service, -1))
    return list(found.values())


def _ridden(commit: Commit, one: Deployment, services: tuple[str, ...]) -> dict[str, TookEffect]:
    """The effect of a commit that a deployment carried, if its service builds from what the commit touches."""
    effect = TookEffect(service=one.service, at=one.at, rode_along=True)
    return {one.service: effect} if _builds_from(commit.files, one.service, services) else {}


def _builds_from(files: Iterable[str], service: str, services: tuple[str, ...]) -> bool:
    others = frozenset(services) - {service}
    owners = [owner(path, service, others) for path in files]
    return not owners or any(one != "other" for one in owners)


def after(moment: datetime, onset: datetime | None, tolerance: timedelta = ONSET_TOLERANCE) -> bool:
    """Whether a moment lies clearly after the onset, which is known to within a tolerance."""
    return onset is not None and moment > onset + tolerance

"""Changes of several sources as one."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from rootline.analysis.commit_range import same
from rootline.domain.change import ChangeSet, Commit, ConfigChange, Deployment
from rootline.domain.window import Window
from rootline.sources.changes.source import ChangeQuery, ChangeSource
from rootline.sources.failure import SourceFailed

AT_ONCE = timedelta(minutes=10)
"""Source: ours; a rollout is told when it begins by one tool and when it is done by another."""
SEEN_TWICE = timedelta(minutes=1)
"""Source: ours; an API server keeps a rollout by when its revision was made, and a watch by when it was written."""


class JoinedChanges:
    """Asks every source; one that fails is left out while any answers, and a remark says so."""

    def __init__(self, sources: Sequence[ChangeSource]) -> None:
        self.name = "+".join(source.name for source in sources)
        self._sources = tuple(sources)

    async def changes(self, query: ChangeQuery, window: Window) -> ChangeSet:
        """Return what changed up to the end of the window, each list in order of time.

        Raises:
            SourceFailed: No source answers.

        """
        answers = await asyncio.gather(*(self._read(source, query, window) for source in self._sources))
        told = [one for one in answers if isinstance(one, ChangeSet)]
        if not told:
            raise next(one for one in answers if isinstance(one, SourceFailed))
        failed = tuple(f"left out: {one}" for one in answers if isinstance(one, SourceFailed))
        whole = _joined(told)
        return replace(whole, remarks=(*whole.remarks, *failed))

    async def _read(self, source: ChangeSource, query: ChangeQuery, window: Window) -> ChangeSet | SourceFailed:
        try:
            return await source.changes(query, window)
        except SourceFailed as failed:
            return failed


def _joined(sets: Sequence[ChangeSet]) -> ChangeSet:
    return ChangeSet(
        commits=tuple(sorted(_commits(sets), key=lambda one: one.at)),
        deployments=tuple(sorted(_deployments(sets), key=lambda one: one.at)),
        flags=tuple(sorted((one for held in sets for one in held.flags), key=lambda one: one.at)),
        configs=tuple(sorted(_configs(sets), key=lambda one: one.at)),
        statuses=tuple(sorted((one for held in sets for one in held.statuses), key=lambda one: one.at)),
        remarks=tuple(one for held in sets for one in held.remarks),
        owners=tuple(dict.fromkeys(one for held in sets for one in held.owners)),
    )


def _commits(sets: Sequence[ChangeSet]) -> Iterable[Commit]:
    """Each commit once, as the source tells it that knows most of its diff."""
    found: dict[str, Commit] = {}
    for one in (commit for held in sets for commit in held.commits):
        known = found.get(one.sha)
        if known is None or len(one.diff) > len(known.diff):
            found[one.sha] = one
    return found.values()


def _configs(sets: Sequence[ChangeSet]) -> Iterable[ConfigChange]:
    """Each change of a setting once: of the same key at the same moment in one cluster, as told with what stood before.

    Two changes that one source tells are two.
    """
    found: dict[tuple[str, str, datetime], list[ConfigChange]] = {}
    for held in sets:
        own: dict[tuple[str, str, datetime], list[ConfigChange]] = {}
        for one in held.configs:
            place, slash, _ = one.service.partition("/")
            own.setdefault((place if slash else "", one.key, one.at), []).append(one)
        for key, many in own.items():
            if key not in found or (any(one.before for one in many) and not any(one.before for one in found[key])):
                found[key] = many
    return [one for many in found.values() for one in many]


def _deployments(sets: Sequence[ChangeSet]) -> list[Deployment]:
    """Each deployment once: two sources tell of the same one when service and commit agree and the times nearly do."""
    found: list[Deployment] = []
    for held in sets:
        fresh = []
        for one in held.deployments:
            place = next((at for at, other in enumerate(found) if _is_same(one, other)), None)
            if place is None:
                fresh.append(one)
            elif found[place].moved is None and one.moved is not None:
                found[place] = one
        found += fresh
    return found


def _is_same(one: Deployment, other: Deployment) -> bool:
    """Whether two sources tell of one deployment; without commits, when they tell the same version within a minute."""
    if one.service != other.service:
        return False
    if one.commit or other.commit:
        return same(one.commit, other.commit) and abs(one.at - other.at) <= AT_ONCE
    return bool(one.version) and one.version == other.version and abs(one.at - other.at) <= SEEN_TWICE

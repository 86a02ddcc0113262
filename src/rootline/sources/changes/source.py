"""Commits, deployments, flags, configuration and what providers said of themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from rootline.domain.change import ChangeSet, Commit, ConfigChange, Deployment, FlagChange, StatusEntry
from rootline.domain.window import Window


@dataclass(frozen=True, kw_only=True)
class ChangeQuery:
    """Which changes to read: of one service (commits are always all read) or of all when it is empty."""

    service: str = ""


class ChangeSource(Protocol):
    """Reads changes."""

    name: str

    async def changes(self, query: ChangeQuery, window: Window) -> ChangeSet:
        """Return what changed up to the end of the window; a change before its start may still explain it."""
        ...


Timed = TypeVar("Timed", Commit, Deployment, FlagChange, ConfigChange, StatusEntry)


class RecordedChanges:
    """Changes out of a recording."""

    def __init__(self, changes: ChangeSet, *, name: str = "tape") -> None:
        self.name = name
        self._changes = changes

    async def changes(self, query: ChangeQuery, window: Window) -> ChangeSet:
        """Return the recorded changes up to the end of the window."""
        whole = self._changes
        return ChangeSet(
            commits=_until(whole.commits, window.end),
            deployments=_of(_until(whole.deployments, window.end), query),
            flags=_of(_until(whole.flags, window.end), query),
            configs=_of(_until(whole.configs, window.end), query),
            statuses=_until(whole.statuses, window.end),
            remarks=whole.remarks,
            owners=whole.owners,
        )


Owned = TypeVar("Owned", Deployment, FlagChange, ConfigChange)


def _until(changes: Sequence[Timed], end: datetime) -> tuple[Timed, ...]:
    return tuple(sorted((one for one in changes if one.at < end), key=lambda one: one.at))


def _of(changes: Iterable[Owned], query: ChangeQuery) -> tuple[Owned, ...]:
    return tuple(one for one in changes if query.service in {"", one.service})

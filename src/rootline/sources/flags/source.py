"""Changes of feature flags behind the interface that recorded changes have."""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rootline.domain.change import ChangeSet, FlagChange
from rootline.domain.window import Window
from rootline.sources.backend import Backend
from rootline.sources.changes.source import ChangeQuery, RecordedChanges
from rootline.sources.failure import SourceFailed
from rootline.sources.flags.definitions import MOST_BYTES, Flags, NoFlags, read_definitions
from rootline.sources.flags.history import commit_of, history, is_known
from rootline.sources.flags.memory import FlagMemory, Switched
from rootline.sources.flags.remote import definitions, evaluated, is_file

EVERY_S = 15.0
_YAML = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, kw_only=True)
class FlagsAccess:
    """Where flags are: a file of definitions, or an address; and the folder that remembers what they were."""

    memory: Path
    file: Path | None = None
    backend: Backend | None = None

    @property
    def place(self) -> str:
        """What is looked at, for messages."""
        return str(self.file) if self.file else self.backend.url if self.backend else ""

    @property
    def shown(self) -> str:
        """The same as evidence tells it: a file with its folder, and nothing of whose machine that is on."""
        return "/".join(self.file.parts[-2:]) if self.file else self.place


def _now() -> datetime:
    return datetime.now(tz=UTC)


class FlagChanges:
    """Reads what flags are set to, and tells what was switched since somebody last looked.

    A file that git keeps is told by its history; what was not committed, and any other place, by comparing looks. What
    was seen of another repository in the same place is forgotten.
    """

    def __init__(self, access: FlagsAccess, *, clock: Callable[[], datetime] = _now) -> None:
        self.name = "flags"
        self._access = access
        self._memory = FlagMemory(access.memory, access.place)
        self._clock = clock

    async def changes(self, query: ChangeQuery, window: Window) -> ChangeSet:
        """Return what was switched up to the end of the window. What has no exact time is a remark.

        Raises:
            SourceFailed: The flags cannot be read.

        """
        seen, commit = await self._looked()
        file = self._access.file
        kept = (await history(file, window, is_yaml=_is_yaml(file)))[0] if file and commit else []
        sharp = [one.change() for one in seen if one.is_sharp]
        vague = [one for one in seen if not one.is_sharp and one.since < window.end and one.at >= window.start]
        switched = tuple(replace(one, place=self._access.shown) for one in (*kept, *_new(sharp, kept)))
        whole = ChangeSet(flags=switched, remarks=tuple(one.told() for one in vague))
        return await RecordedChanges(whole, name=self.name).changes(query, window)

    async def look(self) -> Sequence[Switched]:
        """Read the flags once, and return every change that is remembered."""
        return (await self._looked())[0]

    async def _looked(self) -> tuple[Sequence[Switched], str]:
        """Look, and return with it the commit that the file stands at; empty where it is in no repository."""
        flags, changed_at = await self._read()
        commit = await self._commit()
        try:
            seen = await asyncio.to_thread(self._memory.look, flags, self._clock(), changed_at, commit)
        except OSError as bad:
            asked, happened = f"the flags in {self._access.place}", f"what they were cannot be kept: {bad.strerror}"
            raise SourceFailed(asked, happened, f"Make {self._access.memory} a folder of yours.") from bad
        return seen, commit

    async def _commit(self) -> str:
        """The commit that the file stands at; another repository in the same place is another place."""
        file, before = self._access.file, await asyncio.to_thread(lambda: self._memory.commit)
        commit = await commit_of(file) if file else ""
        if file and commit and before and commit != before and not await is_known(file, before):
            await asyncio.to_thread(self._memory.forget)
        return commit

    async def watch(self) -> None:
        """Look every fifteen seconds until cancelled; a look that fails is left out."""
        while True:
            with suppress(SourceFailed):
                await self.look()
            await asyncio.sleep(EVERY_S)

    async def _read(self) -> tuple[Flags, datetime | None]:
        if self._access.file is not None:
            return await asyncio.to_thread(_of_file, self._access.file)
        where = self._access.backend
        if where is None:
            return {}, None
        return await (definitions(where) if is_file(where.url) else evaluated(where)), None


def _new(seen: Sequence[FlagChange], kept: Sequence[FlagChange]) -> list[FlagChange]:
    """What was seen and no commit tells: the same switch is told once, by its commit."""
    told = {(one.flag, one.before, one.after) for one in kept}
    return [one for one in seen if (one.flag, one.before, one.after) not in told]


def _is_yaml(file: Path) -> bool:
    return file.suffix.lower() in _YAML


def _of_file(file: Path) -> tuple[Flags, datetime]:
    asked = f"the flags in {file}"
    try:
        with file.open("rb") as opened:
            body, written = opened.read(MOST_BYTES + 1), os.fstat(opened.fileno()).st_mtime
        return read_definitions(body, is_yaml=_is_yaml(file)), datetime.fromtimestamp(written, tz=UTC)
    except OSError as bad:
        raise SourceFailed(asked, f"it cannot be read: {bad.strerror}", "Check ROOTLINE_FLAGS_FILE.") from bad
    except NoFlags as bad:
        raise SourceFailed(asked, str(bad), "Write flagd's format: docs/sources.md shows it.") from bad

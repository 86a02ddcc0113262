"""Changes of several sources as one."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from rootline.domain.change import ChangeSet
from rootline.domain.window import Window
from rootline.sources.changes import ChangeQuery, ChangeSource
from rootline.sources.failure import SourceFailed


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
        commits=tuple(sorted((one for held in sets for one in held.commits), key=lambda one: one.at)),
        deployments=tuple(sorted((one for held in sets for one in held.deployments), key=lambda one: one.at)),
        flags=tuple(sorted((one for held in sets for one in held.flags), key=lambda one: one.at)),
        configs=tuple(sorted((one for held in sets for one in held.configs), key=lambda one: one.at)),
        statuses=tuple(sorted((one for held in sets for one in held.statuses), key=lambda one: one.at)),
        remarks=tuple(one for held in sets for one in held.remarks),
    )

"""The house's runbooks: read once a process, without their secrets, and indexed where the desk keeps its rows."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import UUID

from rootline.domain.tenant import Actor
from rootline.errors import Misconfigured
from rootline.knowledge.reading import joined, read_places
from rootline.knowledge.remembering import diff_chunks, incident_summary
from rootline.redaction import Redactor
from rootline.redaction.records import clean
from rootline.sources.failure import SourceFailed
from rootline.sources.runbooks.places import Place, Shelved
from rootline.sources.runbooks.source import Runbook
from rootline.store.documents import Collection, Indexed
from rootline.store.embedding import Embedder
from rootline.store.journal import Record
from rootline.store.runbooks import MemoryRunbookIndex, RunbookIndex

_LOG = logging.getLogger(__name__)
KEPT = 4
"""Source: ours; recordings with runbooks of their own whose index is kept."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """All runbooks of the house, and what each place came to."""

    runbooks: tuple[Runbook, ...]
    shelves: tuple[Shelved, ...]


@dataclass(kw_only=True)
class Shelves:
    """Finds the index that an investigation searches.

    Attributes:
        shipped: What comes with Rootline.
        places: Where the house keeps its own.
        cache: Where repositories are fetched to.
        redactor: Takes the secrets out before anything is stored.
        indexes: Opens a tenant's index.
        embedder: For the runbooks that a recording brings with it.
        archives: Opens another collection of a tenant, where what investigations leave behind is kept; None keeps
            nothing.

    """

    shipped: Sequence[Runbook]
    places: Sequence[Place]
    cache: Path
    redactor: Redactor
    indexes: Callable[[Actor], RunbookIndex]
    embedder: Embedder
    archives: Callable[[Actor, Collection], RunbookIndex] | None = None
    _read: Read | None = None
    _ready: dict[UUID, RunbookIndex] = field(default_factory=dict)
    _own: dict[tuple[Runbook, ...], MemoryRunbookIndex] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def house(self, *, fetch: bool = False) -> Read:
        """Return the house's runbooks; with `fetch`, read anew with repositories brought up to date."""
        if self._read is None or fetch:
            shelves = await read_places(self.places, self.cache, fetch=fetch)
            found: list[Runbook] = clean(list(joined(self.shipped, shelves)), self.redactor)
            self._read = Read(runbooks=tuple(found), shelves=tuple(shelves))
        return self._read

    async def index(self, actor: Actor, own: Sequence[Runbook] = ()) -> RunbookIndex:
        """Return the tenant's index; one in memory for a recording that brings its own, which are stored nowhere."""
        async with self._turn:
            if own:
                return await self._together(tuple(own))
            if actor.tenant not in self._ready:
                index = self.indexes(actor)
                try:
                    done = await index.index((await self.house()).runbooks)
                except SourceFailed as failed:
                    return await self._instead(failed)
                if done.remark:  # what could not be embedded now may be next time
                    return index
                self._ready[actor.tenant] = index
            return self._ready[actor.tenant]

    async def renew(self, actor: Actor) -> tuple[Read, Indexed]:
        """Fetch, read and index everything anew; what has not changed is not embedded again."""
        async with self._turn:
            read = await self.house(fetch=True)
            return read, await self.indexes(actor).index(read.runbooks)

    def collection(self, actor: Actor, name: Collection) -> RunbookIndex:
        """Return another collection of the tenant; an empty one where nothing is kept."""
        return self.archives(actor, name) if self.archives else MemoryRunbookIndex()

    def archive_of(self, actor: Actor) -> Callable[[Collection], RunbookIndex] | None:
        """Return what opens the tenant's collections; None where nothing is kept."""
        return partial(self.archives, actor) if self.archives else None

    async def remember(self, actor: Actor, record: Record) -> None:
        """Keep an answer in short and the diffs it looked at. An archive that is away costs no investigation."""
        if self.archives is None:
            return
        summary = incident_summary(record)
        try:
            if summary is not None:
                await self.archives(actor, "incident_summaries").add([summary])
            if chunks := diff_chunks(record):
                await self.archives(actor, "git_diff_chunks").add(chunks)
        except (SourceFailed, Misconfigured) as failed:
            _LOG.warning("What was found is not kept for later searches: %s", failed)

    async def _instead(self, failed: SourceFailed) -> RunbookIndex:
        """Stand in for a vector database that is away."""
        made = MemoryRunbookIndex(remark=f"searched by words and spelling: {failed}")
        await made.index((await self.house()).runbooks)
        return made

    async def _together(self, own: tuple[Runbook, ...]) -> RunbookIndex:
        if own not in self._own:
            made = MemoryRunbookIndex(embedder=self.embedder)
            await made.index([*(await self.house()).runbooks, *own])
            while len(self._own) >= KEPT:
                self._own.pop(next(iter(self._own)))
            self._own[own] = made
        return self._own[own]


def kept_by_tenant(make: Callable[[], RunbookIndex]) -> Callable[[Actor], RunbookIndex]:
    """Return an opener that gives each tenant one index for as long as the process lives."""
    made: dict[UUID, RunbookIndex] = {}

    def opened(actor: Actor) -> RunbookIndex:
        return made.setdefault(actor.tenant, make())

    return opened

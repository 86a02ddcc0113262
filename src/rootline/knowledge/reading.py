"""Reads all places that runbooks are kept in; one that fails is told, and the others count."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from rootline.sources.failure import SourceFailed
from rootline.sources.runbooks.folder import read_folder
from rootline.sources.runbooks.git import read_repository
from rootline.sources.runbooks.places import Place, Shelved
from rootline.sources.runbooks.source import Runbook


async def read_places(places: Sequence[Place], cache: Path, *, fetch: bool) -> list[Shelved]:
    """Read each place; with `fetch`, repositories are brought up to date first."""
    return [await _read(place, cache, fetch=fetch) for place in places]


async def _read(place: Place, cache: Path, *, fetch: bool) -> Shelved:
    try:
        if place.kind == "git":
            return await read_repository(place, cache, fetch=fetch)
        if place.kind == "html":
            from rootline.sources.runbooks.export import read_export  # noqa: PLC0415 its parser is loaded when used

            return await asyncio.to_thread(read_export, Path(place.where))
        return await asyncio.to_thread(read_folder, Path(place.where))
    except SourceFailed as failed:
        return Shelved(place=place.where, left_out=(str(failed),))


def joined(shipped: Sequence[Runbook], shelves: Sequence[Shelved]) -> tuple[Runbook, ...]:
    """Return all runbooks by name; one of the house goes before a shipped one, and a later place before an earlier."""
    found = {one.name: one for one in (*shipped, *(one for shelf in shelves for one in shelf.runbooks))}
    return tuple(found.values())

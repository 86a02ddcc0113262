"""How watches do becomes rows of health, so that a watch which fails unseen is told where people look."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime

from rootline.alongside import alongside
from rootline.errors import RootlineError
from rootline.sources.fleet.contacts import Contact, Contacts
from rootline.sources.kubernetes.upkeep import ROW

EVERY_S = 5.0
"""Source: ours; how old a row of health may be while something is watched."""
Note = Callable[[Sequence[Contact]], Awaitable[None]]
Stood = Callable[[str, str], None]
_LOG = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def noted(note: Note, clock: Callable[[], datetime], every_s: float = EVERY_S) -> AsyncIterator[Stood]:
    """Note how the watch of each cluster does, told from any thread, while the block runs and at its end."""
    loop, contacts = asyncio.get_running_loop(), Contacts()

    def take(cluster: str, why: str) -> None:
        if why:
            contacts.failed(cluster, ROW, clock(), why)
        else:
            contacts.succeeded(cluster, ROW, clock())

    def stood(cluster: str, why: str) -> None:
        with contextlib.suppress(RuntimeError):  # a thread that ends after the loop has nobody to tell
            loop.call_soon_threadsafe(take, cluster, why)

    async def keep() -> None:
        while True:
            await _store(note, contacts)
            await asyncio.sleep(every_s)

    try:
        async with alongside(keep()):
            yield stood
    finally:
        await _store(note, contacts)


async def _store(note: Note, contacts: Contacts) -> None:
    try:
        if new := contacts.drain():
            await note(new)
    except RootlineError as fault:
        _LOG.warning("how the watches do is not stored: %s", fault)

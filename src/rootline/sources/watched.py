"""Watches what can be watched while something else runs, so that the value before a change is known."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager

from rootline.errors import RootlineError
from rootline.sources.flags.source import FlagChanges
from rootline.sources.kubernetes.access import Access
from rootline.sources.stack import Stack

Run = Callable[[], Awaitable[None]]


@asynccontextmanager
async def watched(stacks: Iterable[Stack]) -> AsyncIterator[None]:
    """Watch the clusters and flags of stacks, each once, until the block ends; no trouble there ends the block."""
    known = list(stacks)
    accesses = dict.fromkeys(one.kubernetes for one in known if one.kubernetes is not None)
    flags = dict.fromkeys(one.flags for one in known if one.flags is not None)
    async with running([*(_kubernetes(one) for one in accesses), *(FlagChanges(one).watch for one in flags)]):
        yield


@asynccontextmanager
async def running(runs: Sequence[Run]) -> AsyncIterator[None]:
    """Run all side by side until the block ends; one that fails is logged and the others go on."""
    tasks = [asyncio.create_task(_told(run)) for run in runs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _told(run: Run) -> None:
    try:
        await run()
    except* RootlineError as failed:
        for one in failed.exceptions:
            logging.getLogger(__name__).warning("Nothing is watched any more: %s", one)


def _kubernetes(access: Access) -> Run:
    async def run() -> None:
        from rootline.sources.kubernetes.opening import kubernetes  # noqa: PLC0415 its library is an extra

        await kubernetes(access).watch.run()

    return run

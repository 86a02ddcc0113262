"""What is done beside something else, and ends with it."""

import asyncio
from collections.abc import AsyncIterator, Collection, Coroutine
from contextlib import asynccontextmanager


@asynccontextmanager
async def alongside(*doings: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Do things beside each other while the block runs, and cancel them at its end.

    One that fails ends no other; at the end of the block the first failure is raised.
    """
    tasks = [asyncio.create_task(one) for one in doings]
    try:
        yield
    finally:
        await end(tasks)


async def end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait until they are done; raise what the first of those that failed has failed with."""
    for task in tasks:
        task.cancel()
    for came in await asyncio.gather(*tasks, return_exceptions=True):
        if came is not None and not isinstance(came, asyncio.CancelledError):
            raise came

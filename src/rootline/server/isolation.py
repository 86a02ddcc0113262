"""Work that a vanished client may cancel once, and that then ends in its own time."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import anyio

T = TypeVar("T")


async def isolated(work: Coroutine[Any, Any, T]) -> T:
    """Await the work. When the caller is cancelled, cancel the work once and wait until it has tidied up.

    The SDK cancels a request again and again until it is gone; a database transaction would never end that way.
    """
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.cancel()
        with anyio.CancelScope(shield=True):
            await asyncio.wait([task])
        raise

"""Work for clients: one that vanishes cancels its own, the end of the server cancels all, in good order."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import anyio

from rootline.errors import ToolFault

T = TypeVar("T")
LAST_WRITES_S = 10.0
"""Source: ours; how long the server waits for the store to take what was cancelled."""


class Work:
    """What runs for all clients of one server."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._is_over = False

    async def isolated(self, work: Coroutine[Any, Any, T]) -> T:
        """Await the work. When the caller is cancelled, cancel the work once and wait until it has tidied up.

        The SDK cancels a request again and again until it is gone; a database transaction would never end that way.

        Raises:
            ToolFault: The server is told to stop meanwhile.

        """
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        if self._is_over:
            task.cancel()
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise ToolFault("The server was told to stop, so this call was cancelled. Ask again later.") from None
            task.cancel()
            with anyio.CancelScope(shield=True):
                await asyncio.wait([task])
            raise

    def cancel(self) -> None:
        """Cancel what runs, and whatever is begun from now on."""
        self._is_over = True
        for task in self._running:
            task.cancel()

    async def ended(self) -> None:
        """Wait until what was cancelled has tidied up."""
        self.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=LAST_WRITES_S)

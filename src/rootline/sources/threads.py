"""Threads of one backend or one kind of work alone: what hangs there keeps nothing else waiting for a thread."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Answer = TypeVar("Answer")


class Threads:
    """As many threads as may work side by side. They are made when they are needed."""

    def __init__(self, at_once: int, *, name: str) -> None:
        self._pool = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix=name)

    async def run(self, blocking: Callable[[], Answer]) -> Answer:
        """Await a blocking call."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, blocking)

"""One large answer is parsed at a time: parsed, it is many times larger than its bytes."""

from collections.abc import Callable
from typing import TypeVar

from rootline.sources.threads import Threads

Answer = TypeVar("Answer")
LONG_BYTES = 512 * 2**10
"""Source: ours; what is shorter is parsed in some milliseconds, for which no thread is worth its while."""


class Turns:
    """A thread in which large answers are parsed one after the other, so that none of its memory is held twice."""

    def __init__(self) -> None:
        self._threads = Threads(1, name="parsing")
        self._waiting = 0

    async def take(self, read: Callable[[], Answer], size: int) -> Answer:
        """Read so many bytes: a short answer at once where nobody waits, any other when its turn comes."""
        if size <= LONG_BYTES and not self._waiting:
            return read()
        self._waiting += 1
        try:
            return await self._threads.run(read)
        finally:
            self._waiting -= 1


EVERYWHERE = Turns()
"""The turns of this process: memory is the process's, whoever asks."""

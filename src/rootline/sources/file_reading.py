"""Reads files in a thread, so that nothing else waits meanwhile. It ends its work when nobody waits for that."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from typing import TypeVar

from rootline.sources.failure import SourceFailed
from rootline.sources.threads import Threads

Answer = TypeVar("Answer")
Part = TypeVar("Part")
DEADLINE_S = 120.0
"""Source: ours; some twelve files of which 64 MB of JSON are read, at 10 MB a second as measured."""


class Waiting:
    """Whether somebody waits for a read."""

    def __init__(self) -> None:
        self._is_over = False

    def end(self) -> None:
        """Say that nobody waits any more."""
        self._is_over = True

    def through(self, parts: Iterable[Part]) -> Iterator[Part]:
        """Yield the parts for as long as somebody waits."""
        return takewhile(lambda _: not self._is_over, parts)


class FileReading:
    """One read of files after the other, in a thread of its own."""

    def __init__(self, *, deadline_s: float = DEADLINE_S) -> None:
        self._threads = Threads(1, name="files")
        self._deadline_s = deadline_s

    async def run(self, read: Callable[[Waiting], Answer], asked: str) -> Answer:
        """Await a read that takes each of its parts `through` what it is given; `asked` names the files.

        Raises:
            SourceFailed: It took too long, with what was to be read before it.

        """
        waiting = Waiting()
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self._threads.run(lambda: read(waiting))
        except TimeoutError as late:
            happened = f"not read within {self._deadline_s:g} s"
            raise SourceFailed(asked, happened, "Is the disk slow? Else name fewer files.", is_late=True) from late
        finally:
            waiting.end()

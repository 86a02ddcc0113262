"""Keeps the last few reads of a live backend, since several tools of one investigation ask for the same."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from rootline.sources.links import Link, again, noting

Read = TypeVar("Read")
KEPT = 8


def _anything(_: object) -> bool:
    return True


class Remembered(Generic[Read]):
    """The last reads by what was asked. The same question asked twice at once is sent once; a failure is not kept.

    Neither is what `keeps` does not want: an answer that may soon be another.
    """

    def __init__(self, kept: int = KEPT, *, keeps: Callable[[Read], bool] = _anything) -> None:
        self._kept = kept
        self._keeps = keeps
        self._reads: OrderedDict[Hashable, asyncio.Future[tuple[Read, list[Link]]]] = OrderedDict()

    async def once(self, key: Hashable, read: Callable[[], Awaitable[Read]]) -> Read:
        """Return what was read before under this key, or read it now."""
        known = self._reads.get(key)
        if known is None:
            known = self._reads[key] = asyncio.ensure_future(_with_links(read))
            known.add_done_callback(lambda done: self._forget(key, done))
            while len(self._reads) > self._kept:
                self._reads.popitem(last=False)
        answer, links = await asyncio.shield(known)
        again(links)
        return answer

    def _forget(self, key: Hashable, done: "asyncio.Future[tuple[Read, list[Link]]]") -> None:
        failed = done.cancelled() or done.exception() is not None
        if (failed or not self._keeps(done.result()[0])) and self._reads.get(key) is done:
            del self._reads[key]


async def _with_links(read: Callable[[], Awaitable[Read]]) -> tuple[Read, list[Link]]:
    """Read, and keep what was noted beside it for whoever is answered from memory."""
    with noting() as links:
        return await read(), links

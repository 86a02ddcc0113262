"""Keeps the last few reads of a live backend, since several tools of one investigation ask for the same."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rootline.domain.evidence import ClusterOutcome
from rootline.sources.fleet.hearing import overhearing, tell
from rootline.sources.links import Link, again, noting

Read = TypeVar("Read")
KEPT = 8


@dataclass(frozen=True)
class _Kept(Generic[Read]):
    """An answer, and what was noted and told beside it."""

    answer: Read
    links: Sequence[Link]
    outcomes: Sequence[ClusterOutcome]


def _anything(_: object) -> bool:
    return True


class Remembered(Generic[Read]):
    """The last reads by what was asked. The same question asked twice at once is sent once; a failure is not kept.

    Neither is what `keeps` does not want: an answer that may soon be another.
    """

    def __init__(self, kept: int = KEPT, *, keeps: Callable[[Read], bool] = _anything) -> None:
        self._kept = kept
        self._keeps = keeps
        self._reads: OrderedDict[Hashable, asyncio.Future[_Kept[Read]]] = OrderedDict()

    async def once(self, key: Hashable, read: Callable[[], Awaitable[Read]]) -> Read:
        """Return what was read before under this key, or read it now."""
        known = self._reads.get(key)
        if known is None:
            known = self._reads[key] = asyncio.ensure_future(_with_what_was_told(read))
            known.add_done_callback(lambda done: self._forget(key, done))
            while len(self._reads) > self._kept:
                self._reads.popitem(last=False)
        kept = await asyncio.shield(known)
        again(kept.links)
        tell(kept.outcomes)
        return kept.answer

    def _forget(self, key: Hashable, done: "asyncio.Future[_Kept[Read]]") -> None:
        failed = done.cancelled() or done.exception() is not None
        if (failed or not self._keeps(done.result().answer)) and self._reads.get(key) is done:
            del self._reads[key]


async def _with_what_was_told(read: Callable[[], Awaitable[Read]]) -> _Kept[Read]:
    """Read, and keep what was noted and told beside it for whoever is answered from memory."""
    with noting() as links, overhearing() as heard:
        answer = await read()
        return _Kept(answer, links, heard.outcomes)

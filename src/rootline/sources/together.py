"""Several reads of one source side by side; the first failure ends them all, and none is left running."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from rootline.errors import RootlineError

Read = TypeVar("Read")


async def together(reads: Iterable[Coroutine[Any, Any, Read]], *, at_once: int) -> list[Read]:
    """Return what the reads came to, in their order.

    Raises:
        RootlineError: What the first read failed with. Reads under way then are waited for, others never begin.

    """
    room, failed = asyncio.Semaphore(at_once), list[RootlineError]()
    answers = await asyncio.gather(*(_settle(read, room, failed) for read in reads))
    if failed:
        raise failed[0]
    return [answer for found in answers for answer in found]


async def _settle(
    read: Coroutine[Any, Any, Read], room: asyncio.Semaphore, failed: list[RootlineError]
) -> tuple[Read, ...]:
    async with room:
        if failed:
            read.close()
            return ()
        try:
            return (await read,)
        except RootlineError as failure:
            failed.append(failure)
            return ()

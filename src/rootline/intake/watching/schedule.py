"""When a watch looks: at each slot once its samples have arrived, and at log files four times a second."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime, timedelta

from rootline.domain.anomaly import WatchRound
from rootline.intake.watching.listening import Files
from rootline.intake.watching.slots import slot_of
from rootline.intake.watching.watcher import Watcher

SETTLING = timedelta(seconds=5)
"""Source: ours; a scrape that began in a slot has been stored by then."""
LOOK_S = 0.25
Sleep = Callable[[float], Awaitable[None]]


async def rounds(
    watcher: Watcher, clock: Callable[[], datetime], sleep: Sleep = asyncio.sleep
) -> AsyncGenerator[list[WatchRound]]:
    """Yield the rounds that became due, again and again, until the caller has enough."""
    try:
        while True:
            yield await watcher.catch_up(clock())
            until = slot_of(clock(), watcher.interval) + watcher.interval + SETTLING
            while (left := (until - clock()).total_seconds()) > 0:
                await sleep(min(left, LOOK_S) if isinstance(watcher.ear, Files) else left)
                await _look(watcher, clock())
    finally:
        if watcher.ear is not None:
            watcher.ear.close()


async def _look(watcher: Watcher, now: datetime) -> None:
    """Read what was written to log files, away from the loop: a burst takes its time."""
    if isinstance(watcher.ear, Files):
        await asyncio.to_thread(watcher.ear.look, now.timestamp())

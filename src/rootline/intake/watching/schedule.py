"""When a watch looks: at each slot once its samples have arrived, and at log files four times a second."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from datetime import datetime, timedelta

from rootline.domain.anomaly import WatchRound
from rootline.errors import RootlineError
from rootline.intake.watching.listening import Files
from rootline.intake.watching.slots import slot_of
from rootline.intake.watching.watcher import Watcher
from rootline.store.refusals import StoreUnreachable

_LOG = logging.getLogger(__name__)

SETTLING = timedelta(seconds=5)
"""Source: ours; a scrape that began in a slot has been stored by then."""
LOOK_S = 0.25
Sleep = Callable[[float], Awaitable[None]]


async def rounds(
    watcher: Watcher, clock: Callable[[], datetime], sleep: Sleep = asyncio.sleep
) -> AsyncGenerator[list[WatchRound]]:
    """Yield the rounds that became due, again and again, until the caller has enough.

    A store that is away for a while is told on the log and tried again in the next slot.
    """
    try:
        while True:
            yield await _caught_up(watcher, clock())
            until = slot_of(clock(), watcher.interval) + watcher.interval + SETTLING
            while (left := (until - clock()).total_seconds()) > 0:
                await sleep(min(left, LOOK_S) if isinstance(watcher.ear, Files) else left)
                await _look(watcher, clock())
    finally:
        if watcher.ear is not None:
            watcher.ear.close()


async def _caught_up(watcher: Watcher, now: datetime) -> list[WatchRound]:
    try:
        return await watcher.catch_up(now)
    except StoreUnreachable as away:
        _LOG.warning("the watch of %s tries again in its next slot: %s", watcher.cluster, away)
        return []


@asynccontextmanager
async def in_background(watcher: Watcher, clock: Callable[[], datetime]) -> AsyncIterator[None]:
    """Watch while the block runs; what goes wrong with the watch ends the watch, is told, and nothing else."""

    async def watch() -> None:
        try:
            async with aclosing(rounds(watcher, clock)) as due:
                async for some in due:
                    _tell(some)
        except RootlineError as wrong:
            _LOG.error("the watch of %s has ended: %s", watcher.cluster, wrong)

    task = asyncio.create_task(watch())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _tell(done: Sequence[WatchRound]) -> None:
    for one in done:
        for failure in one.failures:
            _LOG.warning("watch of %s: %s", one.cluster, failure)
        for gated in one.gated:
            if gated.action == "opened":
                _LOG.warning("watch of %s opened incident %s: %s", one.cluster, gated.incident, gated.rationale)


async def _look(watcher: Watcher, now: datetime) -> None:
    """Read what was written to log files, away from the loop: a burst takes its time."""
    if isinstance(watcher.ear, Files):
        await asyncio.to_thread(watcher.ear.look, now.timestamp())

"""When a watch looks: at each slot once its samples have arrived, and at log files four times a second."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import datetime, timedelta

from rootline.alongside import alongside
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
        _close([watcher])


def _close(watchers: Sequence[Watcher]) -> None:
    for one in watchers:
        if one.ear is not None:
            one.ear.close()


async def _caught_up(watcher: Watcher, now: datetime) -> list[WatchRound]:
    try:
        return await watcher.catch_up(now)
    except StoreUnreachable as away:
        _LOG.warning("the watch of %s tries again in its next slot: %s", watcher.cluster, away)
        return []


async def once(watchers: Sequence[Watcher], now: datetime) -> list[WatchRound]:
    """Return the rounds that are due, of all clusters side by side."""
    try:
        found = await asyncio.gather(*(_caught_up(one, now) for one in watchers))
    finally:
        _close(watchers)
    return [one for some in found for one in some]


async def rounds_of(
    watchers: Sequence[Watcher], clock: Callable[[], datetime], sleep: Sleep = asyncio.sleep
) -> AsyncGenerator[list[WatchRound]]:
    """Yield the rounds of each cluster when they are done, whatever the others do, until the caller has enough.

    A watch that cannot go on is told on the log, and the others do.

    Raises:
        RootlineError: None can go on; the last one's reason.

    """
    ready: asyncio.Queue[list[WatchRound] | asyncio.Task[None]] = asyncio.Queue()
    tasks = {asyncio.create_task(_filling(ready, one, clock, sleep), name=one.cluster) for one in watchers}
    for task in tasks:
        task.add_done_callback(ready.put_nowait)
    try:
        while True:
            some = await ready.get()
            if isinstance(some, list):
                yield some
                continue
            tasks.discard(some)
            _ended(some, is_last=not tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _filling(
    ready: "asyncio.Queue[list[WatchRound] | asyncio.Task[None]]",
    watcher: Watcher,
    clock: Callable[[], datetime],
    sleep: Sleep,
) -> None:
    async with aclosing(rounds(watcher, clock, sleep)) as due:
        async for some in due:
            ready.put_nowait(some)


def _ended(task: "asyncio.Task[None]", *, is_last: bool) -> None:
    """Tell that one watch has ended while others go on; raise what ended the last, or was nobody's fault."""
    wrong = task.exception()
    if wrong is not None and (is_last or not isinstance(wrong, RootlineError)):
        raise wrong
    _LOG.error("the watch of %s has ended: %s", task.get_name(), wrong)


@asynccontextmanager
async def in_background(watchers: Sequence[Watcher], clock: Callable[[], datetime]) -> AsyncIterator[None]:
    """Watch while the block runs; what goes wrong with a watch ends that watch, is told, and nothing else."""

    async def watch() -> None:
        try:
            async with aclosing(rounds_of(watchers, clock)) as due:
                async for some in due:
                    _tell(some)
        except RootlineError as wrong:
            _LOG.error("the watch of %s has ended: %s", ", ".join(one.cluster for one in watchers), wrong)

    async with alongside(watch()):
        yield


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

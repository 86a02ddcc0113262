"""How long and how often a provider is asked: one deadline over all, a bounded number of attempts, growing pauses."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from rootline.domain.evidence import JsonObject
from rootline.models.unanswered import LATER, Asked, Unanswered, unanswered

# A slow server on a CPU still answers; a person who waits has given up long before.
TURN_TIMEOUT_S = 180.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8.0
MALFORMED = frozenset({400, 422})

Send = Callable[[JsonObject], AsyncGenerator[object, None]]


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Bounds for one turn. `timeout_s` holds over all attempts, `idle_s` between two pieces of a stream.

    `sleep`, `jitter` (0 to 1) and `clock` (seconds) are arguments so that tests neither wait nor guess.
    """

    timeout_s: float = TURN_TIMEOUT_S
    idle_s: float = 60.0
    attempts: int = 3
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic

    def pause_s(self, attempt: int, wait_s: float | None) -> float:
        """Seconds before the next attempt: as the server asks, else doubling from half a second, less up to a half.

        Source: exponential backoff with equal jitter, as the vendors' own SDKs wait.
        """
        if wait_s is not None:
            return wait_s
        return min(FIRST_PAUSE_S * 2.0 ** (attempt - 1), LONGEST_PAUSE_S) * (1.0 - 0.5 * self.jitter())


async def ask(
    send: Send, bodies: Sequence[JsonObject], *, asked: Asked, patience: Patience
) -> AsyncGenerator[object, None]:
    """Stream the events of the first body that the server accepts.

    Asks again only while no event has come. A later body is sent where the one before was refused as malformed:
    some servers refuse a forced tool. Raises Unanswered.
    """
    deadline, attempt, waiting = patience.clock() + patience.timeout_s, 1, list(bodies)
    while True:
        started = False
        try:
            async with aclosing(_until(deadline, send(waiting[0]), asked, patience)) as events:
                async for event in events:
                    started = True
                    yield event
        except Unanswered as fault:
            if started:
                raise
            failure = fault
        else:
            return
        if failure.status in MALFORMED and len(waiting) > 1:
            waiting.pop(0)
            continue
        pause_s = patience.pause_s(attempt, failure.wait_s)
        if not failure.passing or attempt >= patience.attempts or patience.clock() + pause_s >= deadline:
            raise failure.after(attempt)
        attempt += 1
        await patience.sleep(pause_s)


async def _until(
    deadline: float, events: AsyncGenerator[object, None], asked: Asked, patience: Patience
) -> AsyncGenerator[object, None]:
    """Pass events on until the deadline; the time that the reader takes between them counts too."""
    async with aclosing(events):
        while True:
            try:
                async with asyncio.timeout(max(0.0, deadline - patience.clock())):
                    event = await anext(events)
            except StopAsyncIteration:
                return
            except TimeoutError:
                happened = f"the turn was not done within {patience.timeout_s:g} s."
                raise unanswered(asked, happened, f"Raise the model timeout, or use a faster model. {LATER}") from None
            yield event

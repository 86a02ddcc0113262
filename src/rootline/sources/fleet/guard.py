"""Stands before one source: counts how it does, leaves it alone when it is broken, and waits no longer than it may."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from rootline.errors import RootlineError, ToolFault
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.breaker import Breaker
from rootline.sources.fleet.contacts import Contacts

Read = TypeVar("Read")


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What the guards of one process share. Without a deadline, each source's own bounds hold."""

    contacts: Contacts = field(default_factory=Contacts)
    deadline_s: float | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC)
    monotonic: Callable[[], float] = time.monotonic
    randomness: Callable[[], float] = random.random
    _guards: dict[tuple[str, str], "Guard"] = field(default_factory=dict, init=False, repr=False, compare=False)

    def guard(self, cluster: str, source: str) -> "Guard":
        """Return the one guard of a source, which all that is read from it shares."""
        breaker = Breaker(clock=self.monotonic, randomness=self.randomness)
        made = Guard(cluster=cluster, source=source, watch=self, breaker=breaker)
        return self._guards.setdefault((cluster, source), made)


@dataclass(frozen=True, kw_only=True)
class Guard:
    """Lets questions to one source through."""

    cluster: str
    source: str
    watch: Watch
    breaker: Breaker
    _last_error: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    async def read(self, ask: Callable[[], Awaitable[Read]], asked: object = None) -> Read:  # noqa: ARG002 a gate is told
        """Ask, unless the source is left alone.

        Raises:
            SourceFailed: It failed, did not answer within the deadline, or is left alone after failures in a row.

        """
        if not self.breaker.admits():
            raise self._left_alone()
        try:
            answer = await self._in_time(ask)
        except asyncio.CancelledError:
            self.breaker.withdrawn()
            raise
        except ToolFault:
            self._worked()
            raise
        except RootlineError as failure:
            self._judge(failure)
            raise
        self._worked()
        return answer

    async def _in_time(self, ask: Callable[[], Awaitable[Read]]) -> Read:
        deadline_s = self.watch.deadline_s
        try:
            async with asyncio.timeout(deadline_s):
                return await ask()
        except TimeoutError as late:
            happened, helps = f"no answer within {deadline_s:g} s", "Look at its load, or give it longer."
            raise SourceFailed(self._name, happened, helps, is_late=True) from late

    def _judge(self, failure: RootlineError) -> None:
        if isinstance(failure, SourceFailed) and failure.is_too_large:
            self._worked()
            return
        self.breaker.failed()
        self._last_error[:] = [str(failure)]
        self.watch.contacts.failed(self.cluster, self.source, self.watch.clock(), str(failure))

    def _worked(self) -> None:
        self.breaker.worked()
        self.watch.contacts.succeeded(self.cluster, self.source, self.watch.clock())

    def _left_alone(self) -> SourceFailed:
        last = self._last_error[0] if self._last_error else "unknown"
        many, pause = self.breaker.failures, max(1, round(self.breaker.pause_left_s))
        happened = f"it is left alone for {pause} s after {many} failures in a row, the last: {last.rstrip('.')}"
        return SourceFailed(self._name, happened, "It is asked again by itself.")

    @property
    def _name(self) -> str:
        return f"{self.source} of {self.cluster}" if self.cluster else self.source

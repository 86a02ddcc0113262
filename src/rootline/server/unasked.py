"""What a server does unasked while it runs: lets time count for incidents, learns who calls whom, explains."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from rootline.alongside import alongside
from rootline.errors import RootlineError
from rootline.intake.following import Follower
from rootline.server.explaining import AT_ONCE, Explainer
from rootline.server.workbench import Workbench

SETTLED_EVERY_S, LEARNED_EVERY_S = 30.0, 300.0
NOTED_EVERY_S = 5.0
"""Source: ours; how old the health of the ways in may be."""


@dataclass(kw_only=True)
class Unasked:
    """The background of one server. Without an explainer incidents wait for people, without a follower for webhooks."""

    workbench: Workbench
    explainer: Explainer | None = None
    follower: Follower | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def settle(self) -> None:
        """Let time count for the incidents of every tenant that is known here, and wake who explains them.

        Before, their alerts are followed to the Alertmanagers that are connected.
        """
        desk = self.workbench.desk
        looked = await self.follower.look(desk.clock()) if self.follower else None
        for actor in self.workbench.actors:
            reception = self.workbench.reception(actor)
            if self.follower and looked:
                await self.follower.follow(looked, desk.journals(actor), reception)
            await reception.settle()
        if looked:
            await desk.note_health(self.workbench.ground)
        self._news.set()

    async def learn(self) -> None:
        """Read who calls whom."""
        desk = self.workbench.desk
        await self.workbench.learned.learn(self.workbench.ground.cleaned(desk.redactor), desk.clock())

    async def note(self) -> None:
        """Store how the ways in do."""
        await self.workbench.deliveries.store()

    async def explain(self) -> None:
        """Explain what waits until nothing does, then wait for news."""
        self._news.clear()
        while self.explainer is not None and await self.explainer.explain_next(self.workbench.actors):
            pass
        await self._news.wait()

    def hear(self) -> None:
        """Wake who explains: something was decided."""
        self._news.set()


@asynccontextmanager
async def working(unasked: Unasked) -> AsyncIterator[None]:
    """Work in the background while the block runs; what is under way is cancelled and stored at its end."""
    unasked.workbench.decided = unasked.hear
    loops = [_over_and_over(unasked.learn, LEARNED_EVERY_S), _over_and_over(unasked.settle, SETTLED_EVERY_S)]
    loops += [_over_and_over(unasked.explain, 0) for _ in range(AT_ONCE if unasked.explainer else 0)]
    try:
        async with alongside(*loops, _over_and_over(unasked.note, NOTED_EVERY_S)):
            yield
    finally:
        await _noted_at_last(unasked)


async def _noted_at_last(unasked: Unasked) -> None:
    try:
        await unasked.note()
    except RootlineError as fault:
        logging.getLogger(__name__).warning("how the ways in do is not stored: %s", fault)


async def _over_and_over(work: Callable[[], Awaitable[None]], every_s: float) -> None:
    """Do it, wait, and do it again; a failure is logged and waits for the next time."""
    while True:
        pause = every_s
        try:
            await work()
        except RootlineError as fault:
            logging.getLogger(__name__).warning("left for later: %s", fault)
            pause = max(every_s, SETTLED_EVERY_S)
        except Exception:
            logging.getLogger(__name__).exception("left for later")
            pause = max(every_s, SETTLED_EVERY_S)
        await asyncio.sleep(pause)

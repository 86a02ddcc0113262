"""Once a day, and at once: what was stored long enough is let go of, tenant by tenant."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from rootline.alongside import alongside
from rootline.desk import Desk
from rootline.errors import RootlineError
from rootline.store.limits import Limits

DAY_S = 86_400.0
_LOG = logging.getLogger(__name__)


async def forget(desk: Desk) -> None:
    """Let go of what is older than it is kept. A tenant that fails is told of, and keeps no other waiting."""
    limits = Limits.at(desk.clock())
    for tenant in await desk.tenants():
        try:
            gone = await desk.retentions(tenant).forget(limits)
        except RootlineError as fault:
            _LOG.warning("what is old of tenant %s is left for tomorrow: %s", tenant, fault)
        else:
            if gone:
                _LOG.info("let go of %s of tenant %s", gone, tenant)


@asynccontextmanager
async def forgetting(desk: Desk, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> AsyncIterator[None]:
    """Forget every day while the block runs, for the first time at once."""

    async def daily() -> None:
        while True:
            try:
                await forget(desk)
            except RootlineError as fault:
                _LOG.warning("what is old is left for tomorrow: %s", fault)
            await sleep(DAY_S)

    async with alongside(daily()):
        yield

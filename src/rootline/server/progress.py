"""What a long call tells its client while it runs: in order, and nothing after the answer."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mcp.server.mcpserver import Context

from rootline.agent.events import Asking, CameBack, Concluded, Event, Listener, Planned, Remarked
from rootline.tools.wording import cut

LAST_WORDS_S = 5.0
"""Source: ours; how long an answer waits for a client that is slow to read what was told before it."""
LONGEST = 300
_LOG = logging.getLogger(__name__)


@asynccontextmanager
async def reporting(context: Context[Any, Any]) -> AsyncIterator[Listener]:
    """Lend a listener that turns events into progress notifications; leaving waits until they are sent."""
    told: asyncio.Queue[str] = asyncio.Queue()

    def listen(event: Event) -> None:
        text = wording(event)
        if text:
            told.put_nowait(text)

    teller = asyncio.create_task(_tell(told, context))
    try:
        yield listen
        told.put_nowait("")
        await asyncio.wait([teller], timeout=LAST_WORDS_S)
    finally:
        teller.cancel()
        teller.add_done_callback(_log_fault)


async def _tell(told: asyncio.Queue[str], context: Context[Any, Any]) -> None:
    count = 0
    while text := await told.get():
        count += 1
        await context.report_progress(count, None, text)


def _log_fault(teller: asyncio.Task[None]) -> None:
    if not teller.cancelled() and teller.exception() is not None:
        _LOG.info("Progress could not be told: %r", teller.exception())


def wording(event: Event) -> str:
    """Say an event in one short line; empty for what is not worth telling."""
    match event:
        case Asking():
            return cut("asking " + ", ".join(call.tool for call in event.calls), LONGEST) if event.calls else ""
        case CameBack():
            return cut(f"{event.result.evidence or 'no evidence'}: {event.call.tool}", LONGEST)
        case Remarked():
            return cut(event.text, LONGEST)
        case Concluded():
            return f"outcome: {event.answer.outcome.replace('_', ' ')}"
        case Planned():
            return f"plan {event.plan.sha256[:12]}, nothing has been run"
        case _:
            return ""

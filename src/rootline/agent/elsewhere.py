"""Another process, perhaps on another machine, works on the same investigation: its answer is waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from rootline.errors import RootlineError
from rootline.store.journal import Journal, Record

LOOKED_EVERY_S, PATIENCE_S = 2.0, 120.0
"""Source: ours; a model's turn is stored within its own limit of a minute, or two."""


class WorkedOnElsewhere(RootlineError):
    """Another process was first, and has stored nothing more for a while."""

    def __init__(self, investigation: UUID, waited_s: float) -> None:
        super().__init__(
            f"Another process works on investigation {investigation} and stored its step first, so this one stopped. "
            f"It has stored nothing more for {waited_s:g} seconds. Nothing is lost: `rootline session show` shows what "
            "there is, and once the other has ended `rootline session resume` goes on from there."
        )
        self.investigation = investigation


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """Waits for whoever was first.

    Attributes:
        journal: Where the other stores what it does.
        sleep: Waits for so many seconds.
        patience_s: How long the other may store nothing.

    """

    journal: Journal
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    patience_s: float = PATIENCE_S

    async def outcome(self, investigation: UUID) -> Record:
        """Return the investigation once the other has ended it.

        Raises:
            WorkedOnElsewhere: The other stored nothing for as long as one has patience.

        """
        steps, waited = -1, 0.0
        while True:
            record = await self.journal.record(investigation)
            if record.investigation.state != "running":
                return record
            if len(record.messages) != steps:
                steps, waited = len(record.messages), 0.0
            elif waited >= self.patience_s:
                raise WorkedOnElsewhere(investigation, waited)
            await self.sleep(LOOKED_EVERY_S)
            waited += LOOKED_EVERY_S

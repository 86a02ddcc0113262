"""How long what is stored stays, and who lets go of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rootline.store.intake import MemoryIntake
from rootline.store.journal import MemoryJournal
from rootline.store.limits import Limits
from rootline.store.watchbook import MemoryWatchbook


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """How many rows of each kind were let go of; a kind of which there was none may be missing."""

    counts: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.counts.values())

    def __str__(self) -> str:
        return ", ".join(f"{count} {kind}" for kind, count in self.counts.items() if count) or "nothing"


class Retention(Protocol):
    """Lets go of one tenant's rows that were kept long enough."""

    async def forget(self, limits: Limits) -> Forgotten:
        """Let go of what is older than the limits. Broken off anywhere, what stays is whole; repeating it goes on."""
        ...


@dataclass(frozen=True, kw_only=True)
class MemoryRetention:
    """The same for what ends with the process."""

    journal: MemoryJournal
    intake: MemoryIntake
    watchbook: MemoryWatchbook

    async def forget(self, limits: Limits) -> Forgotten:
        """Let go of what is older: what was told first, then incidents that nothing tells of any more."""
        told = self.intake.forget(limits)
        gone = self.journal.forget(limits, self.intake.incidents_told_of())
        self.watchbook.forget_incidents({one.id for one in gone.incidents})
        return Forgotten(counts={**told, **gone.counts, **self.watchbook.forget(limits)})

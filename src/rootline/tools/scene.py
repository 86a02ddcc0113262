"""What a tool is given besides the arguments that the model fills."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from rootline.domain.evidence import Evidence
from rootline.domain.session import Question
from rootline.domain.tenant import Actor
from rootline.domain.window import Window
from rootline.sources.bundle import Sources
from rootline.store.documents import Collection
from rootline.store.journal import Journal, Record
from rootline.store.runbooks import RunbookIndex
from rootline.tools.judged import Judged


class Runner(Protocol):
    """Starts an investigation and returns it when it has ended; the desk supplies it."""

    async def investigate(self, question: Question, persona: str) -> Record:
        """Run one investigation to its outcome."""
        ...


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One investigation as its tools see it. `now` is the end of what can be asked about.

    `latest` reads what this investigation has gathered, or the last of it where that is much.
    `archives` opens what the tenant's earlier investigations left behind; None where nothing is kept.
    """

    sources: Sources
    window: Window
    now: datetime
    actor: Actor
    journal: Journal
    investigation: UUID
    latest: Callable[[], Awaitable[Sequence[Evidence]]]
    judged: Judged
    runbooks: RunbookIndex | None = None
    archives: Callable[[Collection], RunbookIndex] | None = None
    runner: Runner | None = None
    namespace: str = ""
    question: str = ""
    writes_enabled: bool = False

"""A desk in memory with a journal for each tenant, and servers over it as a new process would make them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from tests.fakes.incident import incident

from rootline.desk import Desk
from rootline.domain.tenant import Actor
from rootline.ground import Ground
from rootline.models.builtin.model import BuiltinModel
from rootline.models.model import Conversation, Model, ModelEvent
from rootline.opening import memory_desk
from rootline.server.protocol import RootlineServer
from rootline.server.serve import build
from rootline.server.tokens import FileTokens
from rootline.server.workbench import Workbench
from rootline.settings import Settings
from rootline.sources.runbooks.source import Runbook
from rootline.store.intake import MemoryIntake
from rootline.store.journal import MemoryJournal

KEY = bytes(range(32))
RUNBOOK = Runbook(
    name="slow queries, first aid",
    title="Slow queries",
    body="# Slow queries\n\nLook for a query in a loop. Roll the release back.\n",
    version="made-up",
)
RECORDING = replace(incident(), runbooks=(RUNBOOK,))
GROUND = Ground.of(RECORDING, "made up")
ERAS = ("legacy", "2026-07-28")
OUR_TENANT = UUID("00000000-0000-7000-8000-000000000001")


@dataclass
class House:
    """What outlives a process: the journals. Each server made here is as good as one of a new process."""

    model: Model = field(default_factory=BuiltinModel)
    journals: dict[UUID, MemoryJournal] = field(default_factory=dict)
    intakes: dict[UUID, MemoryIntake] = field(default_factory=dict)
    persona: str = "on-call-sre"
    ground: Ground = GROUND

    def journal(self, tenant: UUID = OUR_TENANT) -> MemoryJournal:
        return self.journals.setdefault(tenant, MemoryJournal())

    def intake(self, tenant: UUID = OUR_TENANT) -> MemoryIntake:
        return self.intakes.setdefault(tenant, MemoryIntake(self.journal(tenant)))

    def desk(self, **fields: object) -> Desk:
        def of(actor: Actor) -> MemoryJournal:
            return self.journal(actor.tenant)

        def intake_of(actor: Actor) -> MemoryIntake:
            return self.intake(actor.tenant)

        plain = memory_desk(Settings(home=Path("unused")))
        lent = replace(plain, journal=self.journal(), journals=of, intakes=intake_of, models=lambda _: self.model)
        return replace(lent, **fields)  # type: ignore[arg-type]

    def workbench(self, **fields: object) -> Workbench:
        return Workbench(
            desk=self.desk(**fields), ground=self.ground, question=RECORDING.question, persona=self.persona
        )

    def server(self, tokens: FileTokens | None = None) -> RootlineServer:
        workbench = self.workbench()
        workbench.anyone = None if tokens else workbench.anyone
        return build(workbench, key=KEY, tokens=tokens)


class WaitingModel:
    """A model that says when it has been asked, and then thinks until it is cancelled."""

    name = "waiting"

    def __init__(self) -> None:
        self.is_asked = asyncio.Event()
        self.is_cancelled = asyncio.Event()

    async def turn(self, conversation: Conversation) -> AsyncIterator[ModelEvent]:
        assert conversation.messages
        self.is_asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.is_cancelled.set()
            raise
        yield  # type: ignore[misc]

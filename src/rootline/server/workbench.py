"""Every caller's bench. The caller is the credential's holder; on stdio and bare loopback the one person there."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from rootline.desk import Desk
from rootline.domain.persona import Persona
from rootline.domain.session import Question
from rootline.domain.tenant import LOCAL, Actor
from rootline.errors import NotApproved
from rootline.ground import Ground
from rootline.intake.hooks import Hooks
from rootline.intake.maintenance import Calendar
from rootline.intake.probed import ProbedServices
from rootline.intake.receiving import Reception
from rootline.server.bench import Bench
from rootline.server.deliveries import Deliveries
from rootline.server.isolation import Work
from rootline.server.learning import Learned
from rootline.server.tokens import token_holder
from rootline.sources.runbooks.source import Runbook
from rootline.store.journal import Journal
from rootline.tools.toolbox import Toolbox

RUNS_AT_ONCE = 4
"""Source: ours; investigations that run side by side in one process, whoever asked."""


@dataclass(kw_only=True)
class Workbench:
    """The desk as MCP callers share it. Where tokens are asked for, `anyone` is None and nobody is served without."""

    desk: Desk
    ground: Ground
    question: Question
    persona: str
    anyone: Actor | None = LOCAL
    hooks: Hooks = field(default_factory=Hooks)
    calendar: Calendar = field(default_factory=Calendar)
    work: Work = field(default_factory=Work)
    learned: Learned = field(default_factory=Learned)
    deliveries: Deliveries = field(init=False)
    probed: ProbedServices = field(default_factory=ProbedServices)
    decided: Callable[[], None] = field(default=lambda: None)
    _actors: dict[UUID, Actor] = field(default_factory=dict)
    _benches: dict[tuple[UUID, str], Bench] = field(default_factory=dict)
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(RUNS_AT_ONCE))

    def __post_init__(self) -> None:
        """Count deliveries for the desk."""
        self.deliveries = Deliveries(self.desk)

    @property
    def toolbox(self) -> Toolbox:
        """What is offered to every caller alike."""
        return self.desk.toolbox(self.persona, self.ground)

    @property
    def personas(self) -> dict[str, Persona]:
        """Who can be asking, by id."""
        return dict(self.desk.personas)

    def bench(self) -> Bench:
        """Return the bench of whoever makes the current request; its rows belong to that person's tenant alone."""
        actor = token_holder() or self.anyone
        if actor is None:
            raise NotApproved("This server answers nobody without a token.")
        key = (actor.tenant, actor.name)
        known = self._benches.get(key)
        if known is None or known.desk.actor != actor:
            self._benches[key] = Bench(
                desk=self.desk.acting_for(actor),
                ground=self.ground,
                question=self.question,
                persona=self.persona,
                room=self._room,
            )
        return self._benches[key]

    def reception(self, actor: Actor) -> Reception:
        """Return what takes deliveries for an actor's tenant."""
        self._actors.setdefault(actor.tenant, actor)
        return Reception(
            intake=self.desk.intakes(actor),
            actor=actor,
            redactor=self.desk.redactor,
            clock=self.desk.clock,
            new_id=self.desk.new_id,
            windows=self.calendar.windows,
            graph=lambda: self.learned.graph,
            decided=self.decided,
            naming=self.probed.named,
        )

    @property
    def actors(self) -> list[Actor]:
        """One person of each tenant that this server has to do with, as whom it works unasked."""
        return [*self._actors.values()]

    def serves(self, actors: Iterable[Actor]) -> None:
        """Remember who may call."""
        for one in actors:
            if one.role != "viewer":
                self._actors.setdefault(one.tenant, one)

    def journal(self) -> Journal:
        """Return what the current caller's tenant has stored."""
        return self.bench().desk.journal

    async def runbooks(self) -> list[Runbook]:
        """Return the house's runbooks and those of the sources."""
        source = self.ground.sources.runbooks
        return [*(await self.desk.shelves.house()).runbooks, *(await source.runbooks() if source else ())]

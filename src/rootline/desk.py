"""A desk: everything that one process needs to investigate for one tenant."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from rootline.agent.budget import Budget
from rootline.agent.events import Listener, nobody
from rootline.agent.ledger import Ledger
from rootline.agent.loop import Investigator
from rootline.agent.notebook import Notebook
from rootline.agent.rereading import reread
from rootline.domain.identity import uuid7
from rootline.domain.persona import Capability, Persona
from rootline.domain.session import Investigation, Message, Question, Session
from rootline.domain.tenant import LOCAL, Actor
from rootline.domain.window import Window
from rootline.ground import Ground
from rootline.intake.as_sources import with_told
from rootline.intake.case import read_case
from rootline.intake.homes import Homes
from rootline.intake.moving import moved_by
from rootline.intake.sent_traces import with_sent
from rootline.intake.traces import TraceInbox
from rootline.knowledge.shelves import Shelves
from rootline.models.builtin.model import BuiltinModel
from rootline.models.model import Model
from rootline.personas.library import DEFAULT, choose
from rootline.prompts.library import system_prompt
from rootline.redaction import Redactor
from rootline.settings import Settings
from rootline.sources.bundle import Sources
from rootline.sources.fleet.contacts import Contact
from rootline.store.fleet import FleetBook, MemoryFleetBook
from rootline.store.intake import Intake
from rootline.store.journal import Journal, Record
from rootline.store.memory import MemoryStores
from rootline.store.refusals import Refused
from rootline.store.retention import Retention
from rootline.store.runbooks import RunbookIndex
from rootline.store.watchbook import Watchbook
from rootline.tapes.recording import Recording
from rootline.tools.judged import Judged
from rootline.tools.scene import Runner, Scene
from rootline.tools.toolbox import Toolbox

NOT_IN_THE_LOOP: frozenset[Capability] = frozenset({"investigate", "plan", "feedback", "execute"})
"""A model inside an investigation reads; what writes is done by code or asked for by a person."""


def _now() -> datetime:
    return datetime.now(tz=UTC)


def _random_bits() -> int:
    return secrets.randbits(74)


async def _no_tenant(_: Actor) -> None:
    """Memory needs no tenants."""


async def _one_tenant() -> tuple[UUID, ...]:
    """Return the one that memory serves."""
    return (LOCAL.tenant,)


def _kept_for_good(_: UUID) -> Retention:
    """Memory of no account is let go of with the process."""
    return MemoryStores().retention(LOCAL.tenant)


def _one_book() -> Callable[[Actor], FleetBook]:
    """Make a book that is shared by whoever uses the desk in memory."""
    book = MemoryFleetBook()
    return lambda _: book


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything one process needs to investigate for one tenant."""

    settings: Settings
    journal: Journal
    personas: Mapping[str, Persona]
    redactor: Redactor
    shelves: Shelves
    models: Callable[[str], Model]
    journals: Callable[[Actor], Journal]
    intakes: Callable[[Actor], Intake]
    watchbooks: Callable[[Actor], Watchbook]
    actor: Actor = LOCAL
    clock: Callable[[], datetime] = _now
    randomness: Callable[[], int] = _random_bits
    budget: Budget = field(default_factory=Budget)
    judged: Judged = field(default_factory=Judged)
    ensure_tenant: Callable[[Actor], Awaitable[None]] = field(default=_no_tenant)
    fleets: Callable[[Actor], FleetBook] = field(default_factory=_one_book)
    tenants: Callable[[], Awaitable[tuple[UUID, ...]]] = field(default=_one_tenant)
    retentions: Callable[[UUID], Retention] = field(default=_kept_for_good)

    @property
    def fleet(self) -> FleetBook:
        """The registered clusters of the actor's tenant, and how its sources do."""
        return self.fleets(self.actor)

    async def note_health(self, ground: Ground) -> None:
        """Store how the live sources did since this was last stored, with secrets taken out of what they said.

        Whoever asked, the sources are the installation's own.
        """
        if contacts := ground.watch.contacts.drain() if ground.watch else ():
            await self.note(contacts)

    async def note(self, contacts: Sequence[Contact], actor: Actor = LOCAL) -> None:
        """Store how the sources of a tenant did, as note_health does of the installation's own."""
        await self.fleets(actor).note([replace(one, error=self.redactor.text(one.error)) for one in contacts])

    def new_id(self) -> UUID:
        """Make an identifier for a new row."""
        return uuid7(self.clock(), self.randomness())

    def acting_for(self, actor: Actor) -> "Desk":
        """Return the same desk for another person, whose tenant's rows it reads and writes."""
        return replace(self, actor=actor, journal=self.journals(actor))

    def apart(self) -> "Desk":
        """Return the same desk with an empty journal in memory: what it investigates is soon forgotten."""
        return replace(self, journal=MemoryStores().journal(self.actor))

    @property
    def intake(self) -> Intake:
        """What the actor's tenant was told."""
        return self.intakes(self.actor)

    @property
    def watchbook(self) -> Watchbook:
        """What the actor's watches left behind."""
        return self.watchbooks(self.actor)

    async def open(
        self,
        question: Question,
        *,
        persona: str = "",
        model: str = "",
        origin: str = "",
        clusters: tuple[str, ...] = (),
        session: UUID | None = None,
        led_by: str = "",
        incident: UUID | None = None,
    ) -> Record:
        """Store a new investigation, in a new session unless one is given, with secrets taken out of its words.

        Raises Misconfigured, and stores nothing, when the persona is unknown or the model cannot be had.
        """
        asked_by = choose(self.personas, persona or DEFAULT)
        speaker = model or asked_by.model or self.settings.model
        self.models(speaker)
        clean = self.redactor.model(question)
        now = self.clock()
        investigation = Investigation(
            id=self.new_id(),
            session=session or await self._open_session(clean, asked_by, now),
            question=clean,
            persona=asked_by.id,
            model=speaker,
            tape=origin,
            clusters=clusters,
            led_by=led_by,
            incident=incident,
            state="running",
            opened_at=now,
        )
        await self.journal.open_investigation(investigation, Message(role="user", text=clean.text))
        return await self.journal.record(investigation.id)

    async def _open_session(self, question: Question, persona: Persona, now: datetime) -> UUID:
        title = " ".join(question.text.split())[:80]
        session = Session(id=self.new_id(), title=title, persona=persona.id, opened_at=now, active_at=now)
        await self.journal.open_session(session)
        return session.id

    async def open_for(self, incident: UUID, ground: Ground, *, persona: str = "", model: str = "") -> Record:
        """Store a new investigation of an incident, which is being investigated from then on.

        Raises NotFound, and stores nothing, when there is no such incident.
        """
        case = await read_case(self.journal, self.intake, incident)
        question = case.question(self.clock(), ground.sources.clusters)
        record = await self.open(
            question,
            persona=persona,
            model=model,
            origin=ground.origin,
            clusters=ground.clusters,
            incident=incident,
        )
        if case.incident.state in {"detected", "acknowledged"}:
            reason = f"investigation {record.investigation.id}"
            step = moved_by(case.incident, "investigating", at=self.clock(), actor=self.actor.name, reason=reason)
            with suppress(Refused):  # somebody else moved it meanwhile, which counts
                await self.journal.move_incident(step)
        return record

    async def told(self, ground: Ground) -> Ground:
        """Return live ground that knows what the actor's tenant was told, too; a recording stays as it was.

        Where nobody ever told of alerts or of changes, nothing is said of them: silence is then no evidence.
        """
        if ground.origin or ground.taped is not None:
            return ground
        known = [one.name for one in await self.fleet.clusters()]
        sources = with_told(ground.sources, self.intake, await self.intake.heard_of(), known, redactor=self.redactor)
        inbox = TraceInbox.of(self.settings.home, self.actor.tenant)
        if inbox.has_any:
            sources = with_sent(sources, inbox, Homes.of(self.settings.environment, known))
        return replace(ground, sources=sources)

    async def solve(self, recording: Recording, origin: str) -> Record:
        """Investigate a recording's own question from beginning to end."""
        record = await self.open(recording.question, origin=origin)
        return await self.run(record, Ground.of(recording, origin))

    async def run(self, record: Record, ground: Ground, *, listener: Listener = nobody) -> Record:
        """Bring an investigation to its outcome from wherever it is."""
        investigation = record.investigation
        persona = choose(self.personas, investigation.persona)
        inside = persona.model_copy(update={"capabilities": persona.capabilities - NOT_IN_THE_LOOP})
        runbooks = await self.runbook_index(ground.cleaned(self.redactor))
        investigator = Investigator(
            journal=self.journal,
            toolbox=Toolbox(persona=inside, redactor=self.redactor, taped=ground.taped),
            model=self.models(investigation.model),
            fallback=BuiltinModel(),
            system=system_prompt(persona),
            plans="plan" in persona.capabilities,
            scene=lambda notebook: self.scene(notebook, ground, runbooks),
            clock=self.clock,
            budget=self.budget,
            deadline_s=None if ground.taped is not None or ground.origin else 30.0,
            listener=listener,
        )
        try:
            done = await investigator.run(record)
        finally:
            await self.note_health(ground)
        await self.shelves.remember(self.actor, done)
        return done

    async def reread(self, record: Record, ground: Ground) -> Record:
        """Ask the sources again, append the marks that the claims have today, and return the record with them."""
        notebook = Notebook(record, self.journal)
        runbooks = await self.runbook_index(ground.cleaned(self.redactor))
        toolbox = self.toolbox(record.investigation.persona, ground)
        marks = await reread(record, toolbox, self.scene(notebook, ground, runbooks), self.clock())
        await self.journal.add_recheck(record.investigation.id, marks)
        return await self.journal.record(record.investigation.id)

    def toolbox(self, persona: str, ground: Ground) -> Toolbox:
        """Return what a persona may call from outside of an investigation."""
        return Toolbox(
            persona=choose(self.personas, persona),
            redactor=self.redactor,
            writes_enabled=self.settings.enable_writes,
            taped=ground.taped,
        )

    async def runbook_index(self, sources: Sources) -> RunbookIndex:
        """Return the index of the house's runbooks, with those that a recording brings with it."""
        own = await sources.runbooks.runbooks() if sources.runbooks else ()
        return await self.shelves.index(self.actor, own)

    def scene(
        self,
        ledger: Ledger,
        ground: Ground,
        runbooks: RunbookIndex,
        runner: Runner | None = None,
        window: Window | None = None,
    ) -> Scene:
        """Set the scene for the tools of one investigation; it is about the question's window unless one is given."""
        question = ledger.investigation.question
        about = window or question.window
        return Scene(
            sources=ground.cleaned(self.redactor),
            window=about,
            now=about.end,
            actor=self.actor,
            journal=self.journal,
            investigation=ledger.investigation.id,
            latest=ledger.latest,
            judged=self.judged,
            runbooks=runbooks,
            archives=self.shelves.archive_of(self.actor),
            runner=runner,
            namespace=question.namespace,
            question=question.text,
            writes_enabled=self.settings.enable_writes,
        )

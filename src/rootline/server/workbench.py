"""Where single tool calls are kept: one investigation a caller, so that evidence has labels and can be cited."""

import asyncio
from dataclasses import dataclass, field, replace
from uuid import UUID

from rootline.agent.calls import answer_calls
from rootline.agent.events import CameBack, Listener
from rootline.agent.notebook import Notebook
from rootline.desk import Desk, Ground
from rootline.domain.evidence import Evidence, JsonObject
from rootline.domain.session import Message, Question, ToolCall
from rootline.domain.tenant import Actor
from rootline.store.journal import Record
from rootline.tools.scene import Scene
from rootline.tools.toolbox import Toolbox

WRITTEN_BY = "mcp/client"


@dataclass(kw_only=True)
class Bench:
    """One caller's investigation in the making, opened at the first call."""

    desk: Desk
    ground: Ground
    question: Question
    persona: str
    _notebook: Notebook | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def toolbox(self) -> Toolbox:
        """What the persona may call here."""
        return self.desk.toolbox(self.persona, self.ground)

    async def call(self, name: str, arguments: JsonObject, listener: Listener) -> CameBack:
        """Make one call, store it, and return what came back. Calls of one caller are made one after another."""
        async with self._turn:
            notebook = await self._opened()
            call = ToolCall(id=f"call-{len(notebook.messages)}", tool=name, arguments=arguments)
            await notebook.write(Message(role="assistant", calls=(call,), model=WRITTEN_BY))
            scene = await self._scene(notebook, listener)
            now = self.desk.clock()
            back = await answer_calls((call,), notebook, self.toolbox, scene, deadline_s=None, now=now)
            return back[0]

    async def _opened(self) -> Notebook:
        if self._notebook is None:
            record = await self.desk.open(self.question, persona=self.persona, origin=self.ground.origin)
            self._notebook = Notebook(record, self.desk.journal)
        return self._notebook

    async def _scene(self, notebook: Notebook, listener: Listener) -> Scene:
        index = await self.desk.runbook_index(self.ground.sources)
        runner = _Runner(desk=self.desk, ground=self.ground, persona=self.persona, listener=listener)
        return self.desk.scene(notebook, self.ground, index, runner)

    async def evidence(self, investigation: str, label: str) -> Evidence | None:
        """Return stored evidence of this tenant; of the bench itself where no investigation is named."""
        if not investigation:
            return self._notebook.evidence.get(label) if self._notebook else None
        record = await self.desk.journal.record(UUID(investigation))
        return next((one for one in record.evidence if one.label == label), None)

    @property
    def investigation(self) -> str:
        """The id under which this caller's evidence is kept, empty before the first call."""
        return str(self._notebook.investigation.id) if self._notebook else ""

    async def close(self) -> None:
        """End the bench's investigation; what was stored is kept."""
        if self._notebook is not None:
            await self.desk.journal.close(self._notebook.investigation.id, "cancelled")


@dataclass(frozen=True, kw_only=True)
class _Runner:
    """Runs the tool `investigate`, telling the listener how it goes."""

    desk: Desk
    ground: Ground
    persona: str
    listener: Listener

    async def investigate(self, question: Question, persona: str) -> Record:
        record = await self.desk.open(question, persona=persona or self.persona, origin=self.ground.origin)
        return await self.desk.run(record, self.ground, listener=self.listener)


@dataclass(kw_only=True)
class Workbench:
    """Every caller's bench. The caller is the credential's holder, and on stdio the one person there."""

    desk: Desk
    ground: Ground
    question: Question
    persona: str
    _benches: dict[tuple[UUID, str], Bench] = field(default_factory=dict)

    @property
    def toolbox(self) -> Toolbox:
        """What is offered to every caller."""
        return self.desk.toolbox(self.persona, self.ground)

    def of(self, actor: Actor) -> Bench:
        """Return the bench of one actor, whose rows belong to that actor's tenant."""
        key = (actor.tenant, actor.name)
        if key not in self._benches:
            desk = replace(self.desk, actor=actor, journal=self.desk.journals(actor))
            self._benches[key] = Bench(desk=desk, ground=self.ground, question=self.question, persona=self.persona)
        return self._benches[key]

    async def close(self) -> None:
        """End all benches."""
        for bench in self._benches.values():
            await bench.close()

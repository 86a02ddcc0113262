"""Where one caller's direct calls are kept: an investigation that the caller leads, so that evidence has labels."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from rootline.agent.calls import Made, asked_before, keep, make
from rootline.agent.events import Asking, CameBack, Listener
from rootline.agent.ledger import Ledger
from rootline.desk import Desk
from rootline.domain.evidence import JsonObject
from rootline.domain.session import Investigation, Message, Question, ToolCall, ToolResult
from rootline.domain.tenant import Actor
from rootline.domain.window import Window
from rootline.ground import Ground
from rootline.server.timing import timed
from rootline.store.journal import Record
from rootline.store.refusals import Refused
from rootline.store.runbooks import RunbookIndex
from rootline.tools.registry import BY_NAME
from rootline.tools.scene import Scene

WRITTEN_BY = "mcp/client"
RECENT = 200
"""Source: ours; how far back an open bench of today is looked for."""
FIRST_CALL = 3
"""The messages of a bench after its first call: the question, the call and its result."""
ATTEMPTS = 12
"""Source: ours; how often a result is stored anew when another process of the same person was faster."""


@dataclass(frozen=True, kw_only=True)
class Called:
    """What a call came to, the investigation whose labels it speaks of, and whether there is one more than before."""

    back: CameBack
    investigation: str
    has_new: bool = False


@dataclass(frozen=True, kw_only=True)
class Runner:
    """Runs the tool `investigate`, a few at a time, telling the listener how it goes."""

    desk: Desk
    ground: Ground
    persona: str
    listener: Listener
    room: asyncio.Semaphore

    async def investigate(self, question: Question, persona: str) -> Record:
        """Run one investigation to its outcome; when it is cancelled, that is stored."""
        async with self.room:
            record = await self.desk.open(
                question,
                persona=persona or self.persona,
                origin=self.ground.origin,
                clusters=self.ground.clusters,
            )
            return await self.desk.run(record, self.ground, listener=self.listener)


@dataclass(kw_only=True)
class Bench:
    """One caller's bench. It is opened by the first call, lasts as long as a session, and outlives the process."""

    desk: Desk
    ground: Ground
    question: Question
    persona: str
    room: asyncio.Semaphore
    _ledger: Ledger | None = None
    _until: datetime | None = None
    _runbooks: RunbookIndex | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def call(self, name: str, arguments: JsonObject, listener: Listener) -> Called:
        """Make one call, store it with what came back, and return that. Calls run side by side."""
        window = self._window()
        asked = timed(name, arguments, window) if self.ground.is_live else arguments
        call = self.desk.redactor.model(ToolCall(id=str(self.desk.new_id()), tool=name, arguments=asked))
        async with self._turn:
            ledger = await self._opened()
        refusal = may_not(self.desk.actor, name)
        if refusal:
            result = ToolResult(call=call.id, text=refusal, is_error=True)
            return Called(back=CameBack(call=call, result=result, evidence=None), investigation=_id(ledger))
        listener(Asking(calls=(call,)))
        made = await self._made(call, ledger, listener, window)
        return await self._stored(made, ledger, listener, window)

    def _window(self) -> Window:
        """Return what a question is about that names no time: on live sources it ends now."""
        if not self.ground.is_live:
            return self.question.window
        now = self.desk.clock().replace(microsecond=0)
        return Window(start=now - self.question.window.duration, end=now)

    async def _made(self, call: ToolCall, ledger: Ledger, listener: Listener, window: Window) -> Made:
        ground = self.ground if _asks_live_alone(call.tool) else await self.desk.told(self.ground)
        toolbox = self.desk.toolbox(self.persona, ground)
        scene = await self._scene(ledger, ground, listener, window)
        try:
            return await make((call,), ledger, toolbox, scene, deadline_s=None)
        finally:
            await self.desk.note_health(ground)

    async def _stored(self, made: Made, ledger: Ledger, listener: Listener, window: Window) -> Called:
        """Store the call and its result; on a newer ledger when another process wrote to this one."""
        async with self._turn:
            for attempt in range(ATTEMPTS):
                now = await self._opened()
                if _id(now) != _id(ledger) and not made.found:
                    made = await self._made(made.calls[0], now, listener, window)
                try:
                    back = await self._written(made, now)
                    has_new = now.written == FIRST_CALL or back.call.tool == "investigate"
                    return Called(back=back, investigation=_id(now), has_new=has_new)
                except Refused:
                    if attempt + 1 == ATTEMPTS:
                        raise
        raise AssertionError

    async def _written(self, made: Made, ledger: Ledger) -> CameBack:
        """Write both messages; whatever goes wrong, the next one reads from the journal where things stand."""
        is_whole, called = False, Message(role="assistant", calls=made.calls, model=WRITTEN_BY)
        try:
            (back,) = await keep(made, ledger, now=self.desk.clock(), said=(called,))
            is_whole = True
        finally:
            self._ledger = ledger if is_whole else None
        return back

    async def _opened(self) -> Ledger:
        is_over = self._until is None or self.desk.clock() >= self._until
        if self._ledger is None or is_over:
            one = await self._resumed() or await self._agreed(await self._begun())
            session = await self.desk.journal.session(one.session)
            self._ledger, self._until = await self._read_back(one), session.expires_at
        return self._ledger

    async def _read_back(self, one: Investigation) -> Ledger:
        """Read what was asked, and none of what came back: a week of calls would not fit into memory."""
        journal = self.desk.journal
        messages, labels = await journal.messages(one.id), await journal.labels(one.id)
        known = asked_before(messages, self.desk.toolbox(self.persona, self.ground))
        return Ledger(one, journal, messages=len(messages), labels=len(labels), known=known)

    async def _resumed(self) -> Investigation | None:
        """Return this caller's oldest open bench, so that labels handed out by an earlier process still hold."""
        now = self.desk.clock()
        for one in reversed(await self.desk.journal.investigations(limit=RECENT)):
            is_mine = one.led_by == self.desk.actor.name and one.persona == self.persona
            if not is_mine or one.state != "running" or not self._is_about_this(one):
                continue
            if now < (await self.desk.journal.session(one.session)).expires_at:
                return one
        return None

    def _is_about_this(self, one: Investigation) -> bool:
        """Whether it stands on the same ground and asks the same; on live sources, whenever it was asked."""
        question = self.desk.redactor.model(self.question)
        asked = one.question.model_copy(update={"window": question.window}) if self.ground.is_live else one.question
        return (one.tape, one.clusters, asked) == (self.ground.origin, self.ground.clusters, question)

    async def _agreed(self, begun: Investigation) -> Investigation:
        """Return the older bench when another process of this person began one at the same moment, and close ours."""
        oldest = await self._resumed()
        if oldest is None or oldest.id == begun.id:
            return begun
        await self.desk.journal.close(begun.id, "cancelled")
        return oldest

    async def _begun(self) -> Investigation:
        led_by = self.desk.actor.name
        question = self.question.model_copy(update={"window": self._window()})
        record = await self.desk.open(
            question,
            persona=self.persona,
            origin=self.ground.origin,
            clusters=self.ground.clusters,
            led_by=led_by,
        )
        return record.investigation

    async def _scene(self, ledger: Ledger, ground: Ground, listener: Listener, window: Window) -> Scene:
        if self._runbooks is None:
            self._runbooks = await self.desk.runbook_index(ground.cleaned(self.desk.redactor))
        runner = Runner(desk=self.desk, ground=ground, persona=self.persona, listener=listener, room=self.room)
        about = window if self.ground.is_live else None
        return self.desk.scene(ledger, ground, self._runbooks, runner, about)


def may_not(actor: Actor, name: str) -> str:
    """Say why this person may not call the tool; empty when they may."""
    tool = BY_NAME.get(name)
    if tool is None or not tool.writes or actor.role != "viewer":
        return ""
    return f"{name} writes, and {actor.name} is a viewer. Ask someone with the role engineer. Nothing was done."


def _asks_live_alone(name: str) -> bool:
    """Whether what was told to us makes no difference to a tool: nobody tells us of series and lines of logs."""
    tool = BY_NAME.get(name)
    return tool is not None and tool.capability in {"metrics", "logs"}


def _id(ledger: Ledger) -> str:
    return str(ledger.investigation.id)

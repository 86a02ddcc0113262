"""The loop: look first, let a model ask for more, take its answer, check it, store it. Resumes wherever it was."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rootline.agent.answering import ANSWER, definition, read_answer
from rootline.agent.budget import Budget, spent
from rootline.agent.calls import answer_calls
from rootline.agent.compaction import compacted
from rootline.agent.coverage import coverage
from rootline.agent.elsewhere import Elsewhere
from rootline.agent.events import Asking, Concluded, Listener, Planned, Remarked, Thinking, nobody
from rootline.agent.first_look import WRITTEN_BY, first_look
from rootline.agent.grounding import grounded, labelled
from rootline.agent.notebook import Notebook
from rootline.agent.observing import with_observed
from rootline.agent.recalling import recalled
from rootline.claims.inference import verify
from rootline.claims.stated import draft
from rootline.domain.evidence import Evidence
from rootline.domain.hypothesis import Answer
from rootline.domain.plan import Plan
from rootline.domain.session import Message, ToolCall, ToolResult
from rootline.domain.stated import StatedAnswer
from rootline.errors import ProviderFailed, ToolFault
from rootline.models.model import Conversation, Model, TextDelta, ToolDefinition, TurnEnd
from rootline.remediation.planning import plan_for
from rootline.store.journal import Journal, Record
from rootline.store.refusals import AlreadyClosed, Taken
from rootline.tools.scene import Scene
from rootline.tools.toolbox import Toolbox

NUDGE = "Unchecked prose is not shown to anyone. Call `answer` now, with claims that name evidence."


@dataclass(frozen=True, kw_only=True)
class Investigator:
    """Runs investigations for one persona with one model; `fallback` needs nothing and never fails."""

    journal: Journal
    toolbox: Toolbox
    model: Model
    fallback: Model
    system: str
    scene: Callable[[Notebook], Scene]
    clock: Callable[[], datetime]
    budget: Budget
    plans: bool = True
    deadline_s: float | None = 30.0
    listener: Listener = nobody
    elsewhere: Callable[[Journal], Elsewhere] = lambda journal: Elsewhere(journal=journal)

    async def run(self, record: Record) -> Record:
        """Take an investigation from wherever it is to its outcome, and return it whole.

        Where another process stores its steps first, this one stores none, and waits for that one's answer.

        Raises:
            WorkedOnElsewhere: That one stored nothing more for a while.

        """
        notebook = Notebook(record, self.journal)
        if record.investigation.state != "running":
            return record
        try:
            await _Run(self, notebook).finish()
        except (Taken, AlreadyClosed):
            return await self._followed(record.investigation.id)
        except asyncio.CancelledError:
            await asyncio.shield(self.journal.close(record.investigation.id, "cancelled"))
            raise
        return await self.journal.record(record.investigation.id)

    async def _followed(self, investigation: UUID) -> Record:
        """Wait for whoever was first; interrupted, it is left to go on."""
        self.listener(Remarked(text="Another process works on this investigation. Waiting for its answer."))
        record = await self.elsewhere(self.journal).outcome(investigation)
        if record.answer is not None:
            self.listener(Concluded(answer=record.answer))
        return record

    def plan(self, answer: Answer, evidence: Mapping[str, Evidence]) -> Plan | Remarked | None:
        """Plan a fix for the best explanation; a remark where none can be planned, nothing where none is wanted."""
        best = next(iter(answer.hypotheses), None)
        if not self.plans or best is None or best.type == "none" or answer.outcome == "inconclusive":
            return None
        try:
            return plan_for(best, evidence)
        except ToolFault as fault:
            return Remarked(text=f"No plan: {fault}")


class _Run:
    """The state of one run: which model speaks, since when, and what there is to remark."""

    def __init__(self, investigator: Investigator, notebook: Notebook) -> None:
        self._of = investigator
        self._notebook = notebook
        self._model = investigator.model
        self._began = investigator.clock()
        self._remark = ""

    async def finish(self) -> Answer:
        """Go on until there is an answer."""
        while True:
            last = self._notebook.messages[-1]
            if last.role == "assistant" and last.calls:
                answer = await self._act(last)
                if answer is not None:
                    return answer
            elif len(self._notebook.messages) == 1:
                await self._write(first_look(self._notebook.question, self._of.toolbox))
            elif last.role == "assistant":
                await self._notebook.write(Message(role="user", text=NUDGE, model=WRITTEN_BY))
            else:
                await self._take_turn()

    async def _act(self, message: Message) -> Answer | None:
        """Make the calls of a stored turn; return the answer if one of them was it."""
        ending = next((call for call in message.calls if call.tool == ANSWER), None)
        if ending is None:
            await self._call(message.calls)
            return None
        try:
            return await self._conclude(self._read(ending, message.model), message.model)
        except ToolFault as fault:
            if message.model == self._of.fallback.name:
                raise
            results = [
                _told(call, str(fault) if call is ending else "Not run: the turn ended.") for call in message.calls
            ]
            await self._notebook.write(Message(role="tool", results=tuple(results)))
            return None

    def _read(self, ending: ToolCall, written_by: str) -> StatedAnswer:
        """Read an answer; what a model names in it has to exist, the built-in investigator takes it from facts."""
        stated = read_answer(ending)
        return stated if written_by == self._of.fallback.name else grounded(stated, self._notebook.evidence)

    async def _call(self, calls: Sequence[ToolCall]) -> None:
        scene = self._of.scene(self._notebook)
        deadline_s, now = self._of.deadline_s, self._of.clock()
        for back in await answer_calls(calls, self._notebook, self._of.toolbox, scene, deadline_s=deadline_s, now=now):
            self._of.listener(back)

    async def _take_turn(self) -> None:
        """Get the next turn from the model, or from the built-in investigator when it cannot go on."""
        out_of = self._spent_out()
        if out_of and self._model is not self._of.fallback:
            self._hand_over(f"{self._model.name} had no answer within {out_of}")
        try:
            end = await self._turn()
        except ProviderFailed as failure:
            if self._model is self._of.fallback:
                raise
            self._hand_over(str(failure))
            return
        turn = Message(role="assistant", text=end.text, calls=end.calls, model=self._model.name, usage=end.usage)
        await self._write(self._of.toolbox.redactor.model(turn))

    async def _turn(self) -> TurnEnd:
        conversation = self._conversation()
        limit = None if self._model is self._of.fallback else self._of.budget.seconds
        try:
            async with asyncio.timeout(limit):
                async for event in self._model.turn(conversation):
                    if isinstance(event, TextDelta):
                        self._of.listener(Thinking(model=self._model.name, text=event.text))
                    else:
                        return event
        except TimeoutError as late:
            raise ProviderFailed(f"{self._model.name} gave no turn within {limit:g} seconds.") from late
        raise ProviderFailed(f"{self._model.name} ended its stream without a turn.")

    def _conversation(self) -> Conversation:
        rounds = self._rounds()
        return Conversation(
            question=self._notebook.question,
            system=self._of.system,
            tools=[*self._definitions(), definition()],
            messages=compacted(self._notebook.messages),
            evidence=self._notebook.evidence,
            must_answer=rounds + 1 >= self._of.budget.rounds,
        )

    def _definitions(self) -> list[ToolDefinition]:
        listed = self._of.toolbox.listed
        return [ToolDefinition(name=one.name, description=one.description, schema=one.schema) for one in listed]

    def _rounds(self) -> int:
        mine = [message for message in self._notebook.messages if message.role == "assistant"]
        return sum(message.model not in {WRITTEN_BY, self._of.fallback.name} for message in mine)

    def _spent_out(self) -> str:
        seconds = (self._of.clock() - self._began).total_seconds()
        return self._of.budget.spent_out(spent(self._notebook.messages), self._rounds(), seconds)

    def _hand_over(self, why: str) -> None:
        self._model = self._of.fallback
        self._remark = f"{why.rstrip('.')}. The built-in investigator finished the answer."
        self._of.listener(Remarked(text=self._remark))

    async def _write(self, message: Message) -> None:
        await self._notebook.write(message)
        if message.calls:
            calls = tuple(call for call in message.calls if call.tool != ANSWER)
            self._of.listener(Asking(calls=calls))

    async def _conclude(self, stated: StatedAnswer, written_by: str) -> Answer:
        """Check the answer, store it with its marks, and only then show it."""
        evidence = self._notebook.evidence
        question = self._notebook.question
        verified = with_observed(verify(draft(stated, evidence, question.window), evidence), evidence, question)
        told = {
            "coverage": coverage(
                self._notebook.messages, [*evidence.values()], {tool.name for tool in self._of.toolbox.listed}
            ),
            "recalled": recalled(verified, evidence),
            "written_by": written_by,
            "remark": self._remark,
        }
        own = written_by == self._of.fallback.name
        answer = (verified if own else labelled(verified, written_by)).model_copy(update=told)
        planned = self._of.plan(answer, evidence)
        plan = planned if isinstance(planned, Plan) else None
        await self._of.journal.conclude(self._notebook.investigation.id, answer, plan=plan)
        self._of.listener(Concluded(answer=answer))
        if planned is not None:
            self._of.listener(Planned(plan=planned) if isinstance(planned, Plan) else planned)
        return answer


def _told(call: ToolCall, text: str) -> ToolResult:
    return ToolResult(call=call.id, text=text, is_error=True)

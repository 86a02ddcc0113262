"""The built-in investigator as a model: it takes its turns like any other, and it never fails."""

from collections.abc import AsyncIterator

from rootline.domain.session import ToolCall, Usage
from rootline.models.builtin.argument import argue
from rootline.models.builtin.plain import plain_answer, plain_calls
from rootline.models.builtin.spots import Shelf
from rootline.models.model import Conversation, ModelEvent, TurnEnd

MOST_ROUNDS = 8
"""Source: ours; what it asks in a round follows from facts, and what brings none is no reason to go on."""


class BuiltinModel:
    """Argues from stored facts, deterministically."""

    name = "builtin"

    async def turn(self, conversation: Conversation) -> AsyncIterator[ModelEvent]:
        """Ask for what is missing, or answer."""
        shelf = Shelf(conversation.evidence)
        round_number = sum(message.role == "assistant" for message in conversation.messages)
        own = sum(message.model == self.name for message in conversation.messages)
        is_over = conversation.must_answer or own >= MOST_ROUNDS
        calls = () if is_over else self._missing(conversation, shelf)
        if not calls:
            plain = plain_answer(conversation.question, shelf)
            answer = argue(shelf, conversation.question) if plain is None else plain
            calls = (ToolCall(id=f"builtin-{round_number}", tool="answer", arguments=answer.model_dump(mode="json")),)
        yield TurnEnd(text="", calls=calls, usage=Usage())

    def _missing(self, conversation: Conversation, shelf: Shelf) -> tuple[ToolCall, ...]:
        """What is worth asking and was not asked before: a call that was refused would be refused again."""
        known = {tool.name for tool in conversation.tools}
        made = [(call.tool, call.arguments) for message in conversation.messages for call in message.calls]
        wanted = plain_calls(conversation.question, shelf)
        if "search_runbooks" in known and not shelf.asked("search_runbooks"):
            wanted = (*wanted, _runbooks(conversation, shelf))
        return tuple(call for call in wanted if call.tool in known and (call.tool, call.arguments) not in made)


def _runbooks(conversation: Conversation, shelf: Shelf) -> ToolCall:
    best = next(iter(argue(shelf, conversation.question).hypotheses), None)
    words = f"{best.cause.replace('_', ' ')} {best.type} {best.remediation}" if best else conversation.question.text
    return ToolCall(id="builtin-runbooks", tool="search_runbooks", arguments={"query": words[:400]})

"""The built-in investigator as a model: it takes its turns like any other, and it never fails."""

from collections.abc import AsyncIterator

from rootline.domain.session import ToolCall, Usage
from rootline.models.builtin.argument import argue
from rootline.models.builtin.plain import plain_answer, plain_calls
from rootline.models.builtin.spots import Shelf
from rootline.models.model import Conversation, ModelEvent, TurnEnd


class BuiltinModel:
    """Argues from stored facts, deterministically."""

    name = "builtin"

    async def turn(self, conversation: Conversation) -> AsyncIterator[ModelEvent]:
        """Ask for what is missing, or answer."""
        shelf = Shelf(conversation.evidence)
        round_number = sum(message.role == "assistant" for message in conversation.messages)
        calls = () if conversation.must_answer else self._missing(conversation, shelf)
        if not calls:
            plain = plain_answer(conversation.question, shelf)
            answer = argue(shelf, conversation.question) if plain is None else plain
            calls = (ToolCall(id=f"builtin-{round_number}", tool="answer", arguments=answer.model_dump(mode="json")),)
        yield TurnEnd(text="", calls=calls, usage=Usage())

    def _missing(self, conversation: Conversation, shelf: Shelf) -> tuple[ToolCall, ...]:
        known = {tool.name for tool in conversation.tools}
        wanted = plain_calls(conversation.question, shelf)
        if "search_runbooks" in known and not shelf.asked("search_runbooks"):
            wanted = (*wanted, _runbooks(conversation, shelf))
        return tuple(call for call in wanted if call.tool in known)


def _runbooks(conversation: Conversation, shelf: Shelf) -> ToolCall:
    best = next(iter(argue(shelf, conversation.question).hypotheses), None)
    words = f"{best.cause.replace('_', ' ')} {best.type} {best.remediation}" if best else conversation.question.text
    return ToolCall(id="builtin-runbooks", tool="search_runbooks", arguments={"query": words[:400]})

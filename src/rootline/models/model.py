"""The one Protocol behind which every model stands, and what goes in and comes out of it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rootline.domain.evidence import Evidence, JsonObject
from rootline.domain.session import Message, Question, ToolCall, Usage


@dataclass(frozen=True, kw_only=True)
class ToolDefinition:
    """A tool as a model is told of it. `schema` is a JSON Schema object for its arguments."""

    name: str
    description: str
    schema: JsonObject


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """All that a model sees in one turn. `system` and `tools` never change within an investigation.

    `messages` only ever grows at its end, so that a provider's prompt cache hits; `compacted` names the
    evidence whose text in old tool results is to be replaced by its label. `evidence` is the full ledger,
    which a model over the wire never gets whole.
    """

    question: Question
    system: str
    tools: Sequence[ToolDefinition]
    messages: Sequence[Message]
    evidence: Mapping[str, Evidence]
    must_answer: bool = False


@dataclass(frozen=True, kw_only=True)
class TextDelta:
    """A piece of text as it arrives."""

    text: str


@dataclass(frozen=True, kw_only=True)
class TurnEnd:
    """A model's turn, whole: its text and the calls it asks for, in its order."""

    text: str
    calls: tuple[ToolCall, ...]
    usage: Usage


ModelEvent = TextDelta | TurnEnd


class Model(Protocol):
    """Takes the next turn of a conversation.

    Yields any number of TextDelta and then exactly one TurnEnd. Raises ProviderFailed when no turn can be
    had; what was yielded before that is not a turn.
    """

    name: str

    def turn(self, conversation: Conversation) -> AsyncIterator[ModelEvent]:
        """Stream the next turn."""
        ...

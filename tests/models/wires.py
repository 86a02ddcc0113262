"""Both wire formats behind one handle, and conversations to send over them."""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.fakes.model_server import ModelServer

from rootline.domain.session import Message, Question, ToolCall, ToolResult
from rootline.domain.window import Window
from rootline.models.anthropic import AnthropicModel
from rootline.models.chat_stream import ChatTurn
from rootline.models.chat_wire import COMPATIBLE, OPENAI, VLLM, Dialect
from rootline.models.gathering import Turning
from rootline.models.messages_stream import MessagesTurn
from rootline.models.model import Conversation, ModelEvent, ToolDefinition, TurnEnd
from rootline.models.openai_compatible import OpenAICompatibleModel
from rootline.models.patience import Patience
from rootline.models.unanswered import Asked

KEY = "sk-very-secret-key-0123456789"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUESTION = Question(text="Why do payments fail?", window=Window(start=START, end=START + timedelta(hours=1)))
TOOLS = (
    ToolDefinition(
        name="query_metrics",
        description="Read a metric",
        schema={"type": "object", "properties": {"promql": {"type": "string"}}, "required": ["promql"]},
    ),
    ToolDefinition(name="answer", description="Answer", schema={"type": "object", "properties": {}}),
)
ASKED = Asked(model="m", host="127.0.0.1:8000", secret=KEY)

AnyModel = OpenAICompatibleModel | AnthropicModel


def patience(timeout_s: float = 5.0, **bounds: float) -> Patience:
    """Be patient without ever waiting between attempts."""
    return Patience(timeout_s=timeout_s, sleep=no_wait, jitter=lambda: 0.0, **bounds)  # type: ignore[arg-type]


async def no_wait(_: float) -> None:
    """Return at once."""


@dataclass(frozen=True, kw_only=True)
class Wire:
    """One wire format: how to ask a server over it."""

    name: str
    at: Callable[[str, Patience], AnyModel]
    path: Callable[[ModelServer], str]

    def model(self, server: ModelServer, bounds: Patience | None = None) -> AnyModel:
        return self.at(self.path(server), bounds or patience())


def compatible(url: str, bounds: Patience, *, dialect: Dialect = COMPATIBLE, model: str = "m") -> AnyModel:
    """Make a model over chat.completions."""
    return OpenAICompatibleModel(base_url=url, model=model, key=KEY, dialect=dialect, patience=bounds)


CHAT = Wire(name="chat", at=compatible, path=lambda server: server.openai_url)
OF_OPENAI = Wire(name="openai", at=lambda url, bounds: compatible(url, bounds, dialect=OPENAI), path=CHAT.path)
OF_VLLM = Wire(name="vllm", at=lambda url, bounds: compatible(url, bounds, dialect=VLLM), path=CHAT.path)
MESSAGES = Wire(
    name="messages",
    at=lambda url, bounds: AnthropicModel(base_url=url, model="m", key=KEY, patience=bounds),
    path=lambda server: server.anthropic_url,
)


def conversation(*messages: Message, must_answer: bool = False) -> Conversation:
    """Make a conversation that begins with the question."""
    return Conversation(
        question=QUESTION,
        system="You find causes.",
        tools=TOOLS,
        messages=(Message(role="user", text=QUESTION.text), *messages),
        evidence={},
        must_answer=must_answer,
    )


def called(*calls: ToolCall, text: str = "") -> Message:
    """Make a model's turn that asks for calls."""
    return Message(role="assistant", text=text, calls=calls)


def answered(*results: ToolResult) -> Message:
    """Make the message that answers calls."""
    return Message(role="tool", results=results)


async def events_of(model: AnyModel, asked: Conversation) -> list[ModelEvent]:
    """Read a turn to its end."""
    async with aclosing(model.turn(asked)) as turn:
        return [event async for event in turn]


async def end_of(model: AnyModel, asked: Conversation) -> TurnEnd:
    """Read a turn and give its end alone."""
    last = (await events_of(model, asked))[-1]
    assert isinstance(last, TurnEnd)
    return last


def chat_turn() -> ChatTurn:
    """Begin reading a turn over chat.completions."""
    return ChatTurn(Turning(asked=ASKED, price=None, earlier=()))


def messages_turn() -> MessagesTurn:
    """Begin reading a turn over messages."""
    return MessagesTurn(Turning(asked=ASKED, price=None, earlier=()))

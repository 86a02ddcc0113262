"""A conversation, its messages and tool calls, and the investigations it leads to."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from rootline.domain.evidence import JsonObject
from rootline.domain.hypothesis import Outcome
from rootline.domain.untrusted import Untrusted
from rootline.domain.window import Window

IDLE_LIFE = timedelta(hours=24)
LONGEST_LIFE = timedelta(days=7)

Role = Literal["user", "assistant", "tool"]
InvestigationState = Literal["running", "done", "cancelled", "failed"]
Trigger = Literal["error_rate_spike", "p99_regression", "crashloop", "saturation", "alert", "question", "custom"]


class ToolCall(BaseModel):
    """One call a model asked for, in the order it asked. Arguments are as sent, unvalidated."""

    model_config = ConfigDict(frozen=True)

    id: str
    tool: str
    arguments: JsonObject
    broken: Untrusted = Field(default="", description="The argument text as sent, where it was no JSON object")


class ToolResult(BaseModel):
    """What a call came to: the text the model saw, and the evidence it made."""

    model_config = ConfigDict(frozen=True)

    call: str
    text: str
    evidence: str = ""
    is_error: bool = False


class Usage(BaseModel):
    """Tokens read and written, and their price in US dollars where it is known."""

    model_config = ConfigDict(frozen=True)

    read: int = 0
    written: int = 0
    cached: int = 0
    cost_usd: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            read=self.read + other.read,
            written=self.written + other.written,
            cached=self.cached + other.cached,
            cost_usd=self.cost_usd + other.cost_usd,
        )


class Message(BaseModel):
    """One message of a session: a person's words, a model's turn, or the results of its calls."""

    model_config = ConfigDict(frozen=True)

    role: Role
    text: Untrusted = ""
    calls: tuple[ToolCall, ...] = ()
    results: tuple[ToolResult, ...] = ()
    model: str = ""
    usage: Usage = Usage()


class Session(BaseModel):
    """One conversation of one user. Read-only once it has expired."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    title: str
    persona: str
    opened_at: AwareDatetime
    active_at: AwareDatetime

    @property
    def expires_at(self) -> AwareDatetime:
        """24 hours after the last activity, 7 days after it was opened at the latest."""
        return min(self.active_at + IDLE_LIFE, self.opened_at + LONGEST_LIFE)


class Question(BaseModel):
    """What an investigation is asked, fixed when it opens."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(max_length=4000)
    window: Window
    service: str = Field(default="", max_length=300)
    namespace: str = Field(default="", max_length=300)
    trigger: Trigger = "question"


class Investigation(BaseModel):
    """One attempt to answer a question. Owns its evidence.

    Rootline leads it, unless `led_by` names who calls the tools one by one; such a one is never resumed by itself.
    It concerns at most one incident.
    `clusters` are the live ones that were chosen; none where what is configured was asked, or a tape.
    """

    model_config = ConfigDict(frozen=True)

    id: UUID
    session: UUID
    question: Question
    persona: str
    model: str
    tape: str = ""
    clusters: tuple[str, ...] = ()
    led_by: str = ""
    incident: UUID | None = None
    state: InvestigationState
    outcome: Outcome | None = None
    opened_at: AwareDatetime

"""What an investigation tells those who watch it. An event is sent only after what it tells is stored."""

from collections.abc import Callable
from dataclasses import dataclass, field

from rootline.domain.evidence import Evidence, JsonObject
from rootline.domain.hypothesis import Answer
from rootline.domain.plan import Plan
from rootline.domain.session import ToolCall, ToolResult


@dataclass(frozen=True, kw_only=True)
class Asking:
    """These calls are about to be made."""

    calls: tuple[ToolCall, ...]


@dataclass(frozen=True, kw_only=True)
class CameBack:
    """One call has been answered; `evidence` is None for replies and refusals, `data` is a reply's own."""

    call: ToolCall
    result: ToolResult
    evidence: Evidence | None
    data: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Thinking:
    """A model's words, unchecked."""

    model: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Remarked:
    """Something a person should know about how the answer came to be."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Concluded:
    """The checked answer."""

    answer: Answer


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A plan; nothing has been run."""

    plan: Plan


Event = Asking | CameBack | Thinking | Remarked | Concluded | Planned
Listener = Callable[[Event], None]


def nobody(event: Event) -> None:
    """Listen to nothing."""

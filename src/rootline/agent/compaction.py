"""Old tool results shrink to their labels once the conversation is long; the evidence itself stays whole."""

from collections.abc import Sequence

from rootline.domain.session import Message, ToolResult

LONG_CHARS = 80_000
KEPT_ROUNDS = 2


def compacted(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Return the conversation as it is, or with all but the last rounds of results cut to one line each."""
    if sum(len(result.text) for message in messages for result in message.results) <= LONG_CHARS:
        return tuple(messages)
    rounds = [at for at, message in enumerate(messages) if message.role == "tool"]
    kept = set(rounds[-KEPT_ROUNDS:])
    return tuple(message if at in kept else _short(message) for at, message in enumerate(messages))


def _short(message: Message) -> Message:
    return message.model_copy(update={"results": tuple(_label(result) for result in message.results)})


def _label(result: ToolResult) -> ToolResult:
    if not result.evidence:
        return result
    head = result.text.split("\n", 1)[0]
    return result.model_copy(update={"text": f"{head}\n(compacted; get_evidence {result.evidence} opens it)"})

"""Tool results put to the calls they answer: both wires want each call answered, once, in its order."""

from collections.abc import Iterator, Sequence

from rootline.domain.session import Message, ToolResult

NOT_ANSWERED = "This call was not answered."


def paired_results(messages: Sequence[Message]) -> Iterator[tuple[Message, tuple[ToolResult, ...]]]:
    """Give each message with the results of its calls, in the order of the calls.

    Results are taken from the tool messages that follow, up to the next turn. A call without one gets an error in its
    place, as after an interruption; a result without a call is left out. Tool messages come alone, with nothing.
    """
    for place, message in enumerate(messages):
        given = {result.call: result for result in _given(messages[place + 1 :])} if message.calls else {}
        yield message, tuple(given.get(call.id, _missing(call.id)) for call in message.calls)


def _given(following: Sequence[Message]) -> Iterator[ToolResult]:
    for message in following:
        if message.role != "tool":
            return
        yield from message.results


def _missing(call: str) -> ToolResult:
    return ToolResult(call=call, text=NOT_ANSWERED, is_error=True)

"""What was sent once is never sent differently, or no provider's prompt cache would hit."""

import json
from itertools import pairwise

import pytest
from tests.fakes.model_scripts import hostile
from tests.fakes.model_server import ModelServer
from tests.models.wires import CHAT, MESSAGES, OF_OPENAI, OF_VLLM, Wire, answered, called, conversation, end_of

from rootline.domain.session import Message, ToolCall, ToolResult

pytestmark = pytest.mark.anyio


def growing(raw: bytes) -> bytes:
    """Give a request's bytes up to the end of its last message: all that may not change later."""
    names = list(json.loads(raw))
    assert names[names.index("messages") + 1 :] in ([], ["tool_choice"])
    return raw[: raw.rindex(b"]")]


@pytest.mark.parametrize("wire", [CHAT, OF_OPENAI, OF_VLLM, MESSAGES], ids=lambda wire: wire.name)
async def test_each_request_begins_with_the_whole_of_the_one_before(wire: Wire) -> None:
    messages: list[Message] = []
    async with ModelServer(hostile()) as server:
        model = wire.model(server)
        for at in range(5):
            end = await end_of(model, conversation(*messages, must_answer=at == 4))
            results = [ToolResult(call=call.id, text=f"[E{at}] {call.tool}: nothing") for call in end.calls]
            messages += [called(*end.calls, text=end.text), answered(*reversed(results))]

    assert len(server.raw_requests) == 5
    for before, after in pairwise(server.raw_requests):
        assert after.startswith(growing(before))
        assert len(growing(after)) > len(growing(before))


@pytest.mark.parametrize("wire", [CHAT, MESSAGES], ids=lambda wire: wire.name)
async def test_the_order_of_stored_arguments_changes_nothing(wire: Wire) -> None:
    """A database may give an object's members back in another order than the model wrote them."""
    as_written = ToolCall(id="call_1", tool="query_metrics", arguments={"z": {"b": 1, "a": 2}, "a": 3})
    as_stored = ToolCall(id="call_1", tool="query_metrics", arguments={"a": 3, "z": {"a": 2, "b": 1}})
    async with ModelServer(hostile()) as server:
        for call in (as_written, as_stored):
            await end_of(wire.model(server), conversation(called(call)))

    assert server.raw_requests[0] == server.raw_requests[1]

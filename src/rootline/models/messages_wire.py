"""A conversation as Anthropic's messages takes it. The same conversation gives the same bytes, a longer one more."""

import json
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from rootline.domain.evidence import JsonObject, canonical
from rootline.domain.session import Message, ToolCall, ToolResult
from rootline.models.chat_wire import ANSWER_TOOL
from rootline.models.model import Conversation, ToolDefinition
from rootline.models.paired_results import paired_results
from rootline.models.plain_text import plain, plain_json
from rootline.models.wire_name import wire_name

EPHEMERAL: JsonObject = {"type": "ephemeral"}
EMPTY = "(empty)"


def messages_bodies(conversation: Conversation, *, model: str, most_written: int) -> tuple[JsonObject, ...]:
    """Render a request body, whose messages come last so that it grows at its end only.

    Two cache breakpoints: one after tools and system, one that the server itself puts on the last block, since a
    mark that moves from message to message would change what was already sent. Where an answer is due there are two
    bodies: the first forces the answer tool, the second is for a model that cannot be forced.
    """
    tools: list[JsonValue] = [_tool(tool) for tool in conversation.tools]
    system: list[JsonValue] = [{"type": "text", "text": plain(conversation.system), "cache_control": EPHEMERAL}]
    body: JsonObject = {
        "model": model,
        "max_tokens": most_written,
        "stream": True,
        "cache_control": EPHEMERAL,
        **({"tools": tools} if tools else {}),
        **({"system": system} if conversation.system else {}),
        "messages": list(_messages(conversation.messages)),
    }
    if conversation.must_answer and any(tool.name == ANSWER_TOOL for tool in conversation.tools):
        return {**body, "tool_choice": {"type": "tool", "name": ANSWER_TOOL}}, body
    return (body,)


def _tool(tool: ToolDefinition) -> JsonObject:
    return {"name": tool.name, "description": plain(tool.description), "input_schema": plain_json(tool.schema)}


def _messages(messages: Sequence[Message]) -> Iterator[JsonObject]:
    for message, results in paired_results(messages):
        blocks: list[JsonValue] = [{"type": "text", "text": plain(message.text)}] if message.text.strip() else []
        if message.role == "assistant":
            blocks += [_call(call) for call in message.calls]
        if message.role != "tool" and blocks:
            yield {"role": message.role, "content": blocks}
        if results:
            answers: list[JsonValue] = [_result(result) for result in results]
            yield {"role": "user", "content": answers}


def _call(call: ToolCall) -> JsonObject:
    """Echo a call. Broken arguments go back as an empty object; the tool's result says why."""
    arguments = json.loads(canonical(plain_json(call.arguments)))
    return {"type": "tool_use", "id": call.id, "name": wire_name(call.tool), "input": arguments}


def _result(result: ToolResult) -> JsonObject:
    block: JsonObject = {
        "type": "tool_result",
        "tool_use_id": result.call,
        "content": plain(result.text) if result.text.strip() else EMPTY,
    }
    return {**block, "is_error": True} if result.is_error else block

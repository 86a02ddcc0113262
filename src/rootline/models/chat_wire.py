"""A conversation as chat.completions takes it. The same conversation gives the same bytes, a longer one more."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from pydantic import JsonValue

from rootline.domain.evidence import JsonObject, canonical
from rootline.domain.session import Message, ToolCall
from rootline.models.model import Conversation, ToolDefinition
from rootline.models.paired_results import paired_results
from rootline.models.plain_text import plain, plain_json
from rootline.models.strict_schema import is_strict
from rootline.models.wire_name import wire_name

ANSWER_TOOL = "answer"


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How servers of this wire differ.

    `limit_field` names the bound on written tokens. `strict` says for which tools the server is to hold the model to
    the schema. `is_openai` adds OpenAI's own hint for routing to a warm cache, and its organisation headers.
    """

    limit_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    strict: Literal["never", "always", "where the schema allows"] = "never"
    is_openai: bool = False


COMPATIBLE = Dialect()
VLLM = Dialect(strict="always")
OPENAI = Dialect(limit_field="max_completion_tokens", strict="where the schema allows", is_openai=True)


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """What is asked of the server beyond the conversation; None leaves it to the server."""

    most_written: int | None = None
    temperature: float | None = None


def chat_bodies(
    conversation: Conversation, *, model: str, dialect: Dialect, sampling: Sampling
) -> tuple[JsonObject, ...]:
    """Render a request body, whose messages come last so that it grows at its end only.

    Where an answer is due there are two: the first forces the answer tool, the second is for a server that cannot.
    """
    tools: list[JsonValue] = [_tool(tool, dialect) for tool in conversation.tools]
    system: JsonObject = {"role": "system", "content": plain(conversation.system)}
    body: JsonObject = {
        "model": model,
        "stream": True,
        "stream_options": {"include_usage": True},
        **_settings(sampling, dialect),
        **({"prompt_cache_key": _cache_key(system, tools)} if dialect.is_openai else {}),
        **({"tools": tools} if tools else {}),
        "messages": [system, *_messages(conversation.messages)],
    }
    if conversation.must_answer and any(tool.name == ANSWER_TOOL for tool in conversation.tools):
        return {**body, "tool_choice": {"type": "function", "function": {"name": ANSWER_TOOL}}}, body
    return (body,)


def _settings(sampling: Sampling, dialect: Dialect) -> JsonObject:
    settings: JsonObject = {dialect.limit_field: sampling.most_written, "temperature": sampling.temperature}
    return {name: value for name, value in settings.items() if value is not None}


def _cache_key(system: JsonObject, tools: list[JsonValue]) -> str:
    return f"rootline-{sha256(json.dumps([system, tools]).encode()).hexdigest()[:32]}"


def _tool(tool: ToolDefinition, dialect: Dialect) -> JsonObject:
    strict = dialect.strict == "always" or (dialect.strict != "never" and is_strict(tool.schema))
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": plain(tool.description),
            "parameters": plain_json(tool.schema),
            **({"strict": True} if strict else {}),
        },
    }


def _messages(messages: Sequence[Message]) -> Iterator[JsonObject]:
    for message, results in paired_results(messages):
        if message.role == "assistant" and (message.text or message.calls):
            yield _assistant(message)
        elif message.role == "user":
            yield {"role": "user", "content": plain(message.text)}
        for result in results:
            yield {"role": "tool", "tool_call_id": result.call, "content": plain(result.text)}


def _assistant(message: Message) -> JsonObject:
    said: JsonObject = {"role": "assistant", "content": plain(message.text) or None}
    return {**said, "tool_calls": [_call(call) for call in message.calls]} if message.calls else said


def _call(call: ToolCall) -> JsonObject:
    """Echo a call. Broken arguments go back as an empty object: servers parse them; the tool's result says why."""
    function: JsonObject = {"name": wire_name(call.tool), "arguments": canonical(plain_json(call.arguments))}
    return {"id": call.id, "type": "function", "function": function}

"""What a scripted model server answers, and how each wire format spells it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from rootline.domain.evidence import JsonObject

PIECES = 3


@dataclass(frozen=True, kw_only=True)
class Call:
    """A tool call to answer with. Arguments as text go out as they are; no id and no name go out as null."""

    name: str | None
    arguments: JsonObject | str = field(default_factory=dict)
    id: str | None = None

    @property
    def text(self) -> str:
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One answer of the server.

    `raw` replaces the whole body; `status` from 300 on sends `error` in the vendor's shape instead of a stream.
    `finish` replaces the natural stop reason, "" sends none. `ending` says what happens after the last event that is
    sent: the stream closes, breaks without its end, falls silent, or drips comments for ever; `silent` sends not even
    headers.
    """

    text: str = ""
    calls: tuple[Call, ...] = ()
    raw: bytes | None = None
    content_type: str = "text/event-stream"
    status: int = 200
    error: str = "no reason given"
    headers: Mapping[str, str] = field(default_factory=dict)
    finish: str | None = None
    ending: Literal["done", "cut", "stall", "drip"] = "done"
    silent: bool = False
    read: int = 120
    cached: int = 20
    written: int = 7


def pieces(text: str) -> Iterator[str]:
    """Cut a text as a stream would, at places that mean nothing."""
    size = max(1, -(-len(text) // PIECES))
    yield from (text[at : at + size] for at in range(0, len(text), size))


def chat_events(turn: Turn, model: str) -> Iterator[bytes]:
    """Spell a turn as chat.completions chunks."""
    yield _chunk(model, {"role": "assistant", "content": ""})
    for piece in pieces(turn.text):
        yield _chunk(model, {"content": piece})
    for index, call in enumerate(turn.calls):
        head = {"index": index, "id": call.id, "type": "function", "function": {"name": call.name, "arguments": ""}}
        yield _chunk(model, {"tool_calls": [head]})
        for piece in pieces(call.text):
            yield _chunk(model, {"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    if turn.ending != "done":
        return
    finish = turn.finish if turn.finish is not None else "tool_calls" if turn.calls else "stop"
    yield _chunk(model, {}, finish or None)
    usage = {
        "prompt_tokens": turn.read,
        "completion_tokens": turn.written,
        "total_tokens": turn.read + turn.written,
        "prompt_tokens_details": {"cached_tokens": turn.cached},
    }
    yield _data({**_head(model), "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def message_events(turn: Turn, model: str) -> Iterator[bytes]:
    """Spell a turn as Anthropic's message events."""
    usage = {"input_tokens": turn.read - turn.cached, "cache_read_input_tokens": turn.cached, "output_tokens": 1}
    head: dict[str, object] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
    }
    yield _event({"type": "message_start", "message": {**head, "usage": usage}})
    yield _event({"type": "ping"})
    if turn.text:
        yield _event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
        for piece in pieces(turn.text):
            yield _event({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}})
        yield _event({"type": "content_block_stop", "index": 0})
    for index, call in enumerate(turn.calls, start=1):
        block: dict[str, object] = {"type": "tool_use", "id": call.id, "name": call.name, "input": {}}
        yield _event({"type": "content_block_start", "index": index, "content_block": block})
        for piece in pieces(call.text):
            delta = {"type": "input_json_delta", "partial_json": piece}
            yield _event({"type": "content_block_delta", "index": index, "delta": delta})
        yield _event({"type": "content_block_stop", "index": index})
    if turn.ending != "done":
        return
    finish = turn.finish if turn.finish is not None else "tool_use" if turn.calls else "end_turn"
    stop = {"stop_reason": finish or None, "stop_sequence": None}
    yield _event({"type": "message_delta", "delta": stop, "usage": {"output_tokens": turn.written}})
    yield _event({"type": "message_stop"})


def chat_error(turn: Turn) -> JsonObject:
    """Spell an error as OpenAI does."""
    return {"error": {"message": turn.error, "type": "error", "param": None, "code": turn.status}}


def message_error(turn: Turn) -> JsonObject:
    """Spell an error as Anthropic does."""
    return {"type": "error", "error": {"type": "api_error", "message": turn.error}, "request_id": "req_1"}


def _head(model: str) -> dict[str, object]:
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model}


def _chunk(model: str, delta: dict[str, object], finish: str | None = None) -> bytes:
    return _data({**_head(model), "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def _data(body: dict[str, object]) -> bytes:
    return f"data: {json.dumps(body)}\n\n".encode()


def _event(body: dict[str, object]) -> bytes:
    return f"event: {body['type']}\n".encode() + _data(body)

"""What a line says once its envelope, JSON or key=value, is taken off."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rootline.analysis.logs.logfmt import pairs_of

MESSAGES = ("message", "msg", "body", "log", "event", "error", "err", "@message", "short_message", "textPayload")
LEVELS = ("severity_text", "severity", "level", "lvl", "loglevel", "log.level", "levelname", "@level")
SERVICES = ("service", "service.name", "service_name", "serviceName", "app", "application", "logger_service")
TIMES = ("timestamp", "@timestamp", "time", "ts", "datetime", "date", "eventTime", "t")
_TRACES = ("trace_id", "traceId", "traceID", "trace.id", "dd.trace_id", "otelTraceID", "x-b3-traceid")
_STACKS = ("stack", "stacktrace", "stack_trace", "exc_info", "exception", "exception.stacktrace", "error.stack")
_NUMBERED = {10: "trace", 20: "debug", 30: "info", 40: "warn", 50: "error", 60: "fatal"}
_DETAILS = ("error", "err", "error.message", "exception.message", "cause", "reason")
_LONGEST = 64_000
_DEEPEST = 3
# A line of pairs begins with one.
_FIRST_PAIR = 102


@dataclass(frozen=True, kw_only=True)
class Message:
    """The text of a line and what stood beside it; empty where the line has none. All of it is untrusted."""

    text: str
    service: str = ""
    severity: str = ""
    trace_id: str = ""
    stack: str = ""


def message(line: str) -> Message:
    """Take the message out of a line of JSON or of key=value pairs; any other line is its own message.

    An error beside the message is appended to it, because there the message says only where.
    """
    stripped = line[:_LONGEST].strip()
    if not (stripped.startswith("{") and stripped.endswith("}")):
        pairs = pairs_of(stripped) if "=" in stripped[:_FIRST_PAIR] else {}
        told = not pairs.keys().isdisjoint(MESSAGES)
        return message_of(pairs) if told else Message(text=line[:_LONGEST].rstrip())
    fields = fields_of(stripped)
    return message_of(fields) if fields else Message(text=stripped)


def fields_of(line: str | bytes) -> dict[str, Any]:
    """Read the fields of a JSON line; none where it is no object that can be read."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def holder(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the object that has the message: the line's own, or one in the place of its message."""
    for _ in range(_DEEPEST):
        inner = next((fields[key] for key in MESSAGES if fields.get(key)), None)
        if not isinstance(inner, Mapping):
            break
        fields = inner
    return fields


def message_of(fields: Mapping[str, Any], depth: int = 0) -> Message:
    """Take the message out of the fields of a line, as `message` does."""
    key = next((key for key in MESSAGES if fields.get(key)), "")
    inner = fields.get(key)
    if isinstance(inner, Mapping) and depth < _DEEPEST:
        nested = message_of(inner, depth + 1)
        text, stack = nested.text, nested.stack
    else:
        text, stack = str(inner or json.dumps(fields, sort_keys=True)), ""
    detail = _first(fields, (name for name in _DETAILS if name != key))
    return Message(
        text=f"{text}: {detail}" if detail and detail not in text else text,
        service=_first(fields, SERVICES),
        severity=_first(fields, LEVELS) or _numbered(fields),
        trace_id=_first(fields, _TRACES),
        stack=stack or _first(fields, _STACKS),
    )


def _first(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    """The first text that is not empty."""
    for name in names:
        value = fields.get(name)
        if value and isinstance(value, str):
            return value
    return ""


def _numbered(fields: Mapping[str, Any]) -> str:
    """The name of a level that is written as a number.

    Source: the levels of bunyan and pino, 10 to 60.
    """
    level = next((fields[name] for name in LEVELS if isinstance(fields.get(name), int)), 0)
    return _NUMBERED.get(level, "")

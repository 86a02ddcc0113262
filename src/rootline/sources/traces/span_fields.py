"""What of a span is kept, whatever it was written as: bounded texts, one word for its kind and its status."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from rootline.analysis.logs.causes import root_cause, with_root
from rootline.domain.signal import Span, SpanStatus

MOST_SPANS = 20_000
"""Source: ours; about 30 MB, of which each search gets an equal share."""
MOST_ATTRIBUTES = 40
LONGEST_VALUE = 300
_STACK, _LONGEST_STACK = "exception.stacktrace", 64_000
_ERROR_TEXTS = ("exception.message", "error.message", "error.object", "message", "event", "exception.type")
_TRUE = frozenset({"true", "1"})


def moment(microseconds: float) -> datetime:
    """Return a moment given in microseconds since 1970; 1970 itself where it cannot be one."""
    start = datetime.fromtimestamp(0, UTC)
    try:
        return start + timedelta(microseconds=microseconds)
    except (OverflowError, ValueError):  # too far, or no number at all
        return start


def kept(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Keep the first attributes, each cut."""
    found: dict[str, str] = {}
    for key, value in pairs:
        if len(found) == MOST_ATTRIBUTES:
            break
        found[key[:LONGEST_VALUE]] = value[:LONGEST_VALUE]
    return found


def status_of(attributes: Mapping[str, str], told: str = "") -> SpanStatus:
    """Read a status: as told, or from the tags that Jaeger and Zipkin use."""
    word = (told or attributes.get("otel.status_code", "")).lower().removeprefix("status_code_")
    if word in {"error", "2"}:
        return "error"
    is_error = attributes.get("error", "")
    if is_error and is_error.lower() not in {"false", "0"}:
        return "error"
    return "ok" if word in {"ok", "1"} else "unset"


def error_of(attributes: Mapping[str, str], told: str, events: Iterable[Mapping[str, str]]) -> str:
    """Return the span's own words about its error: of its status, its exception, or its tag.

    What an exception's stack trace says of its first cause stands behind them.
    """
    seen = list(events)
    status = told or attributes.get("otel.status_description", "")
    thrown = next((event[key] for event in seen for key in _ERROR_TEXTS if event.get(key)), "")
    tag = attributes.get("error", "")
    root = next((why for event in seen if (why := _root(event.get(_STACK, "")))), "")
    return with_root(status or thrown or ("" if tag.lower() in _TRUE else tag), root, LONGEST_VALUE, beside=" ")


def _root(stack: str) -> str:
    return root_cause(stack[:_LONGEST_STACK].split("\n")) if stack else ""


def ordered(spans: Iterable[Span]) -> list[Span]:
    """Put spans in order of start, each once."""
    once = {(span.trace_id, span.span_id, span.service): span for span in spans}
    return sorted(once.values(), key=lambda span: (span.start, span.trace_id, span.span_id))

"""Spans as a line of OTLP JSON, as the collector's file exporter writes it."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rootline.domain.signal import VERSION, Span
from rootline.sources.answered import MOST_BYTES
from rootline.sources.parsing import is_too_much
from rootline.sources.traces.otlp import CLUSTER, KIND_NUMBERS

_OF_PROCESS = (CLUSTER, VERSION)
_APART = frozenset({"span.kind", *_OF_PROCESS})
_CODES = {"ok": 1, "error": 2, "unset": 0}


def lines_of(spans: Sequence[Span]) -> bytes:
    """Return spans as lines of which each is read back whole: none is longer, or larger when parsed, than is read."""
    line = line_of(spans)
    if len(spans) < 2 or (len(line) <= MOST_BYTES and not is_too_much(line)):  # noqa: PLR2004 one span is one line
        return line
    half = len(spans) // 2
    return lines_of(spans[:half]) + lines_of(spans[half:])


def line_of(spans: Iterable[Span]) -> bytes:
    """Return one message that `rootline.sources.traces.otlp` reads back as the same spans, ending its line."""
    by_process: dict[tuple[tuple[str, str], ...], list[Any]] = {}
    for one in spans:
        by_process.setdefault(_process(one), []).append(_span(one))
    message = {
        "resourceSpans": [
            {
                "resource": {"attributes": [_attribute(key, value) for key, value in process]},
                "scopeSpans": [{"spans": of}],
            }
            for process, of in by_process.items()
        ]
    }
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def _process(one: Span) -> tuple[tuple[str, str], ...]:
    """What is told of the process that a span is of."""
    told = ((key, one.attributes[key]) for key in _OF_PROCESS if one.attributes.get(key))
    return ("service.name", one.service), *told


def _span(one: Span) -> dict[str, Any]:
    start = round(one.start.timestamp() * 1_000_000) * 1000
    kind = one.attributes.get("span.kind", "")
    return {
        "traceId": one.trace_id,
        "spanId": one.span_id,
        "parentSpanId": one.parent_id or "",
        "name": one.operation,
        "kind": KIND_NUMBERS.get(kind, 0),
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(start + round(one.duration_s * 1e9)),
        "attributes": [_attribute(key, value) for key, value in one.attributes.items() if key not in _APART],
        "status": {"code": _CODES[one.status], "message": one.error},
    }


def _attribute(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "value": {"stringValue": value}}

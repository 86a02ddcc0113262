"""Spans as a line of OTLP JSON, as the collector's file exporter writes it."""

import json
from collections.abc import Iterable
from typing import Any

from rootline.domain.signal import Span
from rootline.sources.traces.otlp import CLUSTER, KIND_NUMBERS

_APART = frozenset({"span.kind", CLUSTER})
_CODES = {"ok": 1, "error": 2, "unset": 0}


def line_of(spans: Iterable[Span]) -> bytes:
    """Return one message that `rootline.sources.traces.otlp` reads back as the same spans, ending its line."""
    by_process: dict[tuple[str, str], list[Any]] = {}
    for one in spans:
        by_process.setdefault((one.service, one.attributes.get(CLUSTER, "")), []).append(_span(one))
    message = {
        "resourceSpans": [
            {
                "resource": {"attributes": _resource(service, cluster)},
                "scopeSpans": [{"spans": of}],
            }
            for (service, cluster), of in by_process.items()
        ]
    }
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def _resource(service: str, cluster: str) -> list[dict[str, Any]]:
    told = {"service.name": service, **({CLUSTER: cluster} if cluster else {})}
    return [_attribute(key, value) for key, value in told.items()]


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

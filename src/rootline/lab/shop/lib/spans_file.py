"""Writes spans as OTLP JSON, one message a line, as the collector's file exporter does."""

import json
import os
from collections.abc import Mapping, Sequence

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import format_span_id, format_trace_id

from .wire import Json

_KINDS = {"INTERNAL": 1, "SERVER": 2, "CLIENT": 3, "PRODUCER": 4, "CONSUMER": 5}
_STATUS = {"UNSET": 0, "OK": 1, "ERROR": 2}


class SpansFile(SpanExporter):
    """Appends each batch with one write, so that several processes can share the file."""

    def __init__(self, file: str, service: str, version: str) -> None:
        self._file = file
        self._resource = {"service.name": service, "service.version": version}

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Write a batch."""
        told = {"scope": {"name": "shop"}, "spans": [_span(one) for one in spans]}
        whole = {"resourceSpans": [{"resource": {"attributes": _pairs(self._resource)}, "scopeSpans": [told]}]}
        line = json.dumps(whole, separators=(",", ":")) + "\n"
        file = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line.encode())
        finally:
            os.close(file)
        return SpanExportResult.SUCCESS


def _span(one: ReadableSpan) -> Json:
    context, parent = one.get_span_context(), one.parent
    return {
        "traceId": format_trace_id(context.trace_id) if context else "",
        "spanId": format_span_id(context.span_id) if context else "",
        "parentSpanId": format_span_id(parent.span_id) if parent else "",
        "name": one.name,
        "kind": _KINDS[one.kind.name],
        "startTimeUnixNano": str(one.start_time),
        "endTimeUnixNano": str(one.end_time),
        "attributes": _pairs(one.attributes or {}),
        "status": {"code": _STATUS[one.status.status_code.name], "message": one.status.description or ""},
    }


def _pairs(attributes: Mapping[str, object]) -> list[Json]:
    return [{"key": key, "value": _value(value)} for key, value in attributes.items()]


def _value(value: object) -> Json:
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": str(value)}

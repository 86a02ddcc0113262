"""OpenTelemetry's protobuf encoding of spans, as its exporters send it unless told otherwise.

Source: opentelemetry-proto 1.x, `collector/trace/v1/trace_service.proto` and `trace/v1/trace.proto`; a field that is
not listed is skipped. One span at a time is held beside those that were read.
"""

from collections.abc import Iterator
from typing import Any

from rootline.domain.signal import Span
from rootline.sources.otlp import service_of, span_of
from rootline.sources.protobuf import (
    Shape,
    double,
    fields,
    hexadecimal,
    inside,
    message,
    piece,
    signed,
    text,
    truth,
    whole,
    written,
)

_VALUE: Shape = {
    1: ("stringValue", text),
    2: ("boolValue", truth),
    3: ("intValue", signed),
    4: ("doubleValue", double),
}
_PAIR: Shape = {1: ("key", text), 2: ("value", inside(_VALUE))}
_EVENT: Shape = {2: ("name", text), 3: ("attributes[]", inside(_PAIR))}
_STATUS: Shape = {2: ("message", text), 3: ("code", whole)}
_SPAN: Shape = {
    1: ("traceId", hexadecimal),
    2: ("spanId", hexadecimal),
    4: ("parentSpanId", hexadecimal),
    5: ("name", text),
    6: ("kind", whole),
    7: ("startTimeUnixNano", whole),
    8: ("endTimeUnixNano", whole),
    9: ("attributes[]", inside(_PAIR)),
    11: ("events[]", inside(_EVENT)),
    15: ("status", inside(_STATUS)),
}
_RESOURCE: Shape = {1: ("attributes[]", inside(_PAIR))}
_RESOURCE_SPANS, _RESOURCE_NUMBER, _SCOPE_SPANS, _SPANS = 1, 1, 2, 2


def spans_of(body: bytes) -> Iterator[Span]:
    """Yield the spans of an ExportTraceServiceRequest, or raise NotProtobuf."""
    for number, resource_spans in fields(memoryview(body)):
        if number == _RESOURCE_SPANS:
            yield from _of_resource(piece(resource_spans))


def _of_resource(data: memoryview) -> Iterator[Span]:
    """Yield a process's spans; who it is may be told before or after them."""
    told: dict[str, Any] = {}
    for number, value in fields(data):
        if number == _RESOURCE_NUMBER:
            told = message(value, _RESOURCE)
    service = service_of(told)
    for number, scope in fields(data):
        if number == _SCOPE_SPANS:
            for inner, span in fields(piece(scope)):
                if inner == _SPANS:
                    yield span_of({"traceId": "", "spanId": "", **message(span, _SPAN)}, service)


def exported(rejected: int, why: str) -> bytes:
    """Write an ExportTraceServiceResponse; it is empty where every span was taken, as OTLP wants it."""
    if not rejected:
        return b""
    return written(1, written(1, rejected) + written(2, why.encode()))


def status(why: str) -> bytes:
    """Write a google.rpc.Status, which says why nothing was taken."""
    return written(2, why.encode())

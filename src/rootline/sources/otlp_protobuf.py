"""OpenTelemetry's protobuf encoding of spans, as its exporters send it unless told otherwise."""

from collections.abc import Iterator, Sequence
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Written

from rootline.domain.signal import Span
from rootline.sources.otlp import service_of, span_of

MOST_ITEMS = 1_000
"""Source: ours; of a list inside a span so many are kept, twenty-five times what a span shows."""
_SHOWN = frozenset({"string_value", "int_value", "double_value", "bool_value"})


class NotProtobuf(ValueError):
    """The bytes are no message."""


def spans_of(body: bytes) -> Iterator[Span]:
    """Yield the spans of an ExportTraceServiceRequest, or raise NotProtobuf."""
    try:
        told = ExportTraceServiceRequest.FromString(body)
    except DecodeError as bad:
        raise NotProtobuf(str(bad)[:200]) from bad
    for process in told.resource_spans:
        service = service_of({"attributes": _pairs(process.resource.attributes)})
        for scope in process.scope_spans:
            for span in scope.spans:
                yield span_of(_fields(span), service)


def _fields(span: Written) -> dict[str, Any]:
    """A span by the names of the JSON encoding, where ids are hexadecimal."""
    return {
        "traceId": span.trace_id.hex(),
        "spanId": span.span_id.hex(),
        "parentSpanId": span.parent_span_id.hex(),
        "name": span.name,
        "kind": str(span.kind or ""),
        "startTimeUnixNano": span.start_time_unix_nano,
        "endTimeUnixNano": span.end_time_unix_nano,
        "attributes": _pairs(span.attributes),
        "events": [{"name": one.name, "attributes": _pairs(one.attributes)} for one in span.events[:MOST_ITEMS]],
        "status": {"code": span.status.code, "message": span.status.message},
    }


def _pairs(attributes: Sequence[KeyValue]) -> list[dict[str, Any]]:
    """The first attributes that have a plain value; lists and trees are not shown of a span."""
    return [MessageToDict(one) for one in attributes[:MOST_ITEMS] if one.value.WhichOneof("value") in _SHOWN]


def exported(rejected: int, why: str) -> bytes:
    """Write an ExportTraceServiceResponse; it is empty where every span was taken, as OTLP wants it."""
    partial = ExportTracePartialSuccess(rejected_spans=rejected, error_message=why) if rejected else None
    return ExportTraceServiceResponse(partial_success=partial).SerializeToString()


def status(why: str) -> bytes:
    """Write a google.rpc.Status, which says why nothing was taken."""
    return bytes(Status(message=why).SerializeToString())

"""OpenTelemetry's protobuf encoding of spans, as its exporters send it unless told otherwise."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Written

from rootline.domain.signal import Span
from rootline.sources.traces.otlp import process_of, span_of
from rootline.sources.traces.protobuf_wire import DELIMITED, Field, NotProtobuf, delimited, fields, kept, written

SMALL_BYTES = 2**16
"""Source: ours; whatever stands in a span of 64 kB takes a few MB at most when it is unpacked."""
MOST_ITEMS = 1_000
"""Source: ours; of a list inside a span so many are kept, twenty-five times what a span shows."""
# Source: opentelemetry-proto 1.x, collector/trace/v1, trace/v1, resource/v1 and common/v1.
_RESOURCE_SPANS, _RESOURCE, _SCOPE_SPANS, _SPANS, _RESOURCE_ATTRIBUTES = 1, 1, 2, 2, 1
_ATTRIBUTES, _EVENTS, _LINKS, _EVENT_ATTRIBUTES, _VALUE = 9, 11, 13, 3, 2
_PLAIN = frozenset({1, 2, 3, 4})
_SHOWN = frozenset({"string_value", "int_value", "double_value", "bool_value"})


def spans_of(body: bytes) -> Iterator[Span]:
    """Yield the spans of an ExportTraceServiceRequest, one after the other, or raise NotProtobuf.

    Only one span is unpacked at a time, and of one that is large only what is shown of it: a body of 4 MB may hold two
    million attributes, each of which would become an object.
    """
    try:
        for process in delimited(memoryview(body), _RESOURCE_SPANS):
            known = process_of({"attributes": _pairs(_resource(process).attributes)})
            for scope in delimited(process, _SCOPE_SPANS):
                for span in delimited(scope, _SPANS):
                    yield span_of(_fields(_span(span)), known)
    except DecodeError as bad:
        raise NotProtobuf(str(bad)[:200]) from bad


def _resource(process: memoryview) -> Resource:
    """Unpack what says which process it was; where it is told in parts, they are one, as protobuf wants it."""
    whole = b"".join(delimited(process, _RESOURCE))
    return Resource.FromString(_few(whole, {_RESOURCE_ATTRIBUTES: _plain_pair}))


def _span(span: memoryview) -> Written:
    total = count(1)

    def event(inside: memoryview) -> bytes | None:
        def pair(one: memoryview) -> bytes | None:
            return _plain_pair(one) if next(total) <= MOST_ITEMS else None

        return _few(inside, {_EVENT_ATTRIBUTES: pair}, always=True)

    return Written.FromString(_few(span, {_ATTRIBUTES: _plain_pair, _EVENTS: event, _LINKS: lambda _: None}))


Keep = Callable[[memoryview], bytes | None]


def _few(message: bytes | memoryview, keeps: Mapping[int, Keep], *, always: bool = False) -> bytes:
    """Return a message that is large with the first of each of its lists alone, each item as it is wanted."""
    if len(message) <= SMALL_BYTES and not always:
        return bytes(message)
    seen = dict.fromkeys(keeps, 0)

    def keep(one: Field) -> bytes | memoryview:
        if one.kind != DELIMITED or one.number not in keeps:
            return one.whole
        seen[one.number] += 1
        inside = keeps[one.number](one.inside) if seen[one.number] <= MOST_ITEMS else None
        return b"" if inside is None else written(one.number, inside)

    return kept(memoryview(message), keep)


def _plain_pair(pair: memoryview) -> bytes | None:
    """Keep an attribute whose value is plain; lists and trees are not shown."""
    values = (one for value in delimited(pair, _VALUE) for one in fields(value))
    return bytes(pair) if all(one.number in _PLAIN for one in values) else None


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

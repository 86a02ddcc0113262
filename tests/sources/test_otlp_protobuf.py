"""Spans in protobuf: what OpenTelemetry's own library writes is read, and what nobody would write is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Written

from rootline.domain.signal import Span
from rootline.sources.traces.otlp_protobuf import MOST_ITEMS, exported, spans_of, status
from rootline.sources.traces.protobuf_wire import NotProtobuf

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
START_NS = int(START.timestamp()) * 10**9


def pair(key: str, **value: Any) -> KeyValue:
    return KeyValue(key=key, value=AnyValue(**value))


def request(*spans: Written, service: str = "cart") -> ExportTraceServiceRequest:
    made = ExportTraceServiceRequest()
    resource = made.resource_spans.add()
    resource.resource.attributes.append(pair("service.name", string_value=service))
    resource.scope_spans.add().spans.extend(spans)
    return made


def written(**fields: Any) -> Written:
    plain: dict[str, Any] = {"trace_id": b"\x01" * 16, "span_id": b"\x02" * 8, "start_time_unix_nano": START_NS}
    return Written(**{**plain, **fields})


def read(made: ExportTraceServiceRequest) -> list[Span]:
    return list(spans_of(made.SerializeToString()))


def test_every_field_that_a_span_shows_is_read() -> None:
    one = written(
        parent_span_id=b"\x03" * 8,
        name="GET /cart",
        kind=Written.SPAN_KIND_SERVER,
        end_time_unix_nano=START_NS + 250_000_000,
        attributes=[
            pair("http.route", string_value="/cart"),
            pair("retries", int_value=-3),
            pair("share", double_value=0.5),
            pair("cached", bool_value=True),
        ],
        status={"code": 2, "message": "no stock"},
    )

    assert read(request(one)) == [
        Span(
            trace_id="01" * 16,
            span_id="02" * 8,
            parent_id="03" * 8,
            service="cart",
            operation="GET /cart",
            start=START,
            duration_s=0.25,
            status="error",
            error="no stock",
            attributes={
                "span.kind": "server",
                "http.route": "/cart",
                "retries": "-3",
                "share": "0.5",
                "cached": "true",
            },
        )
    ]


def test_an_exception_event_tells_the_error() -> None:
    thrown = Written.Event(name="exception", attributes=[pair("exception.message", string_value="pool is empty")])

    (one,) = read(request(written(events=[thrown], status={"code": 2})))

    assert one.error == "pool is empty"


def test_who_it_is_may_be_told_after_the_spans() -> None:
    resource, scope = request(written()).resource_spans[0], ExportTraceServiceRequest()
    turned = resource.scope_spans[0].SerializeToString(), resource.resource.SerializeToString()
    body = b"\x12" + bytes([len(turned[0])]) + turned[0] + b"\x0a" + bytes([len(turned[1])]) + turned[1]

    (one,) = spans_of(b"\x0a" + bytes([len(body)]) + body + scope.SerializeToString())

    assert one.service == "cart"


def test_what_is_unknown_is_skipped() -> None:
    (one,) = read(request(written(trace_state="a=b", flags=257, dropped_attributes_count=4, links=[Written.Link()])))

    assert one.trace_id == "01" * 16


def test_a_list_without_end_is_cut() -> None:
    many = written(attributes=[pair("k", int_value=at) for at in range(MOST_ITEMS * 2)])

    (one,) = read(request(many))

    assert one.attributes == {"k": str(MOST_ITEMS - 1)}


def test_an_empty_message_holds_no_span() -> None:
    assert list(spans_of(b"")) == []
    assert list(spans_of(b"\x0a\x00")) == []
    assert list(spans_of(b"\x0b\x0c\x08\x01")) == []  # fields of other kinds are unknown ones


@pytest.mark.parametrize(
    "body",
    [
        b"\x0a",  # a length is missing
        b"\x0a\x05abc",  # shorter than it says
        b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",  # a number without end
        b"\x00",  # field number 0
        b"\x02\x01a",  # field number 0 with bytes
        b"\x0d\x01",  # four bytes that are not there
        b"{}",
        b"<html>",
    ],
)
def test_what_is_no_message_is_refused(body: bytes) -> None:
    with pytest.raises(NotProtobuf):
        list(spans_of(body))


@given(st.binary(max_size=300))
def test_no_bytes_do_anything_but_be_read_or_refused(body: bytes) -> None:
    try:
        found = list(spans_of(body))
    except NotProtobuf:
        return
    assert all(isinstance(one, Span) for one in found)


@given(
    st.lists(
        st.builds(
            written,
            name=st.text(max_size=30),
            kind=st.integers(0, 5),
            end_time_unix_nano=st.integers(START_NS, START_NS + 10**12),
            attributes=st.lists(
                st.builds(pair, st.text(min_size=1, max_size=8), int_value=st.integers(-(2**63), 2**63 - 1)), max_size=4
            ),
        ),
        max_size=4,
    )
)
def test_whatever_the_library_writes_is_read_as_it_was_meant(spans: list[Written]) -> None:
    found = read(request(*spans))

    assert [one.operation for one in found] == [one.name for one in spans]
    for got, meant in zip(found, spans, strict=True):
        assert timedelta(seconds=got.duration_s) == pytest.approx(
            timedelta(microseconds=(meant.end_time_unix_nano - START_NS) / 1000), abs=timedelta(microseconds=2)
        )
        numbers = {one.key: str(one.value.int_value) for one in meant.attributes}
        assert {key: value for key, value in got.attributes.items() if key != "span.kind"} == numbers


@given(st.binary(min_size=1, max_size=200), st.integers(0, 199))
def test_a_message_that_was_cut_or_changed_never_breaks_the_reader(noise: bytes, at: int) -> None:
    whole = bytearray(request(written(name="x" * 40, attributes=[pair("a", string_value="b")])).SerializeToString())
    whole[at % len(whole) :] = noise

    try:
        found = list(spans_of(bytes(whole)))
    except NotProtobuf:
        return
    assert len(found) <= len(whole)


@pytest.mark.parametrize("rejected", [1, 127, 128, 20_000])
def test_a_partial_success_is_what_the_library_reads(rejected: int) -> None:
    answer = ExportTraceServiceResponse.FromString(exported(rejected, "späte spans"))

    assert answer.partial_success.rejected_spans == rejected
    assert answer.partial_success.error_message == "späte spans"


def test_a_whole_success_leaves_the_partial_one_unset() -> None:
    answer = ExportTraceServiceResponse.FromString(exported(0, ""))

    assert not answer.HasField("partial_success")


def test_a_status_is_what_google_s_library_reads() -> None:
    assert Status.FromString(status("send less")).message == "send less"

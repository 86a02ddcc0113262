"""A small body in protobuf may stand for millions of objects: what it costs is bounded, in a process of its own."""

import subprocess
import sys

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Written
from tests.sources.test_otlp_protobuf import pair, request, written

from rootline.sources.traces.otlp_protobuf import MOST_ITEMS, SMALL_BYTES, spans_of
from rootline.sources.traces.protobuf_wire import NotProtobuf, fields

MOST_MB = 64
_MEASURE = """
import resource
from rootline.errors import RootlineError
from rootline.intake.traces import unpack_spans
from rootline.redaction import Redactor

def field(number, inside):
    size, made = len(inside), bytearray([number << 3 | 2])
    while size >= 0x80:
        made.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes([*made, size]) + inside

MOST = 4 * 2**20 - 200
IDS = field(1, bytes([1] * 16)) + field(2, bytes([2] * 8))
many = lambda item: item * (MOST // len(item))
spans = lambda inside: field(1, field(2, field(2, inside)))
BODIES = {
    "attributes": lambda: spans(IDS + many(field(9, b""))),
    "lists": lambda: spans(IDS + field(9, field(1, b"k") + field(2, field(5, many(field(1, b"")))))),
    "trees": lambda: spans(IDS + many(field(9, field(2, field(6, field(1, b"")))))),
    "events": lambda: spans(IDS + many(field(11, field(3, b"")))),
    "event": lambda: spans(IDS + field(11, many(field(3, b"")))),
    "links": lambda: spans(IDS + many(field(13, b""))),
    "spans": lambda: field(1, field(2, many(field(2, b"")))),
    "sound spans": lambda: field(1, field(2, field(2, IDS + field(9, field(1, b"k" * 120) + field(2, field(1, b"v"))))
                                 * 19_999)),
    "processes": lambda: many(field(1, b"")),
    "scopes": lambda: field(1, many(field(2, b""))),
    "process": lambda: field(1, field(1, many(field(1, b""))) + field(2, field(2, IDS))),
    "unknown": lambda: spans(IDS + many(bytes([15 << 3, 1]))),
    "text": lambda: spans(IDS + field(5, b"x" * MOST)),
}

redactor = Redactor(b"test")
unpack_spans(spans(IDS), redactor)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name, make in BODIES.items():
    body = make()
    assert len(body) <= 4 * 2**20, (name, len(body))
    try:
        found = len(unpack_spans(body, redactor).spans)
    except RootlineError as refused:
        found = type(refused).__name__
    print(name.replace(" ", "_"), found, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


FOUND = {
    "attributes": "1",
    "lists": "1",
    "trees": "1",
    "events": "1",
    "event": "1",
    "links": "1",
    "spans": "BadPayload",
    "sound_spans": "19999",
    "processes": "BadPayload",
    "scopes": "BadPayload",
    "process": "1",
    "unknown": "1",
    "text": "1",
}


@pytest.mark.promise("small-bodies-stay-small")
def test_the_worst_bodies_of_4_mb_take_at_most_64_mb_more() -> None:
    done = subprocess.run([sys.executable, "-c", _MEASURE], capture_output=True, text=True, check=True)
    told = [line.split() for line in done.stdout.splitlines()]

    assert {name: found for name, found, _ in told} == FOUND
    assert max(int(grown_mb) for *_, grown_mb in told) <= MOST_MB


def test_a_large_span_keeps_the_first_of_its_attributes_and_events_and_of_those_the_first_attributes() -> None:
    event = Written.Event(name="exception", attributes=[pair("exception.message", string_value="pool is empty")])
    noise = [Written.Event(name="retry", attributes=[pair("n", int_value=at)]) for at in range(MOST_ITEMS * 3)]
    tree = KeyValue(key="tree", value=AnyValue(array_value=ArrayValue(values=[AnyValue(int_value=1)] * SMALL_BYTES)))
    wide = pair("wide", string_value="x" * SMALL_BYTES)
    few = [pair(f"k{at}", int_value=at) for at in range(5)]
    one = written(
        name="GET /cart",
        attributes=[tree, *few, wide],
        events=[event, *noise],
        status={"code": 2},
    )

    (found,) = spans_of(request(one).SerializeToString())

    assert (found.operation, found.error, found.status) == ("GET /cart", "pool is empty", "error")
    assert {f"k{at}": str(at) for at in range(5)}.items() <= found.attributes.items()
    assert "tree" not in found.attributes


def test_who_it_is_is_known_of_a_large_process_too() -> None:
    made = request(written(), service="cart")
    made.resource_spans[0].resource.attributes.extend(pair(f"k{at}", string_value="x" * 100) for at in range(2_000))

    (found,) = spans_of(made.SerializeToString())

    assert found.service == "cart"


@pytest.mark.parametrize(
    "message",
    [b"\x0c", b"\x0b\x14", b"\x0b", b"\x0b" * 200 + b"\x0c" * 200, b"\x0f", b"\x08", b"\x09\x00", b"\x80" * 11],
)
def test_groups_that_do_not_end_as_they_began_and_kinds_that_there_are_not_are_refused(message: bytes) -> None:
    with pytest.raises(NotProtobuf):
        list(fields(memoryview(message)))


def test_a_group_is_skipped_whole() -> None:
    found = [(one.number, bytes(one.whole)) for one in fields(memoryview(b"\x0b\x08\x01\x13\x14\x0c\x10\x05"))]

    assert found == [(1, b"\x0b\x08\x01\x13\x14\x0c"), (2, b"\x10\x05")]

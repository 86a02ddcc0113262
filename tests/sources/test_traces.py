"""One body of tests for every reader of traces. Jaeger, Tempo and Zipkin answer as they document; see tests/fakes."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.incident import HOUR, START
from tests.fakes.trace_servers import jaeger, otlp_resources, tempo, zipkin
from tests.fakes.wire import answering, said

from rootline.domain.signal import VERSION, Span
from rootline.errors import Misconfigured
from rootline.sources.backend import backend
from rootline.sources.fleet.hearing import hearing
from rootline.sources.traces.jaeger import JaegerTraces
from rootline.sources.traces.otlp import OtlpFile, thinned
from rootline.sources.traces.source import RecordedTraces, TraceSource
from rootline.sources.traces.tempo import TempoTraces
from rootline.sources.traces.zipkin import ZipkinTraces

Make = Callable[[Sequence[Span], Path], AbstractContextManager[TraceSource]]


def trace(number: int, minute: float, *, failed: bool = False) -> list[Span]:
    start = START + timedelta(minutes=minute)
    root = Span(
        trace_id=f"{number:032x}",
        span_id=f"{number * 16 + 1:016x}",
        parent_id=None,
        service="web",
        operation="GET /cart",
        start=start,
        duration_s=0.25,
        attributes={"http.route": "/cart"},
    )
    child = replace(
        root,
        span_id=f"{number * 16 + 2:016x}",
        parent_id=root.span_id,
        service="stock" if number % 2 else "cart",
        operation="Load",
        start=start + timedelta(milliseconds=20),
        duration_s=0.125,
        status="error" if failed else "unset",
        error="connection refused" if failed else "",
        attributes={},
    )
    return [root, child]


SPANS = [
    *trace(1, -10),
    *trace(2, 0),
    *trace(3, 15, failed=True),
    *trace(4, 59),
    *trace(5, 60),
]


@contextmanager
def recorded(spans: Sequence[Span], _: Path) -> Iterator[TraceSource]:
    yield RecordedTraces(spans)


@contextmanager
def live_jaeger(spans: Sequence[Span], _: Path) -> Iterator[TraceSource]:
    with answering(jaeger(spans)) as url:
        yield JaegerTraces(backend("Jaeger", "ROOTLINE_JAEGER_URL", url))


@contextmanager
def live_tempo(spans: Sequence[Span], _: Path) -> Iterator[TraceSource]:
    with answering(tempo(spans)) as url:
        yield TempoTraces(backend("Tempo", "ROOTLINE_TEMPO_URL", url))


@contextmanager
def old_tempo(spans: Sequence[Span], _: Path) -> Iterator[TraceSource]:
    with answering(tempo(spans, has_second_version=False)) as url:
        yield TempoTraces(backend("Tempo", "ROOTLINE_TEMPO_URL", url))


@contextmanager
def live_zipkin(spans: Sequence[Span], _: Path) -> Iterator[TraceSource]:
    with answering(zipkin(spans)) as url:
        yield ZipkinTraces(backend("Zipkin", "ROOTLINE_ZIPKIN_URL", url))


@contextmanager
def file(spans: Sequence[Span], folder: Path) -> Iterator[TraceSource]:
    where = folder / "spans.jsonl"
    where.write_text("".join(json.dumps({"resourceSpans": [one]}) + "\n" for one in otlp_resources(spans)))
    yield OtlpFile(where)


MAKERS = [recorded, live_jaeger, live_tempo, old_tempo, live_zipkin, file]


@pytest.fixture(params=MAKERS, ids=["recording", "jaeger", "tempo", "tempo before 2.7", "zipkin", "otlp file"])
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


def bare(spans: Sequence[Span]) -> list[Span]:
    """The spans without what a backend adds to say that one failed."""
    return [replace(one, attributes={k: v for k, v in one.attributes.items() if k != "error"}) for one in spans]


@pytest.mark.anyio
async def test_whole_traces_of_the_window_come_in_order_of_start(make: Make, tmp_path: Path) -> None:
    with make(SPANS, tmp_path) as traces:
        found = await traces.spans("", HOUR)

    assert bare(found) == SPANS[2:8]


@pytest.mark.anyio
async def test_a_service_brings_the_whole_traces_that_touch_it(make: Make, tmp_path: Path) -> None:
    with make(SPANS, tmp_path) as traces:
        found = await traces.spans("stock", HOUR)

    assert bare(found) == SPANS[4:6]


@pytest.mark.anyio
@pytest.mark.parametrize("service", ["nobody", 'stock" } || { name = "'])
async def test_an_unknown_service_has_no_spans(make: Make, tmp_path: Path, service: str) -> None:
    with make(SPANS, tmp_path) as traces:
        assert list(await traces.spans(service, HOUR)) == []


@pytest.mark.anyio
async def test_a_source_without_traces_has_no_spans(make: Make, tmp_path: Path) -> None:
    with make([], tmp_path) as traces:
        assert list(await traces.spans("", HOUR)) == []


@pytest.mark.anyio
async def test_the_version_of_the_process_is_told_of_each_span(make: Make, tmp_path: Path) -> None:
    spans = [replace(one, attributes={VERSION: "v7"}) for one in trace(1, 10)]

    with make(spans, tmp_path) as source:
        found = await source.spans("", HOUR)

    assert [one.attributes[VERSION] for one in found] == ["v7"] * len(spans)


@pytest.mark.anyio
async def test_traces_from_all_over_the_window_are_sampled() -> None:
    many = [span for number in range(1, 600) for span in trace(number, number / 10)]

    with answering(jaeger(many)) as url:
        found = await JaegerTraces(backend("Jaeger", "ROOTLINE_JAEGER_URL", url)).spans("web", HOUR)

    sixths = {int((span.start - START) / timedelta(minutes=10)) for span in found}
    assert (sixths, len(found)) == ({0, 1, 2, 3, 4, 5}, 6 * 15 * 2)


@pytest.mark.anyio
async def test_client_and_server_of_a_zipkin_call_are_two_spans() -> None:
    at = round(START.timestamp() * 1e6)
    body = [
        [
            {"traceId": "1", "id": "a", "kind": "CLIENT", "timestamp": at, "localEndpoint": {"serviceName": "web"}},
            {
                "traceId": "1",
                "id": "a",
                "kind": "SERVER",
                "shared": True,
                "timestamp": at + 5,
                "localEndpoint": {"serviceName": "cart"},
            },
            {
                "traceId": "1",
                "id": "b",
                "parentId": "a",
                "timestamp": at + 9,
                "localEndpoint": {"serviceName": "cart"},
            },
        ]
    ]

    with answering(
        lambda asked: said(json.dumps(["web"] if asked.path == "/api/v2/services" else body), content_type="x")
    ) as url:
        found = await ZipkinTraces(backend("Zipkin", "ROOTLINE_ZIPKIN_URL", url)).spans("web", HOUR)

    assert [(one.service, one.span_id, one.parent_id) for one in found] == [
        ("web", "a", None),
        ("cart", "a-s", "a"),
        ("cart", "b", "a-s"),
    ]


@pytest.mark.anyio
async def test_a_file_that_holds_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_text("[[[")

    with pytest.raises(Misconfigured, match=r"wrong\.json is no OTLP JSON"):
        await OtlpFile(tmp_path / "wrong.json").spans("", HOUR)


@pytest.mark.anyio
async def test_a_broken_line_costs_itself_and_is_told(tmp_path: Path) -> None:
    good = [json.dumps({"resourceSpans": otlp_resources(trace(number, 5))}) for number in (1, 2)]
    (tmp_path / "spans.jsonl").write_text("\n".join([good[0], "{broken", good[1], ""]))

    with hearing() as heard:
        found = await OtlpFile(tmp_path / "spans.jsonl").spans("", HOUR)

    assert len(found) == 4
    assert [(one.asked, one.status) for one in heard.outcomes] == [("traces", "partial")]
    assert heard.outcomes[0].detail.startswith("1 of 3 lines were left out: ")


@pytest.mark.anyio
async def test_a_file_of_something_else_is_no_absence_of_spans(tmp_path: Path) -> None:
    (tmp_path / "logs.jsonl").write_text('{"resourceLogs": []}\n')
    (tmp_path / "empty.jsonl").touch()

    with pytest.raises(Misconfigured, match=r"logs\.jsonl holds no span: OTLP JSON of traces has resourceSpans"):
        await OtlpFile(tmp_path / "logs.jsonl").spans("", HOUR)
    assert list(await OtlpFile(tmp_path / "empty.jsonl").spans("", HOUR)) == []


def test_of_too_many_spans_whole_traces_are_kept_from_all_of_the_time() -> None:
    every = [span for number in range(1, 2001) for span in trace(number, number / 40)]

    kept = thinned(every, 800)

    traces = {span.trace_id for span in kept}
    assert 200 <= len(kept) <= 800
    assert len(kept) == 2 * len(traces)
    assert min(span.start for span in kept) < START + timedelta(minutes=5)
    assert max(span.start for span in kept) > START + timedelta(minutes=45)
    assert thinned(every[:100], 800) == every[:100]


@pytest.mark.anyio
async def test_a_file_that_is_still_written_to_is_read_up_to_its_last_whole_line(tmp_path: Path) -> None:
    line = json.dumps({"resourceSpans": otlp_resources(trace(1, 5))})
    file = tmp_path / "spans.jsonl"
    file.write_text(f"{line}\n{line[: len(line) // 2]}")

    assert len(await OtlpFile(file).spans("", HOUR)) == 2

"""OpenTelemetry's own exporter sends to our intake over a real connection; what it sent is asked again."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import uvicorn
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, Status, StatusCode
from starlette.applications import Starlette
from tests.fakes.incident import HOUR
from tests.fakes.mcp_desk import House
from tests.server.test_http import ALICE, TOKENS, bearer

from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.intake.traces import MOST_AT_ONCE, TraceInbox
from rootline.server.callers import Callers
from rootline.server.http import Address, listening
from rootline.server.routes import routes
from rootline.server.tokens import FileTokens
from rootline.settings import Settings

pytestmark = pytest.mark.anyio
START_NS = int(HOUR.start.timestamp()) * 10**9
SECRET = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
PROTOBUF = {**bearer(ALICE), "Content-Type": "application/x-protobuf"}


@dataclass(frozen=True, kw_only=True)
class Intake:
    """A running server, and what it took of one tenant."""

    url: str
    inbox: TraceInbox

    async def send(self, spans: list[ReadableSpan], compression: Compression, token: str = ALICE) -> SpanExportResult:
        headers = {"Authorization": f"Bearer {token}"}
        exporter = OTLPSpanExporter(endpoint=self.url, compression=compression, headers=headers, timeout=20)
        try:
            return await asyncio.to_thread(exporter.export, spans)
        finally:
            await asyncio.to_thread(exporter.shutdown)

    async def post(self, body: bytes, **headers: str) -> httpx2.Response:
        async with httpx2.AsyncClient(timeout=20) as client:
            return await client.post(self.url, content=body, headers={**PROTOBUF, **headers})

    async def taken(self) -> list[Span]:
        return [*await self.inbox.spans("", Window(start=HOUR.start, end=HOUR.end))]


@asynccontextmanager
async def running(home: Path) -> AsyncIterator[Intake]:
    socket = listening("127.0.0.1", 0)
    address = Address(host="127.0.0.1", port=socket.getsockname()[1])
    callers = Callers(tokens=FileTokens(TOKENS, address.resource), anyone=None, guard=address.guard())
    app = Starlette(routes=routes(House().workbench(settings=Settings(home=home)), callers))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[socket]))
    try:
        url = f"http://127.0.0.1:{address.port}/v1/traces"
        yield Intake(url=url, inbox=TraceInbox.of(home, TOKENS[0].actor.tenant))
    finally:
        server.should_exit = True
        await serving
        socket.close()


@pytest.fixture
async def intake(tmp_path: Path) -> AsyncIterator[Intake]:
    async with running(tmp_path) as opened:
        yield opened


def recorded() -> list[ReadableSpan]:
    """Two spans of one trace, as the SDK makes them."""
    kept = InMemorySpanExporter()
    provider = TracerProvider(resource=Resource.create({"service.name": "checkout"}))
    provider.add_span_processor(SimpleSpanProcessor(kept))
    tracer = provider.get_tracer("shop")
    outer = tracer.start_span("POST /checkout", kind=SpanKind.SERVER, start_time=START_NS)
    outer.set_attribute("http.route", "/checkout")
    outer.set_attribute("token", SECRET)
    outer.record_exception(ValueError("pool is empty"), timestamp=START_NS)
    outer.set_status(Status(StatusCode.ERROR, f"refused {SECRET}"))
    outer.end(end_time=START_NS + 250_000_000)
    single = tracer.start_span("tick", start_time=START_NS + 10**9)
    single.end(end_time=START_NS + 2 * 10**9)
    return [*kept.get_finished_spans()]


@pytest.mark.promise("otlp-in-both-encodings")
@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip])
async def test_the_exporter_s_spans_are_kept_as_they_were(intake: Intake, compression: Compression) -> None:
    spans = recorded()

    result = await intake.send(spans, compression)

    first, second = await intake.taken()
    assert result is SpanExportResult.SUCCESS
    assert (first.service, first.operation, first.duration_s, first.status) == (
        "checkout",
        "POST /checkout",
        0.25,
        "error",
    )
    assert first.trace_id == f"{spans[0].context.trace_id:032x}"
    assert first.span_id == f"{spans[0].context.span_id:016x}"
    assert (first.attributes["span.kind"], first.attributes["http.route"]) == ("server", "/checkout")
    assert (second.operation, second.status, second.start) == ("tick", "unset", HOUR.start.replace(second=1))


async def test_secrets_in_protobuf_are_not_kept(intake: Intake) -> None:
    await intake.send(recorded(), Compression.NoCompression)

    assert SECRET not in repr(await intake.taken())


async def test_what_the_exporter_batches_in_one_process_comes_whole(intake: Intake) -> None:
    many = recorded() * 256

    result = await intake.send(many, Compression.Gzip)

    assert result is SpanExportResult.SUCCESS
    assert len(await intake.taken()) == 2


async def test_without_a_token_the_exporter_is_told_no_and_nothing_is_kept(intake: Intake) -> None:
    result = await intake.send(recorded(), Compression.NoCompression, token="wrong")

    assert result is SpanExportResult.FAILURE
    assert await intake.taken() == []


async def test_the_answer_has_the_encoding_of_the_request(intake: Intake) -> None:
    whole = await intake.post(b"")
    bad = await intake.post(b"\x0a")

    assert (whole.status_code, whole.headers["content-type"], whole.content) == (200, "application/x-protobuf", b"")
    assert not ExportTraceServiceResponse.FromString(whole.content).HasField("partial_success")
    assert (bad.status_code, bad.headers["content-type"]) == (400, "application/x-protobuf")
    assert b"no ExportTraceServiceRequest in protobuf" in bad.content


async def test_spans_without_ids_are_told_as_a_partial_success_and_the_others_kept(intake: Intake) -> None:
    made = ExportTraceServiceRequest()
    spans = made.resource_spans.add().scope_spans.add().spans
    spans.add(trace_id=b"\1" * 16, span_id=b"\2" * 8, start_time_unix_nano=START_NS)
    spans.add(trace_id=b"\0" * 16, span_id=b"\2" * 8, start_time_unix_nano=START_NS)
    spans.add(trace_id=b"\1" * 16, span_id=b"\2" * 4, start_time_unix_nano=START_NS)
    spans.add(start_time_unix_nano=START_NS)

    answer = await intake.post(made.SerializeToString())

    told = ExportTraceServiceResponse.FromString(answer.content).partial_success
    assert (answer.status_code, told.rejected_spans) == (200, 3)
    assert "a trace id is 16 bytes" in told.error_message
    assert [one.span_id for one in await intake.taken()] == ["02" * 8]


async def test_too_much_is_refused_whole_and_nothing_is_kept(intake: Intake) -> None:
    made = ExportTraceServiceRequest()
    spans = made.resource_spans.add().scope_spans.add().spans
    for number in range(MOST_AT_ONCE + 1):
        spans.add(trace_id=b"\1" * 16, span_id=number.to_bytes(8, "big"), start_time_unix_nano=START_NS)

    many = await intake.post(made.SerializeToString())
    large = await intake.post(b"\0" * (5 * 2**20))
    bomb = await intake.post(_zeros(64), **{"Content-Encoding": "gzip"})

    assert (many.status_code, large.status_code, bomb.status_code) == (400, 413, 413)
    assert b"Send fewer at once" in many.content
    assert await intake.taken() == []


def _zeros(mebibytes: int) -> bytes:
    return gzip.compress(b"\0" * (mebibytes * 2**20))


async def test_another_kind_of_body_is_told_which_are_read(intake: Intake) -> None:
    answer = await intake.post(b"", **{"Content-Type": "application/grpc"})

    assert answer.status_code == 415
    assert "Send application/x-protobuf or application/json" in answer.json()["detail"]

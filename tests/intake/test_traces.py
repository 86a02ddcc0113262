"""Spans that are sent to us, and asked again."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from starlette.applications import Starlette
from tests.fakes.incident import HOUR, incident
from tests.fakes.mcp_desk import House
from tests.server.test_http import ALICE, OTHER, TOKENS, VERA, bearer

from rootline.domain.signal import Span
from rootline.domain.tenant import Actor
from rootline.domain.window import Window
from rootline.ground import Ground
from rootline.intake.told import BadPayload
from rootline.intake.traces import MOST_AT_ONCE, TraceInbox, read_spans
from rootline.redaction import Redactor
from rootline.server.callers import Callers
from rootline.server.http import Address
from rootline.server.routes import routes
from rootline.server.tokens import FileTokens
from rootline.settings import Settings
from rootline.sources.bundle import Sources
from rootline.sources.traces.otlp_writing import line_of, lines_of

pytestmark = pytest.mark.anyio
REDACTOR = Redactor(b"k" * 32)
FIRST = TOKENS[0].actor.tenant


def span(number: int, service: str = "cart", trace: int = 1, **fields: Any) -> Span:
    plain = {
        "trace_id": f"{trace:032x}",
        "span_id": f"{number:016x}",
        "parent_id": f"{number - 1:016x}" if number > 1 else None,
        "service": service,
        "operation": "GET /cart",
        "start": HOUR.start + timedelta(seconds=number),
        "duration_s": 0.25,
        "status": "ok",
        "attributes": {"span.kind": "server", "http.route": "/cart"},
    }
    return Span(**{**plain, **fields})


SPANS = [span(1), span(2, "stock", status="error", error="no stock"), span(3, "mail", trace=2)]


def message(spans: list[Span]) -> Any:
    return json.loads(line_of(spans))


def test_what_is_written_is_read_back_as_the_same_spans() -> None:
    assert read_spans(message(SPANS), REDACTOR).spans == SPANS


async def test_spans_are_kept_and_asked_by_service_with_their_whole_trace(tmp_path: Path) -> None:
    inbox = TraceInbox.of(tmp_path, FIRST)
    assert not inbox.has_any

    await inbox.take(SPANS[:2])
    await inbox.take(SPANS[2:])
    await inbox.take([])

    assert inbox.has_any
    assert await TraceInbox.of(tmp_path, FIRST).spans("stock", HOUR) == SPANS[:2]
    assert await TraceInbox.of(tmp_path, FIRST).spans("", HOUR) == SPANS
    later = Window(start=HOUR.end, end=HOUR.end + timedelta(hours=1))
    assert list(await TraceInbox.of(tmp_path, FIRST).spans("", later)) == []
    assert list(await TraceInbox.of(tmp_path, OTHER).spans("", HOUR)) == []


async def test_as_many_spans_as_are_taken_at_once_are_read_back(tmp_path: Path) -> None:
    inbox = TraceInbox.of(tmp_path, FIRST)
    sent = [
        span(at, trace=at, start=HOUR.start, attributes={"db.statement": "x,[{" * 20})
        for at in range(1, MOST_AT_ONCE + 1)
    ]

    await inbox.take(sent)

    assert {one.span_id for one in await inbox.spans("", HOUR)} == {one.span_id for one in sent}


def test_one_span_alone_is_one_line_however_large() -> None:
    large = span(1, attributes={f"k{at}": "," * 300 for at in range(2_000)})

    assert lines_of([large, SPANS[0]]) == line_of([large]) + line_of([SPANS[0]])


async def test_disk_is_bounded_and_the_newest_spans_stay(tmp_path: Path) -> None:
    inbox = TraceInbox(tmp_path, largest=20_000)
    for number in range(30):
        await inbox.take([span(at, trace=number) for at in range(1, 9)])

    sizes = [file.stat().st_size for file in tmp_path.glob("*.jsonl")]
    assert len(sizes) == 2
    assert max(sizes) <= 20_000
    assert f"{29:032x}" in {one.trace_id for one in await inbox.spans("", HOUR)}


def test_secrets_in_spans_are_not_kept() -> None:
    secret = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
    (kept,) = read_spans(
        message([span(1, error=f"login {secret} failed", attributes={"db.password": "hunter2hunter2", "url": secret})]),
        REDACTOR,
    ).spans

    assert secret not in repr(kept)
    assert "hunter2hunter2" not in repr(kept)
    assert kept.trace_id == span(1).trace_id


@pytest.mark.parametrize(
    "body", [[], "x", {"resourceSpans": 1}, {"resourceSpans": [{"scopeSpans": [{"spans": [{"name": {}}]}]}]}]
)
def test_what_is_no_otlp_is_refused(body: Any) -> None:
    with pytest.raises(BadPayload):
        read_spans(body, REDACTOR)


def test_a_field_that_is_null_is_one_that_is_not_there() -> None:
    body = message(SPANS[:1])
    (process,) = body["resourceSpans"]
    (sent,) = process["scopeSpans"][0]["spans"]
    bare = {"traceId": sent["traceId"], "spanId": sent["spanId"]}
    nulls = dict.fromkeys(("parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano", "status", "events"))
    sent["attributes"].append({"key": "empty", "value": None})
    process["scopeSpans"][0]["spans"] += [{**bare, **nulls}, {"traceId": None, "name": "lost"}, {"name": "lost too"}]
    body["resourceSpans"].append({"resource": None, "scopeSpans": None})

    told = read_spans(body, REDACTOR)

    assert told.spans[0].attributes == {**SPANS[0].attributes, "empty": ""}
    assert [one.operation for one in told.spans] == ["GET /cart", ""]
    assert told.rejected == 2


def test_at_most_so_many_spans_are_taken_at_once() -> None:
    whole = message([span(1)])
    whole["resourceSpans"][0]["scopeSpans"][0]["spans"] *= MOST_AT_ONCE + 1

    with pytest.raises(BadPayload, match="Send fewer at once"):
        read_spans(whole, REDACTOR)


def client_of(home: Path) -> httpx2.AsyncClient:
    address = Address(host="127.0.0.1", port=8765)
    workbench = House().workbench(settings=Settings(home=home))
    callers = Callers(tokens=FileTokens(TOKENS, address.resource), anyone=None, guard=address.guard())
    transport = httpx2.ASGITransport(app=Starlette(routes=routes(workbench, callers)))
    return httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765")


async def test_spans_come_over_http_to_the_tokens_tenant(tmp_path: Path) -> None:
    async with client_of(tmp_path) as client:
        answers = [
            await client.post("/v1/traces", json=message(SPANS), headers=headers)
            for headers in (bearer(ALICE), {}, bearer(VERA))
        ]
        odd = await client.post("/v1/traces", json={"resourceSpans": 3}, headers=bearer(ALICE))
        other = {**bearer(ALICE), "Content-Type": "application/grpc"}
        grpc = await client.post("/v1/traces", content=b"\x0a\x00", headers=other)

    assert [one.status_code for one in answers] == [200, 401, 403]
    assert answers[0].json() == {}
    assert (odd.status_code, odd.json()["error_code"]) == (400, "payload_not_understood")
    assert "no ExportTraceServiceRequest in JSON" in odd.json()["message"]
    assert grpc.status_code == 415
    assert "application/x-protobuf" in grpc.json()["detail"]
    assert await TraceInbox.of(tmp_path, FIRST).spans("", HOUR) == SPANS
    assert not TraceInbox.of(tmp_path, OTHER).has_any


async def test_spans_that_came_are_asked_beside_those_of_another_source_of_traces(tmp_path: Path) -> None:
    desk = House().desk(settings=Settings(home=tmp_path))
    connected = Ground(sources=incident().sources())
    assert (await desk.told(connected)).sources.traces is connected.sources.traces
    assert connected.sources.traces is not None
    before = await connected.sources.traces.spans("", HOUR)

    await TraceInbox.of(tmp_path, desk.actor.tenant).take(SPANS)

    joined = (await desk.told(connected)).sources.traces
    assert joined is not None
    found = await joined.spans("", HOUR)
    assert len(found) == len(before) + len(SPANS)
    assert [one for one in found if one in SPANS] == SPANS
    fleet = Ground(sources=replace(connected.sources, clusters=frozenset({"east-1", "west-1"})))
    assert (await desk.told(fleet)).sources.traces is connected.sources.traces


async def test_spans_that_came_are_asked_where_no_other_source_of_traces_is_connected(tmp_path: Path) -> None:
    desk = House().desk(settings=Settings(home=tmp_path))
    bare = Ground(sources=Sources())
    assert (await desk.told(bare)).sources.traces is None

    await TraceInbox.of(tmp_path, desk.actor.tenant).take(SPANS)

    found = (await desk.told(bare)).sources.traces
    assert found is not None
    assert await found.spans("", HOUR) == SPANS
    stranger = desk.acting_for(Actor(tenant=UUID(int=77), name="x", role="engineer"))
    assert (await stranger.told(bare)).sources.traces is None


async def test_json_spans_without_ids_are_told_as_a_partial_success(tmp_path: Path) -> None:
    body = message([span(1), span(2, trace=0)])
    async with client_of(tmp_path) as client:
        answer = await client.post("/v1/traces", json=body, headers=bearer(ALICE))

    told = answer.json()["partialSuccess"]
    assert (answer.status_code, told["rejectedSpans"]) == (200, "1")
    assert "neither is all zero" in told["errorMessage"]
    assert [one.span_id for one in await TraceInbox.of(tmp_path, FIRST).spans("", HOUR)] == [span(1).span_id]

import base64
import gzip
from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from tests.fakes.mcp_desk import House
from tests.fakes.mcp_http import Door, opened
from tests.server.test_http import ALICE, ASTRAY, OTHER, TOKENS, VERA, bearer

from rootline.domain.tenant import LOCAL, Actor
from rootline.server.body import LARGEST_BODY, parsed, read_body, refuse_other_types
from rootline.server.callers import Callers
from rootline.server.http import Address
from rootline.server.route import route
from rootline.server.tokens import FileTokens
from rootline.store.refusals import StoreUnreachable

pytestmark = pytest.mark.anyio
ADDRESS = Address(host="127.0.0.1", port=8765)
GUARDED = Callers(tokens=FileTokens(TOKENS, ADDRESS.resource), anyone=None, guard=ADDRESS.guard())
OPEN = Callers(tokens=None, anyone=LOCAL, guard=ADDRESS.guard())


def client_of(callers: Callers) -> httpx2.AsyncClient:
    async def tell(request: Request) -> Response:
        actor = callers.writer(request)
        refuse_other_types(request)
        return JSONResponse({"tenant": str(actor.tenant), "body": parsed(await read_body(request))})

    async def fail(_: Request) -> Response:
        raise StoreUnreachable("The database is away.")

    async def crash(_: Request) -> Response:
        raise ZeroDivisionError("secret words")

    app = Starlette(routes=[route("/tell", tell), route("/fail", fail), route("/crash", crash)])
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765")


@pytest.fixture
async def guarded() -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(GUARDED) as client:
        yield client


@pytest.fixture
async def local() -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(OPEN) as client:
        yield client


def told(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert {"type", "title", "status", "detail", "error_code", "trace_id"} <= set(body)
    assert body["status"] == answer.status_code
    return answer.status_code, body["error_code"]


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with opened(House()) as door:
        yield door


async def test_the_server_of_mcp_says_that_it_lives(door: Door) -> None:
    async with httpx2.AsyncClient() as http:
        answer = await http.get(f"{door.origin}/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    "headers",
    [{}, bearer("x" * 30), bearer(ASTRAY), bearer("snö"), {"Authorization": "Basic %%%"}, {"Authorization": ALICE}],
)
async def test_where_tokens_are_asked_for_nobody_is_answered_without(
    guarded: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    encoded = {name.encode(): value.encode() for name, value in headers.items()}

    answer = await guarded.post("/tell", json={}, headers=encoded)

    assert told(answer) == (401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_the_tenant_is_the_tokens_and_never_the_payloads(guarded: httpx2.AsyncClient) -> None:
    basic = base64.b64encode(f"anyone:{ALICE}".encode()).decode()
    claims = {"tenant": str(OTHER), "tenant_id": str(OTHER)}

    answers = [
        await guarded.post("/tell", json=claims, headers={**named, "X-Scope-OrgID": str(OTHER)})
        for named in (bearer(ALICE), {"Authorization": f"Basic {basic}"})
    ]

    assert [one.json()["tenant"] for one in answers] == [str(TOKENS[0].actor.tenant)] * 2


async def test_a_viewer_stores_nothing(guarded: httpx2.AsyncClient) -> None:
    assert told(await guarded.post("/tell", json={}, headers=bearer(VERA))) == (403, "forbidden")


async def test_on_bare_loopback_no_other_host_and_no_web_page_gets_in(local: httpx2.AsyncClient) -> None:
    own = await local.post("/tell", json=[1], headers={"Origin": "http://localhost:8765"})
    rebound = await local.post("/tell", json=[1], headers={"Host": "evil.example"})
    page = await local.post("/tell", json=[1], headers={"Origin": "https://evil.example"})

    assert own.json() == {"tenant": str(LOCAL.tenant), "body": [1]}
    assert told(rebound) == (421, "host_not_served")
    assert told(page) == (403, "origin_not_served")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
async def test_what_a_web_form_can_send_is_not_read(local: httpx2.AsyncClient, kind: str) -> None:
    answer = await local.post("/tell", content=b"{}", headers={"Content-Type": kind})

    assert told(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", (400, "body_not_json")),
        (b"{", (400, "body_not_json")),
        (b"\xff\xfe", (400, "body_not_json")),
        (b"<html>", (400, "body_not_json")),
        (b"[" * 33 + b"]" * 33, (400, "json_too_deep")),
        (b"[" * 300_000, (413, "body_too_large")),
        (b"[" * 90_000, (400, "body_not_json")),
        (b'{"a":' * 40 + b"1" + b"}" * 40, (400, "json_too_deep")),
        (b"[" + b"1," * 300_000 + b"1]", (413, "body_too_large")),
        (b'"' + b"a" * LARGEST_BODY + b'"', (413, "body_too_large")),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_with_a_reason(
    local: httpx2.AsyncClient, body: bytes, code: tuple[int, str]
) -> None:
    answer = await local.post("/tell", content=body, headers={"Content-Type": "application/json"})

    assert told(answer) == code


async def test_a_packed_body_is_read_and_a_packed_bomb_is_not(local: httpx2.AsyncClient) -> None:
    packed = {"Content-Type": "application/json; charset=utf-8", "Content-Encoding": "gzip"}

    well = await local.post("/tell", content=gzip.compress(b'{"a": 1}'), headers=packed)
    bomb = await local.post("/tell", content=gzip.compress(b" " * 50_000_000), headers=packed)
    cut = await local.post("/tell", content=gzip.compress(b'{"a": 1}')[:-6], headers=packed)
    plain = await local.post("/tell", content=b"{}", headers=packed)
    other = await local.post("/tell", content=b"{}", headers={**packed, "Content-Encoding": "br"})

    assert well.json()["body"] == {"a": 1}
    assert [told(one) for one in (bomb, cut, plain, other)] == [
        (413, "body_too_large"),
        (400, "body_not_gzip"),
        (400, "body_not_gzip"),
        (415, "unsupported_encoding"),
    ]


async def test_a_database_that_is_away_asks_to_come_again(local: httpx2.AsyncClient) -> None:
    answer = await local.post("/fail")

    assert told(answer) == (503, "store_unreachable")
    assert answer.headers["retry-after"] == "5"


async def test_a_fault_of_ours_shows_nothing_of_itself(local: httpx2.AsyncClient) -> None:
    answer = await local.post("/crash")

    assert told(answer) == (500, "internal")
    assert "secret words" not in answer.text


async def test_a_problem_carries_the_callers_trace(local: httpx2.AsyncClient) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    answer = await local.post("/fail", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    own = await local.post("/fail", headers={"traceparent": f"00-{trace.upper()}-x"})

    assert answer.json()["trace_id"] == trace
    assert len(own.json()["trace_id"]) == 26


def test_people_of_one_name_in_two_tenants_are_told_apart() -> None:
    found = [GUARDED.tokens.holder(secret) if GUARDED.tokens else None for secret in (ALICE, ASTRAY, "")]

    assert found == [Actor(tenant=TOKENS[0].actor.tenant, name="alice", role="engineer"), None, None]

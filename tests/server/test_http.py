import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from mcp.shared.exceptions import MCPError
from tests.fakes.mcp_desk import ERAS, GROUND, RECORDING, House, WaitingModel
from tests.fakes.mcp_http import Door, named, opened, request

from rootline.domain.tenant import Actor, MemberRole
from rootline.errors import Misconfigured
from rootline.server.envelope import Envelope
from rootline.server.http import LARGEST_BODY, Address, listening
from rootline.server.serve import serve
from rootline.server.tokens import Token

pytestmark = pytest.mark.anyio
ALICE = "token-of-alice-in-the-first-tenant"
NAMESAKE = "token-of-alice-in-the-other-tenant"
VERA = "token-of-vera-the-viewer-of-first"
ASTRAY = "token-for-another-server-entirely"
FIRST, OTHER = UUID(int=1), UUID(int=2)


def token(secret: str, tenant: UUID, name: str, role: MemberRole = "engineer", audience: str = "") -> Token:
    actor = Actor(tenant=tenant, name=name, role=role)
    return Token(sha256=hashlib.sha256(secret.encode()).hexdigest(), actor=actor, audience=audience)


TOKENS = (
    token(ALICE, FIRST, "alice"),
    token(NAMESAKE, OTHER, "alice"),
    token(VERA, FIRST, "vera", "viewer"),
    token(ASTRAY, FIRST, "alice", audience="https://other.example/mcp"),
)


@pytest.fixture
async def guarded() -> AsyncIterator[Door]:
    async with opened(House(), TOKENS) as door:
        yield door


@pytest.fixture
async def local() -> AsyncIterator[Door]:
    async with opened(House()) as door:
        yield door


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("headers", [{}, bearer("x" * 30), bearer(ASTRAY), {"Authorization": f"Basic {ALICE}"}])
async def test_without_a_token_of_this_server_nobody_is_answered(guarded: Door, headers: dict[str, str]) -> None:
    answer = await guarded.post("tools/list", headers=headers)

    assert answer.status_code == 401
    assert (
        f'resource_metadata="{guarded.origin}/.well-known/oauth-protected-resource/mcp"'
        in answer.headers["www-authenticate"]
    )


async def test_the_metadata_of_the_resource_can_be_read_without_a_token(guarded: Door) -> None:
    async with httpx2.AsyncClient() as http:
        answer = await http.get(f"{guarded.origin}/.well-known/oauth-protected-resource/mcp")

    assert answer.status_code == 200
    assert answer.json()["resource"] == guarded.url
    assert answer.json()["scopes_supported"] == ["rootline"]


async def test_with_a_token_the_tools_are_listed(guarded: Door) -> None:
    answer = await guarded.post("tools/list", headers=bearer(ALICE))

    assert answer.status_code == 200
    assert len(answer.json()["result"]["tools"]) == 14


@pytest.mark.parametrize("era", ERAS)
async def test_one_tenant_sees_nothing_of_another(guarded: Door, era: str) -> None:
    async with guarded.client(era, ALICE) as mine:
        answer = await mine.call_tool("get_alerts", {})
        envelope = Envelope.model_validate(answer.structured_content)
        id_ = str(envelope.uri).split("/")[2]
        assert (await mine.read_resource(str(envelope.uri))).contents

    async with guarded.client(era, NAMESAKE) as theirs:
        listed = [one.uri for one in (await theirs.list_resources()).resources]
        for uri in (str(envelope.uri), f"investigation://{id_}"):
            with pytest.raises(MCPError):
                await theirs.read_resource(uri)
        opened_ = await theirs.call_tool("get_evidence", {"evidence": "E1", "investigation": id_})

    assert f"investigation://{id_}" not in listed
    assert opened_.is_error


async def test_a_session_of_the_older_protocol_belongs_to_the_token_that_opened_it(guarded: Door) -> None:
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}},
    }
    accept = {"Accept": named("x")["Accept"]}
    async with httpx2.AsyncClient() as http:
        first = await http.post(guarded.url, json=hello, headers={**accept, **bearer(ALICE)})
        session = {"mcp-session-id": first.headers["mcp-session-id"], **accept}
        ask = {"jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {}}
        stolen = await http.post(guarded.url, json=ask, headers={**session, **bearer(NAMESAKE)})
        own = await http.post(guarded.url, json=ask, headers={**session, **bearer(ALICE)})

    assert (first.status_code, stolen.status_code, own.status_code) == (200, 404, 200)


async def test_a_viewer_reads_and_does_not_write(guarded: Door) -> None:
    async with guarded.client("2026-07-28", VERA) as client:
        read = await client.call_tool("get_alerts", {})
        wrote = await client.call_tool("investigate", {"question": "why is it slow?"})

    assert not read.is_error
    assert wrote.is_error
    assert "vera is a viewer" in wrote.model_dump_json()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "localhost:1"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_a_page_from_elsewhere_cannot_reach_in(local: Door, header: dict[str, str], status: int) -> None:
    answer = await local.post("tools/list", headers=header)

    assert answer.status_code == status


async def test_the_own_origin_is_answered(local: Door) -> None:
    answer = await local.post("tools/list", headers={"Origin": local.origin})

    assert answer.status_code == 200


async def test_a_body_that_is_too_large_is_not_read(local: Door) -> None:
    async with httpx2.AsyncClient() as http:
        answer = await http.post(local.url, content=b" " * (LARGEST_BODY + 1), headers=named("tools/list"))

    assert answer.status_code == 413


async def test_a_client_that_goes_away_cancels_what_it_asked_for() -> None:
    model = WaitingModel()
    house = House(model=model)
    call = request("tools/call", {"name": "investigate", "arguments": {"question": "why is it slow?"}})
    headers = {**named("tools/call"), "Mcp-Name": "investigate", "Content-Type": "application/json"}
    async with opened(house) as door:
        async with httpx2.AsyncClient(timeout=20) as http:
            asking = asyncio.create_task(http.post(door.url, content=json.dumps(call), headers=headers))
            await model.is_asked.wait()
            asking.cancel()
            await asyncio.wait([asking])
        async with asyncio.timeout(5):
            await model.is_cancelled.wait()
        after = await door.post("tools/list")

    assert {one.led_by: one.state for one in await house.journal().investigations()}[""] == "cancelled"
    assert after.status_code == 200


def test_only_the_own_names_are_hosts_and_origins() -> None:
    guard = Address(host="0.0.0.0", port=8765, public="https://rootline.example/mcp").guard()  # noqa: S104 the case

    assert {"rootline.example", "rootline.example:443", "127.0.0.1:8765"} <= set(guard.allowed_hosts)
    assert "https://rootline.example" in guard.allowed_origins
    assert not any("*" in one for one in (*guard.allowed_hosts, *guard.allowed_origins))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_loopback_is_told_from_elsewhere(host: str) -> None:
    assert Address(host=host, port=1).is_loopback
    assert not Address(host="192.0.2.7", port=1).is_loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "rootline.example"])  # noqa: S104 these are refused
async def test_elsewhere_is_not_served_without_tokens_and_a_name(tmp_path: Path, host: str) -> None:
    desk = House().desk()
    desk = replace(desk, settings=replace(desk.settings, home=tmp_path))

    with pytest.raises(Misconfigured, match="ROOTLINE_TOKENS and ROOTLINE_PUBLIC_URL"):
        await serve(desk, RECORDING.question, GROUND, transport="http", host=host, port=0, persona="")


def test_a_port_that_is_taken_is_named() -> None:
    with listening("127.0.0.1", 0) as taken, pytest.raises(Misconfigured, match="Choose another --port"):
        listening("127.0.0.1", taken.getsockname()[1])

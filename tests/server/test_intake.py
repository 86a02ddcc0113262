"""Alert intake over HTTP: who may send, what is answered when, and that nothing is acknowledged before it is stored."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import httpx2
import pytest
from starlette.applications import Starlette
from tests.fakes.mcp_desk import OUR_TENANT, House
from tests.fakes.mcp_http import opened
from tests.intake.specimens import am, am_alert, dd_default, gf, pd, signature, written
from tests.server.test_http import ALICE, NAMESAKE, OTHER, TOKENS, VERA, bearer
from tests.store.examples import NOON

from rootline.domain.notice import Delivery, Notice, ReportedChange
from rootline.domain.tenant import LOCAL, Actor
from rootline.intake.hooks import Hook, Hooks
from rootline.server.callers import Callers
from rootline.server.http import Address
from rootline.server.routes import routes
from rootline.server.tokens import FileTokens
from rootline.store.intake import Decide, MemoryIntake, Stored
from rootline.store.refusals import StoreUnreachable

pytestmark = pytest.mark.anyio
ADDRESS = Address(host="127.0.0.1", port=8765)
FIRST = TOKENS[0].actor.tenant
SECRET, OTHERS = "the secret of our pagerduty", "the secret of others' pagerduty"
HOOKS = Hooks(
    hooks=tuple(
        Hook(vendor=vendor, actor=Actor(tenant=tenant, name="hook", role="engineer"), secret=secret.encode())
        for vendor, tenant, secret in (
            ("pagerduty", FIRST, SECRET),
            ("pagerduty", OTHER, OTHERS),
            ("grafana", FIRST, SECRET),
        )
    )
)
JSON = {"Content-Type": "application/json"}


@dataclass
class Doors:
    house: House = field(default_factory=House)
    hooks: Hooks = HOOKS

    @asynccontextmanager
    async def client(self, *, guarded: bool = True) -> AsyncIterator[httpx2.AsyncClient]:
        workbench = self.house.workbench(clock=lambda: NOON)
        workbench.hooks = self.hooks
        tokens = FileTokens(TOKENS, ADDRESS.resource) if guarded else None
        callers = Callers(tokens=tokens, anyone=None if guarded else LOCAL, guard=ADDRESS.guard())
        transport = httpx2.ASGITransport(app=Starlette(routes=routes(workbench, callers)))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
            yield client

    async def post(
        self, vendor: str, body: bytes, headers: Mapping[str, str], *, guarded: bool = True
    ) -> tuple[int, str]:
        async with self.client(guarded=guarded) as client:
            answer = await client.post(f"/intake/{vendor}", content=body, headers={**JSON, **headers})
        return answer.status_code, answer.json().get("error_code", "")

    async def count(self, tenant: UUID = FIRST) -> int:
        return len(await self.house.intake(tenant).deliveries())


@pytest.fixture
def doors() -> Doors:
    return Doors()


async def test_the_answer_says_what_of_a_delivery_was_not_taken(doors: Doors) -> None:
    body = {**am(), "alerts": [am_alert(1), "odd", {**am_alert(2), "endsAt": "never"}]}

    async with doors.client() as client:
        answer = await client.post("/intake/alertmanager", content=written(body), headers={**JSON, **bearer(ALICE)})

    told = answer.json()
    assert (answer.status_code, told["alerts"], len(told["incidents"])) == (200, 2, 1)
    assert told["remark"].startswith("Not taken: alerts.1: Input should be a valid dictionary")
    assert "alerts.2.endsAt: Input should be a valid datetime" in told["remark"]


@pytest.mark.parametrize(
    ("vendor", "payload"),
    [
        ("alertmanager", am(am_alert())),
        ("datadog", dd_default()),
        ("changes", {"kind": "flag", "service": "cart", "flag": "fast", "after": True}),
    ],
)
async def test_a_delivery_with_a_token_is_stored_for_the_tokens_tenant(
    doors: Doors, vendor: str, payload: object
) -> None:
    assert await doors.post(vendor, written(payload), bearer(ALICE)) == (200, "")
    assert (await doors.count(FIRST), await doors.count(OTHER)) == (1, 0)


@pytest.mark.promise("tenant-is-the-credentials")
async def test_no_word_of_a_delivery_chooses_the_tenant(doors: Doors) -> None:
    claims = {"tenant": str(OTHER), "tenant_id": str(OTHER), "org": str(OTHER), "orgId": 2}
    headers = {"X-Scope-OrgID": str(OTHER), "X-Tenant": str(OTHER), "X-Tenant-Id": str(OTHER)}
    alert = am_alert(tenant=str(OTHER), tenant_id=str(OTHER))

    async with doors.client() as client:
        where = f"/intake/alertmanager?tenant={OTHER}&tenant_id={OTHER}"
        answer = await client.post(where, json={**am(alert), **claims}, headers={**bearer(ALICE), **headers})
    body = written({**pd(), **claims})
    signed = await doors.post("pagerduty", body, {"X-PagerDuty-Signature": f"v1={signature(SECRET, body)}", **headers})

    assert (answer.status_code, signed) == (200, (200, ""))
    assert (await doors.count(FIRST), await doors.count(OTHER)) == (2, 0)


async def test_a_signature_tells_whose_delivery_it_is_and_needs_no_token(doors: Doors) -> None:
    body = written(pd())

    ours = await doors.post("pagerduty", body, {"X-PagerDuty-Signature": f"v1={signature(SECRET, body)}"})
    theirs = await doors.post("pagerduty", body, {"X-PagerDuty-Signature": f"v1={signature(OTHERS, body)}"})

    assert (ours, theirs) == ((200, ""), (200, ""))
    assert (await doors.count(FIRST), await doors.count(OTHER)) == (1, 1)


@pytest.mark.parametrize("guarded", [True, False])
@pytest.mark.parametrize(
    "headers",
    [
        {"X-PagerDuty-Signature": f"v1={'0' * 64}"},
        {"X-PagerDuty-Signature": ""},
        {"X-PagerDuty-Signature": f"v1={'0' * 64}", **bearer(ALICE)},
        {"X-PagerDuty-Signature": f"v1={signature(SECRET, b'another body')}"},
        {"X-Grafana-Alerting-Signature": signature(SECRET, written(pd()))},
        bearer(ALICE),
        {},
    ],
)
async def test_who_has_to_sign_is_not_let_in_without(doors: Doors, headers: dict[str, str], guarded: bool) -> None:
    status, code = await doors.post("pagerduty", written(pd()), headers, guarded=guarded)

    assert status == 401
    assert code in {"bad_signature", "unauthorized"}
    assert [await doors.count(one) for one in (FIRST, OTHER, OUR_TENANT)] == [0, 0, 0]


async def test_a_tenant_without_a_secret_of_its_own_may_send_by_token(doors: Doors) -> None:
    assert await doors.post("grafana", written(gf(am_alert())), bearer(NAMESAKE)) == (200, "")
    assert await doors.post("grafana", written(gf(am_alert())), bearer(ALICE)) == (401, "bad_signature")


async def test_a_signed_time_that_is_not_ours_is_refused(doors: Doors) -> None:
    body, old = written(gf(am_alert())), str(round(NOON.timestamp()) - 301)
    headers = {"X-Grafana-Alerting-Signature": signature(SECRET, body, f"{old}:"), "X-Grafana-Alerting-Timestamp": old}

    assert await doors.post("grafana", body, headers) == (401, "stale_signature")


@pytest.mark.parametrize("vendor", ["alertmanager", "grafana", "datadog", "changes"])
async def test_without_a_credential_nothing_is_taken(doors: Doors, vendor: str) -> None:
    assert await doors.post(vendor, b"{}", {}) == (401, "unauthorized")


async def test_a_viewer_sends_nothing(doors: Doors) -> None:
    assert await doors.post("alertmanager", written(am(am_alert())), bearer(VERA)) == (403, "forbidden")


async def test_bare_loopback_is_the_one_local_tenant() -> None:
    doors = Doors(hooks=Hooks())

    assert await doors.post("pagerduty", written(pd()), {}, guarded=False) == (200, "")
    assert await doors.post("alertmanager", written(am(am_alert())), {"Host": "evil.example"}, guarded=False) == (
        421,
        "host_not_served",
    )
    assert await doors.count(OUR_TENANT) == 1


@pytest.mark.parametrize(
    ("vendor", "body", "told"),
    [
        ("alertmanager", b"{}", (422, "payload_not_understood")),
        ("alertmanager", b"[]", (422, "payload_not_understood")),
        ("alertmanager", b"{", (400, "body_not_json")),
        ("pagerduty", b"{}", (401, "bad_signature")),
        ("changes", b'{"kind": "x"}', (422, "payload_not_understood")),
        ("alertmanager", b"[" * 40 + b"]" * 40, (400, "json_too_deep")),
        ("nagios", b"{}", (404, "not_found")),
    ],
)
async def test_what_cannot_be_taken_is_answered_with_a_code(
    doors: Doors, vendor: str, body: bytes, told: tuple[int, str]
) -> None:
    async with doors.client() as client:
        answer = await client.post(f"/intake/{vendor}", content=body, headers={**JSON, **bearer(ALICE)})

    assert (answer.status_code, answer.json()["error_code"]) == told
    assert answer.headers["content-type"] == "application/problem+json"
    assert await doors.count() == 0


async def test_who_posts_to_no_vendor_is_told_of_those_there_are(doors: Doors) -> None:
    async with doors.client() as client:
        nowhere = await client.post("/intake/nagios", json={}, headers=bearer(ALICE))
        slash = await client.post("/intake/alertmanager/", json={}, headers=bearer(ALICE))

    assert nowhere.json()["detail"].startswith("Nothing is taken here. Post to one of /intake/alertmanager, ")
    assert slash.status_code == 307


async def test_a_form_a_get_and_a_put_are_refused(doors: Doors) -> None:
    async with doors.client() as client:
        form = await client.post("/intake/alertmanager", data={"payload": "{}"}, headers=bearer(ALICE))
        got = await client.get("/intake/alertmanager", headers=bearer(ALICE))
        put = await client.put("/intake/alertmanager", json={}, headers=bearer(ALICE))

    assert (form.status_code, got.status_code, put.status_code) == (415, 405, 405)


async def test_a_delivery_that_comes_again_says_so(doors: Doors) -> None:
    body = written(am(am_alert(1), am_alert(2)))
    async with doors.client() as client:
        answers = [
            await client.post("/intake/alertmanager", content=body, headers={**JSON, **bearer(ALICE)}) for _ in range(2)
        ]

    first, again = (one.json() for one in answers)
    assert (first["is_repeat"], first["alerts"], len(first["incidents"])) == (False, 2, 1)
    assert (again["is_repeat"], again["alerts"], again["incidents"]) == (True, 0, [])
    assert again["delivery"] == first["delivery"]
    assert await doors.count() == 1


@dataclass
class Gated:
    """An intake that waits before it stores, and can fail on either side of storing."""

    inner: MemoryIntake
    fails: str = ""
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)
    may_store: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(
        self, delivery: Delivery, notices: Sequence[Notice], decide: Decide, changes: Sequence[ReportedChange] = ()
    ) -> Stored:
        self.is_asked.set()
        await self.may_store.wait()
        if self.fails == "before":
            raise StoreUnreachable("The database went away.")
        stored = await self.inner.take(delivery, notices, decide, changes)
        if self.fails == "after":
            raise StoreUnreachable("The database went away after the commit.")
        return stored


@asynccontextmanager
async def gated(doors: Doors, fails: str = "") -> AsyncIterator[tuple[Gated, httpx2.AsyncClient]]:
    gate = Gated(doors.house.intake(FIRST), fails=fails)
    workbench = doors.house.workbench(clock=lambda: NOON, intakes=lambda _: gate)
    callers = Callers(tokens=FileTokens(TOKENS, ADDRESS.resource), anyone=None, guard=ADDRESS.guard())
    transport = httpx2.ASGITransport(app=Starlette(routes=routes(workbench, callers)))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
        yield gate, client


@pytest.mark.promise("stored-before-acknowledged")
async def test_nothing_is_acknowledged_before_it_is_stored(doors: Doors) -> None:
    async with gated(doors) as (gate, client):
        sending = asyncio.create_task(client.post("/intake/alertmanager", json=am(am_alert()), headers=bearer(ALICE)))
        await gate.is_asked.wait()

        assert not sending.done()
        assert await doors.count() == 0
        gate.may_store.set()
        answer = await sending

    assert answer.status_code == 200
    assert await doors.count() == 1


@pytest.mark.promise("stored-before-acknowledged")
@pytest.mark.parametrize(("fails", "count"), [("before", 0), ("after", 1)])
async def test_a_death_on_either_side_of_storing_loses_and_doubles_nothing(
    doors: Doors, fails: str, count: int
) -> None:
    async with gated(doors, fails) as (gate, client):
        gate.may_store.set()
        answer = await client.post("/intake/alertmanager", json=am(am_alert()), headers=bearer(ALICE))
    assert (answer.status_code, answer.headers["retry-after"], await doors.count()) == (503, "5", count)

    async with doors.client() as client:
        again = await client.post("/intake/alertmanager", json=am(am_alert()), headers=bearer(ALICE))

    assert (again.status_code, again.json()["is_repeat"]) == (200, bool(count))
    assert await doors.count() == 1
    assert len(await doors.house.journal(FIRST).incidents()) == 1


async def test_the_intake_is_served_beside_mcp_on_one_port() -> None:
    house = House()
    async with opened(house) as door, httpx2.AsyncClient() as http:
        answer = await http.post(f"{door.origin}/intake/alertmanager", json=am(am_alert()))
        listed = await door.post("tools/list")

    assert (answer.status_code, listed.status_code) == (200, 200)
    assert len(await house.intake().deliveries()) == 1

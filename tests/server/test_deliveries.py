"""How intake does: what a way in last took, what it last refused, and how often in a row."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from tests.cli.command import run
from tests.fakes.incident import HOUR
from tests.fakes.mcp_desk import House
from tests.intake.specimens import am, am_alert, gf, pd, signature, written
from tests.intake.test_traces import span
from tests.server.test_http import ALICE, FIRST, NAMESAKE, OTHER, TOKENS, bearer
from tests.server.test_intake import ADDRESS, HOOKS, JSON, SECRET
from tests.store.examples import NOON

from rootline.domain.fleet import SourceHealth
from rootline.domain.tenant import LOCAL
from rootline.errors import NotFound
from rootline.opening import open_desk
from rootline.server.callers import Callers
from rootline.server.deliveries import HUNG_UP, Deliveries
from rootline.server.routes import routes
from rootline.server.tokens import FileTokens
from rootline.server.unasked import Unasked, working
from rootline.server.workbench import Workbench
from rootline.settings import Settings, read_settings
from rootline.sources.fleet.contacts import Contact
from rootline.sources.traces.otlp_writing import line_of
from rootline.store.fleet import MemoryFleetBook
from rootline.store.refusals import StoreUnreachable

GOOD = written(am(am_alert()))


@dataclass
class Door:
    """A server's routes, its clock, and what its deliveries came to."""

    folder: Path
    now: datetime = NOON
    cluster: str = ""
    workbench: Workbench = field(init=False)

    def __post_init__(self) -> None:
        self.workbench = House().workbench(clock=lambda: self.now, settings=Settings(home=self.folder))
        self.workbench.hooks = HOOKS

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx2.AsyncClient]:
        known = [replace(one, actor=replace(one.actor, cluster=self.cluster)) for one in TOKENS]
        callers = Callers(tokens=FileTokens(tuple(known), ADDRESS.resource), anyone=None, guard=ADDRESS.guard())
        transport = httpx2.ASGITransport(app=Starlette(routes=routes(self.workbench, callers)))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
            yield client

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        async with self.client() as client:
            answer = await client.post(path, content=body, headers={**JSON, **headers})
        return answer.status_code

    async def rows(self) -> dict[str, SourceHealth]:
        await self.workbench.deliveries.store()
        found = await self.workbench.desk.fleets(LOCAL).health()
        return {"/".join(part for part in (one.cluster, one.source) if part): one for one in found}


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path)


@pytest.mark.anyio
@pytest.mark.promise("intake-has-health")
async def test_a_way_in_has_its_last_delivery_its_last_refusal_and_how_many_in_a_row(door: Door) -> None:
    assert await door.post("/intake/alertmanager", GOOD, bearer(ALICE)) == 200
    for minute in (1, 2):
        door.now = NOON + timedelta(minutes=minute)
        assert await door.post("/intake/alertmanager", b"{", bearer(ALICE)) == 400

    (row,) = (await door.rows()).values()

    assert (row.source, row.last_success, row.last_failure, row.failures) == (
        "intake/alertmanager",
        NOON,
        NOON + timedelta(minutes=2),
        2,
    )
    assert row.last_error
    assert not row.is_well


@pytest.mark.anyio
async def test_a_delivery_that_is_taken_ends_the_row_of_refusals(door: Door) -> None:
    await door.post("/intake/alertmanager", b"[]", bearer(ALICE))
    refused = (await door.rows())["intake/alertmanager"]
    await door.post("/intake/alertmanager", GOOD, bearer(ALICE))
    taken = (await door.rows())["intake/alertmanager"]

    assert (refused.failures, refused.is_well) == (1, False)
    assert (taken.failures, taken.is_well, taken.last_error) == (0, True, refused.last_error)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "said"),
    [
        ("/intake/pagerduty", written(pd()), {"X-PagerDuty-Signature": f"v1={'0' * 64}"}, 401, "signature"),
        ("/intake/grafana", written(gf(am_alert())), bearer(ALICE), 401, "signed"),
        ("/intake/alertmanager", GOOD, {"Authorization": "Bearer wrong"}, 401, "token"),
        ("/intake/alertmanager", GOOD, {"Content-Type": "text/plain", **bearer(ALICE)}, 415, "content type"),
        ("/intake/alertmanager", b"{}", bearer(ALICE), 422, "Alertmanager"),
        ("/intake/alertmanager", b"[" * 40 + b"]" * 40, bearer(ALICE), 400, "deep"),
        ("/intake/changes", b'{"kind": "x"}', bearer(ALICE), 422, "kind"),
        ("/v1/traces", b"{", bearer(ALICE), 400, "JSON"),
        ("/v1/traces", b"\xff", {"Content-Type": "application/x-protobuf", **bearer(ALICE)}, 400, "protobuf"),
        ("/v1/traces", b"", {"Content-Type": "text/plain", **bearer(ALICE)}, 415, "content type"),
    ],
)
async def test_every_refusal_counts_with_its_reason(
    door: Door, path: str, body: bytes, headers: dict[str, str], status: int, said: str
) -> None:
    assert await door.post(path, body, headers) == status

    (row,) = (await door.rows()).values()
    assert (row.failures, row.last_success) == (1, None)
    assert said in row.last_error
    assert row.source == ("intake/otlp" if path == "/v1/traces" else path.removeprefix("/"))


@pytest.mark.anyio
async def test_each_vendor_and_each_cluster_that_a_credential_names_has_its_own_row(door: Door) -> None:
    body = written(pd())
    await door.post("/intake/pagerduty", body, {"X-PagerDuty-Signature": f"v1={signature(SECRET, body)}"})
    door.cluster = "eu-1"
    await door.post("/intake/alertmanager", GOOD, bearer(ALICE))
    await door.post("/intake/alertmanager", b"{", bearer(ALICE))
    await door.post("/v1/traces", line_of([span(1)]), bearer(ALICE))

    rows = await door.rows()

    assert {name: (one.is_well, one.failures) for name, one in rows.items()} == {
        "intake/pagerduty": (True, 0),
        "eu-1/intake/alertmanager": (False, 1),
        "eu-1/intake/otlp": (True, 0),
    }


@pytest.mark.anyio
async def test_a_store_that_is_away_counts_and_its_reason_has_lost_its_secrets(door: Door) -> None:
    deliveries = door.workbench.deliveries
    with pytest.raises(StoreUnreachable), deliveries.taking("grafana"):
        raise StoreUnreachable("postgresql://rootline:hunter2secret@db.example/x is away")

    (row,) = (await door.rows()).values()

    assert row.failures == 1
    assert "hunter2secret" not in row.last_error
    assert "is away" in row.last_error


@pytest.mark.anyio
async def test_a_sender_that_hangs_up_counts_as_one_that_was_not_taken(door: Door) -> None:
    with pytest.raises(ClientDisconnect), door.workbench.deliveries.taking("datadog"):
        raise ClientDisconnect

    assert (await door.rows())["intake/datadog"].last_error == HUNG_UP


@pytest.mark.anyio
async def test_a_thousand_deliveries_are_one_row_that_is_written_now_and_then(door: Door) -> None:
    class Counting(MemoryFleetBook):
        written = 0

        async def note(self, contacts: object) -> None:
            self.written += 1
            await super().note(contacts)  # type: ignore[arg-type]

    book = Counting()
    deliveries = Deliveries(replace(door.workbench.desk, fleets=lambda _: book))
    for _ in range(10):
        for _ in range(100):
            with deliveries.taking("alertmanager"):
                pass
        await deliveries.store()

    assert book.written == 1


@pytest.mark.anyio
async def test_a_server_stores_what_it_counted_when_it_ends(door: Door) -> None:
    async with working(Unasked(workbench=door.workbench)):
        await door.post("/intake/alertmanager", b"{", bearer(ALICE))

    assert [one.source for one in await door.workbench.desk.fleets(LOCAL).health()] == ["intake/alertmanager"]


async def noted(home: Path) -> None:
    taken = Contact(cluster="", source="intake/grafana", succeeded_at=HOUR.start)
    failing = Contact(
        cluster="eu-1", source="intake/alertmanager", failed_at=HOUR.end, error="no signature fits", failures=3
    )
    async with open_desk(read_settings({"ROOTLINE_HOME": str(home)})) as desk:
        await desk.note([taken, failing])


def test_the_doctor_and_the_list_of_sources_show_every_way_in(tmp_path: Path) -> None:
    run("source", "list", at=tmp_path)
    asyncio.run(noted(tmp_path / "home"))

    listed, health, doctor = (
        run(*words, at=tmp_path) for words in (("source", "list"), ("source", "health"), ("doctor",))
    )

    good, bad = "last delivery taken 2026-03-01T12:00:00Z", "3 refused in a row, the last of them 2026-03-01T13:00:00Z"
    assert f"ok   intake/grafana {good}" in doctor.out
    assert f"BAD  eu-1/intake/alertmanager no delivery was ever taken; {bad}: no signature fits" in doctor.out
    assert doctor.code == 3
    assert "ok   intake/grafana                   last success 2026-03-01T12:00:00Z" in listed.out
    assert "BAD  eu-1/intake/alertmanager         last success never; 3 failures in a row" in listed.out
    assert (health.code, "intake/grafana" in health.out) == (3, False)


def test_nothing_is_said_of_ways_in_that_nobody_ever_used(tmp_path: Path) -> None:
    assert "intake/" not in run("source", "list", at=tmp_path).out + run("doctor", at=tmp_path).out


@pytest.mark.anyio
async def test_what_one_tenant_sends_is_in_no_row_of_another(door: Door) -> None:
    books: dict[UUID, MemoryFleetBook] = defaultdict(MemoryFleetBook)
    desk = replace(door.workbench.desk, fleets=lambda actor: books[actor.tenant])
    door.workbench.deliveries = Deliveries(desk)

    assert await door.post("/intake/alertmanager", GOOD, bearer(ALICE)) == 200
    assert await door.post("/intake/alertmanager", b"{", bearer(NAMESAKE)) == 400
    assert await door.post("/intake/alertmanager", GOOD, {}) == 401
    await door.workbench.deliveries.store()

    told = {tenant: [(one.source, one.failures) for one in await book.health()] for tenant, book in books.items()}
    assert told == {
        FIRST: [("intake/alertmanager", 0)],
        OTHER: [("intake/alertmanager", 1)],
        LOCAL.tenant: [("intake/alertmanager", 1)],
    }


@pytest.mark.anyio
async def test_a_tenant_that_is_not_here_keeps_no_other_from_its_row(door: Door) -> None:
    class Missing(MemoryFleetBook):
        async def note(self, contacts: Sequence[Contact]) -> None:
            raise NotFound(f"There is no tenant for {len(contacts)} rows here.")

    here = MemoryFleetBook()
    desk = replace(door.workbench.desk, fleets=lambda actor: Missing() if actor.tenant == FIRST else here)
    door.workbench.deliveries = Deliveries(desk)
    await door.post("/intake/alertmanager", b"{", bearer(ALICE))
    await door.post("/intake/alertmanager", b"{", bearer(NAMESAKE))

    await door.workbench.deliveries.store()

    assert [(one.source, one.failures) for one in await here.health()] == [("intake/alertmanager", 1)]

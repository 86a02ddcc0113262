"""What became of alerts that Alertmanager tells nobody of: silenced ones, and silenced ones that were resolved."""

import asyncio
import json
import threading
import urllib.request
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from tests.fakes.fleet import hanging
from tests.fakes.observability import send
from tests.fakes.wire import Asked, Said, answering, said
from tests.intake.specimens import am, am_alert
from tests.intake.test_real_alertmanager import Service, chain
from tests.server.test_http import TOKENS
from tests.store.examples import NOON, identity

from rootline.analysis.topology import Graph
from rootline.domain.incident import Incident, Transition
from rootline.domain.signal import Edge
from rootline.domain.tenant import LOCAL
from rootline.intake.following import GONE_FOR, Follower
from rootline.intake.moving import moved_by
from rootline.intake.receiving import Reception
from rootline.redaction import Redactor
from rootline.sources.alerts.held import HeldAlert, holders
from rootline.sources.backend import backend
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.guard import Watch
from rootline.sources.stack import Named, Stack
from rootline.store.intake import MemoryIntake
from rootline.store.journal import MemoryJournal

pytestmark = pytest.mark.anyio
SILENCE = "dadd9624-6fb7-4a81-bba1-8c7e62df4670"
SHOP = Graph.of([Edge(caller="web", callee="cart", found_in="declared")])


@dataclass
class Holder:
    """What an Alertmanager holds, by fingerprint; None while it does not answer."""

    cluster: str = ""
    alerts: dict[str, str] | None = field(default_factory=dict)

    async def held(self) -> list[HeldAlert]:
        if self.alerts is None:
            raise SourceFailed("alertmanager", "nothing accepts connections there", "Is it up?")
        return [HeldAlert(fingerprint=one, silenced_by=(by,) if by else ()) for one, by in self.alerts.items()]


class World:
    """A tenant that is told by webhooks, and followed to the Alertmanagers."""

    def __init__(self, *holders: Holder, cluster: str = "") -> None:
        self.minute = 0.0
        self.journal = MemoryJournal()
        self.follower = Follower(holders=holders)
        self.reception = Reception(
            intake=MemoryIntake(self.journal),
            actor=replace(LOCAL, cluster=cluster),
            redactor=Redactor(b"test"),
            clock=self.clock,
            new_id=lambda: identity(int(self.minute * 1000) + 7, self.clock()),
            graph=lambda: SHOP,
        )

    def clock(self) -> datetime:
        return NOON + timedelta(minutes=self.minute)

    async def fire(self, fingerprint: str = "f1", service: str = "cart") -> None:
        self.minute += 0.25
        begun = self.clock()
        alert = {**am_alert(begun=begun, service=service, instance=service), "fingerprint": fingerprint}
        await self.reception.take("alertmanager", am(alert))

    async def look(self, minute: float) -> int:
        self.minute = minute
        return await self.follower.follow(await self.follower.look(self.clock()), self.journal, self.reception)

    async def only(self) -> Incident:
        (one,) = [each for each in await self.journal.incidents() if each.part_of is None]
        return one

    async def moves(self) -> list[Transition]:
        return [*await self.journal.transitions((await self.only()).id)]


@pytest.mark.promise("silences-are-heeded")
async def test_a_silenced_alert_that_is_resolved_calms_its_incident_though_nobody_says_so() -> None:
    world = World(there := Holder(alerts={"f1": ""}))
    await world.fire()

    assert await world.look(1) == 0
    there.alerts = {"f1": SILENCE}
    assert await world.look(2) == 1
    assert [(move.after, move.actor) for move in await world.moves()][1:] == [
        ("acknowledged", f"alertmanager: silence {SILENCE}")
    ]
    there.alerts = {}
    assert [await world.look(minute) for minute in (3, 4, 5)] == [0, 0, 0]
    assert await world.look(3 + GONE_FOR.total_seconds() / 60) == 1

    assert (await world.only()).state == "mitigated"
    assert await world.look(20) == 0


async def test_a_silence_counts_for_an_incident_that_is_investigated_already() -> None:
    world = World(there := Holder(alerts={"f1": ""}))
    await world.fire()
    step = moved_by(await world.only(), "investigating", at=NOON + timedelta(minutes=1), actor="rootline")
    await world.journal.move_incident(step)

    there.alerts = {"f1": SILENCE}
    await world.look(2)

    assert (await world.only()).state == "acknowledged"
    assert await world.look(3) == 0


async def test_an_incident_is_acknowledged_only_when_all_that_fires_is_silenced() -> None:
    world = World(there := Holder(alerts={"f1": SILENCE, "f2": ""}))
    await world.fire("f1", "cart")
    await world.fire("f2", "web")

    await world.look(1)
    assert (await world.only()).state == "detected"
    there.alerts = {"f1": SILENCE, "f2": SILENCE}
    await world.look(2)

    assert (await world.only()).state == "acknowledged"
    assert await world.look(3) == 0


async def test_an_alertmanager_that_was_started_anew_resolves_nothing() -> None:
    world = World(there := Holder(alerts={"f1": ""}))
    await world.fire()
    await world.look(1)

    there.alerts = {}
    await world.look(2)
    there.alerts = {"f1": ""}
    await world.look(3)
    there.alerts = {}
    await world.look(4)
    await world.look(6)

    assert (await world.only()).state == "detected"


async def test_what_ends_while_nobody_looks_is_noticed_by_the_next_process(tmp_path: Path) -> None:
    world, file = World(there := Holder(alerts={"f1": ""})), tmp_path / "followed.json"
    world.follower = Follower(holders=[there], memory=file)
    await world.fire()
    await world.look(1)

    there.alerts = {}
    world.follower = Follower(holders=[there], memory=file)
    await world.look(60)
    assert (await world.only()).state == "detected"
    await world.look(63)

    assert (await world.only()).state == "mitigated"


@pytest.mark.parametrize("kept", ["", "{", "[1]", '{"0 ": 5}', "\x00"])
async def test_a_memory_that_was_damaged_is_begun_anew(kept: str, tmp_path: Path) -> None:
    file = tmp_path / "followed.json"
    file.write_text(kept)

    looked = await Follower(holders=[Holder(alerts={"f1": ""})], memory=file).look(NOON)

    assert len(looked.firing) == 1
    assert "f1" not in file.read_text()
    assert next(iter(looked.firing)) in file.read_text()


async def test_one_that_does_not_answer_resolves_nothing_and_hinders_no_other() -> None:
    dead, other = Holder(alerts={"f1": ""}), Holder(alerts={"f2": ""})
    world = World(dead, other)
    await world.fire("f1", "cart")
    await world.fire("f2", "mail")
    await world.look(1)

    dead.alerts, other.alerts = None, {}
    for minute in (2, 6, 60):
        await world.look(minute)

    assert {one.service: one.state for one in await world.journal.incidents()} == {
        "cart": "detected",
        "mail": "mitigated",
    }


async def test_what_was_never_seen_there_may_fire_elsewhere() -> None:
    world = World(Holder(alerts={}))
    await world.fire()

    for minute in (1, 5, 60):
        await world.look(minute)

    assert (await world.only()).state == "detected"


async def test_an_alert_of_a_credentials_cluster_is_followed_there_and_nowhere_else() -> None:
    east, west = Holder("east-1", {"f1": ""}), Holder("west-1", {"f1": SILENCE})
    world = World(east, west, cluster="east-1")
    await world.fire()
    await world.look(1)
    assert (await world.only()).state == "detected"

    east.alerts = {}
    for minute in (2, 6):
        await world.look(minute)

    assert ((await world.only()).state, (await world.only()).cluster) == ("mitigated", "east-1")


async def test_alerts_of_parts_are_followed_too() -> None:
    world = World(there := Holder(alerts={"f1": "", "f2": "", "f3": ""}))
    await world.fire("f1", "web")
    await world.fire("f2", "cart2")
    world.reception = Reception(
        intake=world.reception.intake,
        actor=LOCAL,
        redactor=Redactor(b"test"),
        clock=world.clock,
        new_id=lambda: identity(99, world.clock()),
        graph=lambda: Graph.of(
            [Edge(caller="web", callee="cart", found_in="x"), Edge(caller="cart", callee="cart2", found_in="x")]
        ),
    )
    await world.fire("f3", "cart")
    assert (await world.only()).state == "detected"
    await world.look(1)

    there.alerts = {}
    for minute in (2, 6):
        await world.look(minute)

    assert (await world.only()).state == "mitigated"


async def test_the_alertmanagers_of_all_clusters_are_asked_with_a_deadline_each() -> None:
    def one(asked: Asked) -> Said:
        assert asked.path == "/api/v2/alerts"
        alert = {"fingerprint": "f1", "status": {"silencedBy": [SILENCE], "state": "suppressed"}, "labels": {}}
        return said(json.dumps([alert, {"odd": 1}]))

    with answering(one) as well, hanging() as dead:
        stacks = [
            Stack(cluster=name, backends=(alertmanager_at(url),)) for name, url in (("east-1", well), ("dead-1", dead))
        ]
        watch = Watch(deadline_s=4.0)
        found = await Follower(holders=holders(stacks, watch)).look(NOON)

    assert {one.silenced_by for one in found.firing.values() if one.fingerprint} == {(SILENCE,)}
    assert [(one.cluster, one.failures) for one in watch.contacts.drain()] == [("dead-1", 1), ("east-1", 0)]


def alertmanager_at(url: str) -> Named:
    where = backend("Alertmanager", "ROOTLINE_ALERTMANAGER_URL", url)
    return Named(name="alertmanager", kind="alertmanager", backend=where)


def alertmanager_of(prometheus: str) -> str:
    """Return the address of the Alertmanager that a Prometheus tells."""
    with urllib.request.urlopen(f"{prometheus}/api/v1/alertmanagers", timeout=20) as answer:  # noqa: S310 loopback
        told = json.load(answer)
    address: str = told["data"]["activeAlertmanagers"][0]["url"]
    return address.removesuffix("/api/v2/alerts")


async def test_a_silence_in_the_real_alertmanager_is_heeded_and_its_end_without_a_word_noticed(tmp_path: Path) -> None:
    service = Service(errors=50)
    async with chain(tmp_path, service) as (house, intake, url):
        (one,) = await intake.until(bool)
        actor = TOKENS[0].actor
        address = await asyncio.to_thread(alertmanager_of, url)
        stack = Stack(backends=(alertmanager_at(address),))
        follower = Follower(holders=holders([stack], Watch()))
        now = datetime.now(tz=UTC)
        reception = Reception(
            intake=intake,
            actor=actor,
            redactor=Redactor(b"test"),
            clock=lambda: datetime.now(tz=UTC),
            new_id=lambda: identity(5, datetime.now(tz=UTC)),
        )
        assert await follower.follow(await follower.look(now), house.journal(actor.tenant), reception) == 0

        ends = (now + timedelta(hours=1)).isoformat()
        matcher = {"name": "alertname", "value": "CheckoutErrors", "isRegex": False, "isEqual": True}
        silence = {
            "matchers": [matcher],
            "startsAt": now.isoformat(),
            "endsAt": ends,
            "createdBy": "ada",
            "comment": "x",
        }
        await asyncio.to_thread(
            partial(send, f"{address}/api/v2/silences", json.dumps(silence), content_type="application/json")
        )
        while not await follower.follow(await follower.look(now), house.journal(actor.tenant), reception):
            await asyncio.to_thread(threading.Event().wait, 0.1)
        acknowledged = await house.journal(actor.tenant).incident(one.id)

        service.errors = 0
        while (await follower.look(now)).firing:
            await asyncio.to_thread(threading.Event().wait, 0.2)
        await follower.follow(await follower.look(now + GONE_FOR), house.journal(actor.tenant), reception)
        calm = await house.journal(actor.tenant).incident(one.id)

    assert (acknowledged.state, calm.state) == ("acknowledged", "mitigated")

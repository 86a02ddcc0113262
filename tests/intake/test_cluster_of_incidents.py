"""In which cluster an incident is: its alerts' label says so, or the credential of who sent them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from tests.intake.specimens import am, am_alert
from tests.store.examples import NOON, identity
from tests.store.told import notice

from rootline.analysis.topology import Graph
from rootline.domain.incident import Incident
from rootline.domain.signal import Alert, Edge
from rootline.domain.tenant import LOCAL, Actor
from rootline.domain.window import Window
from rootline.errors import Misconfigured
from rootline.intake.as_sources import ToldAlerts, ToldChanges, with_told
from rootline.intake.case import read_case
from rootline.intake.hooks import read_hooks
from rootline.intake.maintenance import Maintenance
from rootline.intake.receiving import Reception
from rootline.intake.watching.placing import is_elsewhere, told_by
from rootline.redaction import Redactor
from rootline.server.tokens import read_tokens
from rootline.sources.alerts.joined import JoinedAlerts
from rootline.sources.alerts.source import RecordedAlerts
from rootline.sources.bundle import Sources
from rootline.sources.changes.source import ChangeQuery
from rootline.store.intake import Heard, MemoryIntake
from rootline.store.journal import MemoryJournal

pytestmark = pytest.mark.anyio
TENANT = "00000000-0000-7000-8000-00000000000a"
FLEET = frozenset({"east-1", "west-1"})
HOUR = Window(start=NOON - timedelta(minutes=30), end=NOON + timedelta(minutes=30))
CALLS = Graph.of([Edge(caller="east-1/web", callee="east-1/cart", found_in="traces")])


class World:
    """What one tenant is told by holders of several credentials."""

    def __init__(self, windows: Sequence[Maintenance] = ()) -> None:
        self.journal = MemoryJournal()
        self.intake = MemoryIntake(self.journal)
        self.windows = windows
        self._numbers = count(1)

    async def tell(self, *alerts: dict[str, object], cluster: str = "", minute: float = 0) -> None:
        await self.reception(cluster, minute).take("alertmanager", am(*alerts))

    def reception(self, cluster: str = "", minute: float = 0) -> Reception:
        now = NOON + timedelta(minutes=minute)
        return Reception(
            intake=self.intake,
            actor=replace(LOCAL, cluster=cluster),
            redactor=Redactor(b"test"),
            clock=lambda: now,
            new_id=lambda: identity(next(self._numbers), now),
            graph=lambda: CALLS,
            windows=lambda: self.windows,
        )

    async def incidents(self) -> list[Incident]:
        return [*reversed(await self.journal.incidents())]

    async def places(self) -> list[tuple[str, str]]:
        return [(one.cluster, one.where) for one in await self.incidents()]


@pytest.mark.promise("storms-name-their-cluster")
async def test_a_storm_in_a_fleet_is_one_incident_of_each_cluster_and_names_it_everywhere() -> None:
    world = World()

    for minute, cluster in enumerate(("east-1", "west-1", "east-1", "west-1")):
        service = "cart" if minute < 2 else "web"
        begun = NOON + timedelta(minutes=minute)
        await world.tell(am_alert(minute, begun=begun, service=service), cluster=cluster, minute=minute)

    assert await world.places() == [("east-1", "east-1/cart"), ("west-1", "west-1/cart")]
    case = await read_case(world.journal, world.intake, (await world.incidents())[0].id)
    question = case.question(NOON + timedelta(minutes=5), FLEET)
    assert "ErrorsHigh of east-1/cart since" in question.text
    assert "ErrorsHigh of east-1/web since" in question.text
    assert question.service == ""
    told = await ToldAlerts(world.intake, FLEET).alerts(HOUR)
    assert [one.service for one in told] == ["east-1/cart", "west-1/cart", "east-1/web", "west-1/web"]


async def test_what_is_asked_of_one_service_is_asked_of_it_in_its_cluster() -> None:
    world = World()
    await world.tell(am_alert(1), cluster="west-1")
    (one,) = await world.incidents()
    case = await read_case(world.journal, world.intake, one.id)

    asked = [case.question(NOON + timedelta(minutes=5), known).service for known in (FLEET, (), ("other-1",))]

    assert asked == ["west-1/checkout", "checkout", "checkout"]


async def test_an_alerts_label_names_the_cluster_and_the_environment_alone_names_none() -> None:
    world = World()

    await world.tell(am_alert(1, cluster="east-1", env="production"), am_alert(2, service="mail", env="production"))

    assert await world.places() == [("east-1", "east-1/checkout"), ("", "mail")]


async def test_the_credential_goes_before_the_label() -> None:
    world = World()

    await world.tell(am_alert(1, cluster="west-1"), cluster="east-1")

    assert await world.places() == [("east-1", "east-1/checkout")]


async def test_the_same_alert_of_two_clusters_is_two_and_a_repeat_from_either_is_none() -> None:
    world = World()

    for cluster in ("east-1", "west-1", "east-1"):
        await world.tell(am_alert(1), cluster=cluster)

    assert await world.places() == [("east-1", "east-1/checkout"), ("west-1", "west-1/checkout")]
    assert len(await world.intake.deliveries()) == 2


async def test_no_text_can_choose_a_tenant() -> None:
    world = World()

    await world.tell(am_alert(1, cluster=f"x {TENANT}", tenant=TENANT, tenant_id=TENANT))

    (one,) = await world.incidents()
    assert one.cluster == f"x {TENANT}"
    assert [each.sender for each in await world.intake.deliveries()] == [LOCAL.name]


async def test_a_reported_change_is_named_with_the_cluster_that_it_says_or_its_credential() -> None:
    world = World()
    change = {"kind": "deployment", "service": "cart", "commit": "b2c3d4e", "at": NOON.isoformat()}

    await world.reception().take("changes", {**change, "id": "1", "cluster": "west-1"})
    await world.reception("east-1").take("changes", {**change, "id": "1", "cluster": "west-1"})
    await world.reception().take("changes", {**change, "id": "2"})

    found = await ToldChanges(world.intake, FLEET).changes(ChangeQuery(), HOUR)
    assert sorted(one.service for one in found.deployments) == ["cart", "east-1/cart", "west-1/cart"]
    east = await ToldChanges(world.intake, FLEET).changes(ChangeQuery(service="east-1/cart"), HOUR)
    assert sorted(one.service for one in east.deployments) == ["cart", "east-1/cart"]
    bare = await ToldChanges(world.intake).changes(ChangeQuery(service="cart"), HOUR)
    assert [one.service for one in bare.deployments] == ["cart"] * 3


async def test_planned_work_of_one_cluster_holds_back_its_alerts_alone() -> None:
    work = Maintenance(
        name="upgrade", services=["east-1/*"], start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1)
    )
    world = World([work])

    await world.tell(am_alert(1), cluster="east-1")
    await world.tell(am_alert(1), cluster="west-1")

    assert await world.places() == [("west-1", "west-1/checkout")]
    assert not work.covers(notice(service="east-1x"), NOON)
    assert not work.covers(notice(service="checkout"), NOON)
    assert not Maintenance(name="x", services=["east-*"], start=NOON, end=NOON + timedelta(hours=1)).covers(
        notice(service="checkout", cluster="east-1"), NOON
    )


async def test_live_alerts_alike_in_two_clusters_are_two_and_what_was_told_of_one_of_them_is_no_third() -> None:
    world = World()
    await world.tell(am_alert(1), cluster="east-1")
    labels = {"alertname": "ErrorsHigh", "service": "checkout", "severity": "critical", "instance": "10.0.0.1"}
    live = [
        Alert(name="ErrorsHigh", service=f"{one}/checkout", severity="critical", fired_at=NOON, labels=labels)
        for one in sorted(FLEET)
    ]

    joined = JoinedAlerts([RecordedAlerts(live), ToldAlerts(world.intake, FLEET)], FLEET)

    assert [one.service for one in await joined.alerts(HOUR)] == ["east-1/checkout", "west-1/checkout"]


async def test_of_one_cluster_what_was_told_of_another_registered_one_is_left_out() -> None:
    world = World()
    await world.tell(am_alert(1), cluster="east-1")
    await world.tell(am_alert(1), cluster="west-1")
    await world.tell(am_alert(2, service="mail", cluster="not registered"))
    for name in ("east-1", "west-1"):
        change = {"kind": "deployment", "service": "cart", "commit": name, "at": NOON.isoformat()}
        await world.reception(name).take("changes", change)

    sources = with_told(
        Sources(cluster_name="east-1"),
        world.intake,
        Heard(alerts=True, changes=True),
        ["east-1", "west-1"],
        redactor=Redactor(b"test"),
    )

    assert sources.alerts is not None
    assert sources.changes is not None
    assert [one.service for one in await sources.alerts.alerts(HOUR)] == ["checkout", "mail"]
    changes = await sources.changes.changes(ChangeQuery(), HOUR)
    assert [one.commit for one in changes.deployments] == ["east-1"]


async def test_a_watch_of_another_cluster_is_kept_apart_by_the_incidents_own() -> None:
    world = World()
    await world.tell(am_alert(1, env="production"))
    await world.tell(am_alert(2), cluster="east-1")
    nowhere, east = await world.incidents()
    told = told_by(world.intake)

    assert [await is_elsewhere(one, "west-1", FLEET, told) for one in (nowhere, east)] == [False, True]
    assert not await is_elsewhere(east, "east-1", FLEET, told)


async def test_an_incident_of_former_days_has_no_cluster() -> None:
    world = World()
    await world.tell(am_alert(1))
    (one,) = await world.incidents()
    old = {key: value for key, value in json.loads(one.model_dump_json()).items() if key != "cluster"}

    assert Incident.model_validate_json(json.dumps(old)) == one


def test_a_line_of_tokens_or_hooks_may_name_the_cluster(tmp_path: Path) -> None:
    tokens, hooks = tmp_path / "tokens", tmp_path / "hooks"
    secret = "s" * 24
    tokens.write_text(f"{secret} {TENANT} am engineer https://x.example cluster=east-1\n{secret}2 {TENANT} am viewer\n")
    hooks.write_text(f"pagerduty {TENANT} pd {secret} cluster=west-1\n")
    tokens.chmod(0o600)
    hooks.chmod(0o600)

    read = read_tokens(tokens)

    assert [(one.actor.cluster, one.audience) for one in read] == [("east-1", "https://x.example"), ("", "")]
    assert read_hooks(hooks).hooks[0].actor == Actor(tenant=UUID(TENANT), name="pd", role="engineer", cluster="west-1")


def test_a_line_that_names_no_cluster_after_all_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"{'s' * 24} {TENANT} am engineer cluster=\n")
    file.chmod(0o600)

    with pytest.raises(Misconfigured, match=r"line 1: a line is .*cluster=NAME"):
        read_tokens(file)

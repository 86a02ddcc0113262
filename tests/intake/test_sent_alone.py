"""A cluster without an address is registered by name, and known by what it sends."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from tests.cli.command import run
from tests.fakes.incident import HOUR
from tests.fakes.mcp_desk import House
from tests.intake.test_sent_traces import of

from rootline.desk import Desk
from rootline.domain.fleet import Cluster, Endpoint
from rootline.domain.notice import Delivery, Notice, ReportedChange
from rootline.domain.session import Question
from rootline.domain.signal import Span
from rootline.domain.tenant import Actor
from rootline.domain.window import rfc3339
from rootline.intake.homes import Homes
from rootline.intake.sent_alone import SentAlone
from rootline.intake.traces import TraceInbox
from rootline.live import Choice, chosen_ground
from rootline.looking import look_at
from rootline.settings import Settings
from rootline.sources.fleet.contacts import SENT
from rootline.store.fleet import MemoryFleetBook
from rootline.store.intake import Decision, MemoryIntake
from rootline.store.journal import MemoryJournal

FIRST, OTHER = UUID(int=7), UUID(int=8)
MINUTE = timedelta(minutes=1)
TWO = Homes(known=frozenset({"mars-9", "eu-1"}), usual="eu-1")


def slowing(cluster: str, trouble: timedelta = 20 * MINUTE) -> list[Span]:
    """Two calls a second, which fail and take long in the last minutes."""
    made = []
    for at in range(7_000):
        start = HOUR.start + timedelta(seconds=at / 2)
        is_bad = start >= HOUR.end - trouble
        plain = replace(of(cluster, at + 1, "cart"), start=start, duration_s=0.05 + at % 7 / 1000)
        made.append(replace(plain, duration_s=0.9, status="error", error="no stock") if is_bad else plain)
    return made


@dataclass(kw_only=True)
class Installation:
    """Tenants of one installation, each with its own registry."""

    home: Path
    house: House = field(default_factory=House)
    books: dict[UUID, MemoryFleetBook] = field(default_factory=dict)

    def desk(self, tenant: UUID) -> Desk:
        return self.house.desk(
            settings=Settings(home=self.home),
            actor=Actor(tenant=tenant, name="alice", role="admin"),
            clock=lambda: HOUR.end,
            fleets=lambda actor: self.books.setdefault(actor.tenant, MemoryFleetBook()),
        )

    async def registered(self, *sent: Span, tenant: UUID = FIRST) -> Desk:
        """Register mars-9 for a tenant, to whom spans were sent."""
        desk = self.desk(tenant)
        await desk.fleet.add(Cluster(name="mars-9", created_at=HOUR.start), ())
        await TraceInbox.of(self.home, tenant).take(sent)
        return desk


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(home=tmp_path)


def test_only_a_cluster_without_anything_to_ask_only_sends() -> None:
    bare = Cluster(name="mars-9", created_at=HOUR.start)
    asked = (
        bare.model_copy(update={"endpoints": (Endpoint(kind="loki", url="http://a"),)}),
        bare.model_copy(update={"repositories": ("/srv/shop",)}),
        bare.model_copy(update={"kubeconfig": "/etc/kube"}),
        bare.model_copy(update={"kube_context": "mars"}),
    )

    assert bare.only_sends
    assert not any(one.only_sends for one in asked)


@pytest.mark.anyio
@pytest.mark.promise("known-by-what-it-sends")
async def test_a_question_to_it_is_answered_from_its_spans_and_names_what_was_not_asked(
    installation: Installation,
) -> None:
    desk = await installation.registered(*slowing("mars-9"))

    ground = await desk.told(await chosen_ground(desk, Choice()))
    record = await desk.run(await desk.open(Question(text="Why is cart failing?", window=HOUR)), ground)

    assert ground.sources.cluster_name == "mars-9"
    assert record.answer is not None
    assert record.answer.outcome == "explained"
    assert record.answer.hypotheses[0].subject == "cart"
    assert {one.tool for one in record.answer.coverage if one.status == "not_configured"} >= {"query_metrics"}


@pytest.mark.anyio
async def test_the_row_says_that_it_has_no_address_and_what_it_sent(installation: Installation) -> None:
    desk = await installation.registered(of("mars-9", 1, "cart"), of("mars-9", 2, "stock"))

    (row,) = await look_at(desk, Choice())
    (kept,) = await desk.fleet.health()

    assert (row.cluster, row.name, row.is_well) == ("mars-9", SENT, True)
    assert row.found == (
        "mars-9 has no address, so nothing is asked of it; it sent 2 spans of 2 services within the hour, the last at "
        f"{rfc3339(HOUR.start + timedelta(seconds=2))}"
    )
    assert (kept.cluster, kept.source, kept.failures, kept.found) == ("mars-9", SENT, 0, row.found)


@pytest.mark.anyio
async def test_without_anything_within_the_hour_the_row_is_not_well_and_says_how_to_send(
    installation: Installation,
) -> None:
    desk = await installation.registered(replace(of("mars-9", 1, "cart"), start=HOUR.start - timedelta(hours=2)))

    (row,) = await look_at(desk, Choice(names=("mars-9",)))
    (kept,) = await desk.fleet.health()

    assert (row.is_well, row.answers) == (False, False)
    assert row.found == (
        "mars-9 has no address, so nothing is asked of it; and it sent nothing within the hour. Send its spans to "
        "/v1/traces of `rootline serve` with k8s.cluster.name=mars-9 in their resource, or with a token that ends in "
        "cluster=mars-9 (docs/intake.md)."
    )
    assert (kept.failures, kept.last_error) == (1, row.found)


@pytest.mark.anyio
async def test_what_another_tenant_was_sent_under_its_name_is_not_its_own(installation: Installation) -> None:
    mine = await installation.registered()
    theirs = await installation.registered(of("mars-9", 1, "cart"), tenant=OTHER)

    rows = [(await look_at(desk, Choice()))[0].is_well for desk in (mine, theirs)]
    ground = await mine.told(await chosen_ground(mine, Choice()))

    assert rows == [False, True]
    assert ground.sources.traces is None


@pytest.mark.anyio
async def test_in_a_fleet_it_is_asked_beside_those_that_have_an_address(installation: Installation) -> None:
    desk = await installation.registered(of("mars-9", 1, "cart"), of("eu-1", 2, "cart"))
    endpoint = Endpoint(kind="prometheus", url="http://127.0.0.1:9")
    await desk.fleet.add(Cluster(name="eu-1", endpoints=(endpoint,), created_at=HOUR.start), ())

    rows = {(one.cluster, one.name): one.found for one in await look_at(desk, Choice())}
    ground = await desk.told(await chosen_ground(desk, Choice()))

    assert "it sent 1 span of 1 service within the hour" in rows["mars-9", SENT]
    assert rows.keys() == {("mars-9", SENT), ("eu-1", "prometheus")}
    assert ground.sources.traces is not None
    assert [one.service for one in await ground.sources.traces.spans("", HOUR)] == ["mars-9/cart", "eu-1/cart"]


@pytest.mark.anyio
async def test_alerts_and_changes_that_are_told_of_it_count_and_those_of_others_or_of_before_do_not(
    tmp_path: Path,
) -> None:
    intake = MemoryIntake(MemoryJournal())
    sent = SentAlone(inbox=TraceInbox(tmp_path), intake=intake, homes=TWO)
    await told(intake, [notice("mars-9/production", 5), notice("eu-1", 6), notice("mars-9", -70)])

    alone = await sent.examine("mars-9", HOUR)
    await told(intake, [], [change("mars-9", 7), change("eu-1", 8), change("mars-9", -70)])
    both = await sent.examine("mars-9", HOUR)

    assert "it sent 1 alert within the hour, the last at" in alone.found
    assert f"it sent 1 alert, 1 change within the hour, the last at {rfc3339(MINUTE * 7 + HOUR.start)}" in both.found


async def told(intake: MemoryIntake, notices: Sequence[Notice], changes: Sequence[ReportedChange] = ()) -> None:
    delivery = Delivery(id=UUID(int=1), vendor="hook", key=f"{len(changes)}", sender="x", received_at=HOUR.end, body={})
    await intake.take(delivery, notices, lambda _, new: Decision(notices=tuple(new)), changes)


def change(cluster: str, minute: int) -> ReportedChange:
    at = HOUR.start + minute * MINUTE
    return ReportedChange(key=f"{cluster} {minute}", kind="flag", at=at, service="cart", name="fast", cluster=cluster)


def notice(cluster: str, minute: int) -> Notice:
    at, key = HOUR.start + minute * MINUTE, f"{cluster} {minute}"
    return Notice(
        key=key, vendor="hook", fingerprint=key, state="firing", at=at, fired_at=at, name="Slow", cluster=cluster
    )


def test_the_command_line_registers_it_on_purpose_alone_and_shows_what_it_is(tmp_path: Path) -> None:
    refused = run("cluster", "add", "mars-9", at=tmp_path)
    added = run("cluster", "add", "mars-9", "--sent", at=tmp_path)
    shown = [run(*words, at=tmp_path).out for words in (("cluster", "list"), ("cluster", "show", "mars-9"))]
    rows = run("source", "list", at=tmp_path).out
    checked = run("cluster", "check", at=tmp_path)

    assert "it has no source. Name one, such as --prometheus URL, or write --sent" in refused.err
    assert added.out.startswith("added mars-9\nBAD  mars-9/sent             mars-9 has no address")
    assert [refused.code, added.code, checked.code] == [3, 0, 3]
    assert shown[0].split() == ["mars-9", "offline", "development", "sent"]
    assert "  sent            alone: it has no address\n" in shown[1]
    assert rows.startswith("BAD  mars-9/sent ")

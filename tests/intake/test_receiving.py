"""The way of a payload from the vendor's words to stored rows, and a storm of them."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from tests.intake.specimens import am, am_alert, dd_full, gf, pd
from tests.store.examples import NOON, identity

from rootline.analysis.topology import Graph
from rootline.domain.signal import Edge
from rootline.domain.tenant import LOCAL
from rootline.intake import alertmanager
from rootline.intake.receiving import Reception
from rootline.intake.told import BadPayload
from rootline.redaction import Redactor
from rootline.store.intake import MemoryIntake
from rootline.store.journal import MemoryJournal

pytestmark = pytest.mark.anyio
NAMES = ("web", "cart", "checkout", "stock", "orders", "price", "user", "search", "basket", "stock-db")


def calls() -> Iterator[Edge]:
    for at, name in enumerate(NAMES[1:], 1):
        yield Edge(caller=NAMES[at // 2], callee=name, found_in="declared")
    yield Edge(caller="mail", callee="smtp-relay", found_in="declared")


SHOP = Graph.of(calls())


class Desk:
    """A reception over memory whose clock a test turns."""

    def __init__(self) -> None:
        self.now = NOON
        self.journal = MemoryJournal()
        self.intake = MemoryIntake(self.journal)
        self._random = Random(1)  # noqa: S311
        self.reception = Reception(
            intake=self.intake,
            actor=LOCAL,
            redactor=Redactor(b"k" * 32),
            clock=lambda: self.now,
            new_id=lambda: identity(self._random.getrandbits(74), self.now),
            graph=lambda: SHOP,
        )


async def test_a_secret_in_an_alert_is_stored_nowhere() -> None:
    desk, secret = Desk(), "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
    one = am_alert(db_password="hunter2hunter2", note=f"token {secret}")
    one["annotations"]["summary"] = f"login with {secret} failed"
    one["generatorURL"] = f"http://ops:hunter2hunter2@prometheus.example/?x={secret}"

    stored = await desk.reception.take("alertmanager", am(one))

    (kept,) = stored.decision.notices
    everything = stored.delivery.model_dump_json() + kept.model_dump_json() + (await desk.journal.incidents())[0].title
    assert secret not in everything
    assert "hunter2hunter2" not in everything
    assert (
        kept.fingerprint
        == (await Desk().reception.take("alertmanager", am(am_alert()))).decision.notices[0].fingerprint
    )


async def test_a_reported_secret_setting_keeps_its_name_alone() -> None:
    desk = Desk()
    body = {
        "kind": "config",
        "service": "cart",
        "key": "DB_PASSWORD",
        "before": "correct-horse-9",
        "after": "battery-staple-9",
    }

    stored = await desk.reception.take("changes", body)

    assert stored.changes == 1
    written = stored.delivery.model_dump_json() + repr(desk.intake)
    assert "DB_PASSWORD" in written
    assert "correct-horse-9" not in written
    assert "battery-staple-9" not in written


async def test_what_cannot_be_read_leaves_nothing() -> None:
    desk = Desk()

    with pytest.raises(BadPayload):
        await desk.reception.take("alertmanager", {**am(), "alerts": [{"labels": {}}]})

    assert list(await desk.intake.deliveries()) == []
    assert list(await desk.journal.incidents()) == []


@pytest.mark.promise("one-bad-alert-loses-no-other")
async def test_an_alert_that_cannot_be_read_loses_none_of_the_others(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk()
    right = [am_alert(number) for number in range(19)]
    body = {**am(), "alerts": [*right[:7], {**am_alert(99), "labels": 5, "fingerprint": {}}, *right[7:]]}

    stored = await desk.reception.take("alertmanager", body)
    again = await desk.reception.take("alertmanager", body)

    assert {one.fingerprint for one in stored.decision.notices} == {
        one.fingerprint for one in alertmanager.read(am(*right), NOON).notices
    }
    assert (again.is_repeat, again.remark) == (True, stored.remark)
    assert stored.remark.startswith(
        "Not taken: alerts.7.labels: Input should be a valid dictionary; alerts.7.fingerprint"
    )
    assert stored.remark.endswith(". Not taken for want of labels and of a fingerprint: 1 of the alerts.")
    assert stored.delivery.body["alerts"][7]["labels"] == 5  # type: ignore[index, call-overload]
    assert "alertmanager, sent by local: Not taken: alerts.7" in caplog.text


async def test_alerts_of_several_vendors_about_one_service_are_one_incident() -> None:
    desk = Desk()
    for vendor, body in (("alertmanager", am(am_alert())), ("grafana", gf(am_alert(2))), ("pagerduty", pd())):
        await desk.reception.take(vendor, body)

    (one,) = await desk.journal.incidents()
    assert {told.vendor for told in await desk.intake.notices([one.id])} == {"alertmanager", "grafana", "pagerduty"}
    assert one.severity == "critical"


async def test_every_vendor_opens_and_calms_an_incident() -> None:
    for vendor, fires, ends in (
        ("alertmanager", am(am_alert()), am(am_alert(state="resolved"))),
        ("grafana", gf(am_alert()), gf(am_alert(state="resolved"))),
        ("pagerduty", pd(), pd("incident.resolved", at=NOON + timedelta(minutes=9))),
        ("datadog", dd_full(), dd_full("Recovered", 2, at=NOON + timedelta(minutes=9))),
    ):
        desk = Desk()
        await desk.reception.take(vendor, fires)
        assert [one.state for one in await desk.journal.incidents()] == ["detected"], vendor
        desk.now = NOON + timedelta(minutes=10)
        await desk.reception.take(vendor, ends)
        assert [one.state for one in await desk.journal.incidents()] == ["mitigated"], vendor


def storm(services: tuple[str, ...], count: int, seed: int, first: int = 0) -> list[dict[str, Any]]:
    """Alerts of one outage over five minutes: at first of what failed, then of whoever calls it."""
    random = Random(seed)  # noqa: S311
    told = []
    for at in range(count):
        reach = 1 + at * len(services) // count
        service = services[-random.randint(1, reach)]
        begun = NOON + timedelta(seconds=300 * at / count)
        name = random.choice(("ErrorsHigh", "LatencyHigh", "Saturated", "PodNotReady"))
        told.append(am_alert(first + at, begun=begun, service=service, alertname=name, pod=f"{service}-{at}"))
    return told


def begun_of(one: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(one["startsAt"]))


async def replay(desk: Desk, alerts: list[dict[str, Any]], *, size: int, seed: int) -> None:
    """Deliver as Alertmanager does: by group, some again, not always in order."""
    random, deliveries = Random(seed), [alerts[at : at + size] for at in range(0, len(alerts), size)]  # noqa: S311
    for number, batch in enumerate(deliveries):
        desk.now = max(begun_of(one) for one in batch) + timedelta(seconds=10)
        random.shuffle(batch)
        await desk.reception.take("alertmanager", am(*batch, group=f"group {number % 7}"))
        if number % 3 == 0:
            await desk.reception.take("alertmanager", am(*batch, group=f"group {number % 7}"))


@pytest.mark.promise("storm-is-one-incident")
@pytest.mark.parametrize(("count", "size"), [(400, 1), (1000, 40), (1000, 1000)])
async def test_a_thousand_alerts_of_one_outage_are_one_incident_and_none_is_lost(count: int, size: int) -> None:
    desk = Desk()
    alerts = storm(NAMES, count, seed=size)

    await replay(desk, alerts, size=size, seed=size)

    incidents = [one for one in await desk.journal.incidents() if one.part_of is None]
    told = await desk.intake.notices([one.id for one in await desk.journal.incidents()])
    assert len(incidents) == 1
    assert len({one.fingerprint for one in told}) == len(told) == count
    assert {json.dumps(sorted(one.labels.items())) for one in told} == {
        json.dumps(sorted(one["labels"].items())) for one in alerts
    }
    assert incidents[0].title.startswith(f"{count} alerts of 10 services, first stock-db")


async def test_two_outages_at_once_that_have_nothing_to_do_with_each_other_stay_two() -> None:
    desk = Desk()
    both = sorted([*storm(NAMES, 500, 3), *storm(("mail", "smtp-relay"), 500, 4, first=500)], key=begun_of)

    await replay(desk, both, size=50, seed=5)

    incidents = [one for one in await desk.journal.incidents() if one.part_of is None]
    assert sorted(one.service for one in incidents) == ["smtp-relay", "stock-db"]
    assert len(await desk.intake.notices([one.id for one in await desk.journal.incidents()])) == 1000


async def test_a_storm_that_passes_leaves_one_quiet_incident() -> None:
    desk = Desk()
    alerts = storm(NAMES, 300, 6)
    await replay(desk, alerts, size=60, seed=7)
    desk.now = NOON + timedelta(minutes=20)

    ended = [{**one, "status": "resolved", "endsAt": "2026-03-14T12:15:00Z"} for one in alerts]
    await desk.reception.take("alertmanager", am(*ended[:299]))
    assert [one.state for one in await desk.journal.incidents() if not one.part_of] == ["detected"]
    await desk.reception.take("alertmanager", am(ended[299]))
    assert [one.state for one in await desk.journal.incidents() if not one.part_of] == ["mitigated"]

    desk.now = NOON + timedelta(minutes=46)
    await desk.reception.settle()

    assert [one.state for one in await desk.journal.incidents() if not one.part_of] == ["resolved"]

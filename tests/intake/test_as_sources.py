"""What was told, asked as alerts and changes."""

from datetime import timedelta

import pytest
from tests.fakes.mcp_desk import House
from tests.store.examples import NOON, incident
from tests.store.told import change, delivery, into, keeping, notice

from rootline.domain.notice import Notice, ReportedChange
from rootline.domain.signal import Alert
from rootline.domain.window import Window
from rootline.ground import Ground
from rootline.intake.as_sources import ToldAlerts, ToldChanges, with_told
from rootline.intake.case import read_case
from rootline.intake.keys import key_of
from rootline.redaction import Redactor
from rootline.sources.alerts.source import RecordedAlerts
from rootline.sources.bundle import Sources
from rootline.sources.changes.source import ChangeQuery
from rootline.sources.failure import SourceFailed
from rootline.store.intake import Heard, MemoryIntake
from rootline.store.journal import MemoryJournal
from rootline.store.refusals import StoreUnreachable

pytestmark = pytest.mark.anyio
HOUR = Window(start=NOON - timedelta(minutes=30), end=NOON + timedelta(minutes=30))


@pytest.fixture
def intake() -> MemoryIntake:
    return MemoryIntake(MemoryJournal())


async def test_each_time_that_an_alert_fired_is_one_alert(intake: MemoryIntake) -> None:
    told = [
        notice(minute=0),
        notice(minute=5, state="resolved"),
        notice(minute=10),
        notice("Full", minute=-60),
        notice("Full", minute=-40, state="resolved"),
        notice("Later", minute=31),
    ]
    await intake.take(delivery(), told, into())

    found = [(one.name, one.fired_at.minute, one.resolved_at) for one in await ToldAlerts(intake).alerts(HOUR)]

    assert found == [("Slow", 0, NOON + timedelta(minutes=5)), ("Slow", 10, None)]


async def test_silenced_alerts_are_no_less_true(intake: MemoryIntake) -> None:
    await intake.take(delivery(), [notice()], keeping("silenced by abc"))

    assert [one.name for one in await ToldAlerts(intake).alerts(HOUR)] == ["Slow"]


async def test_an_alert_that_a_live_source_knows_too_is_told_once(intake: MemoryIntake) -> None:
    await intake.take(delivery(), [notice(), notice("Full", minute=1)], into())
    live = Alert(name="Slow", service="checkout", severity="high", fired_at=NOON, labels=notice().labels)
    heard, redactor = Heard(alerts=True, changes=False), Redactor(b"test")
    sources = with_told(Sources(alerts=RecordedAlerts([live])), intake, heard, redactor=redactor)

    assert sources.alerts is not None
    assert [one.name for one in await sources.alerts.alerts(HOUR)] == ["Slow", "Full"]
    assert sources.changes is None


async def test_an_alert_whose_label_holds_a_secret_is_told_once_and_without_it(intake: MemoryIntake) -> None:
    redactor, labels = Redactor(b"test"), {**notice().labels, "api_token": "8f2c1d7e9ab34c6d8e0f1a2b3c4d5e6f"}
    await intake.take(delivery(), [redactor.model(notice(labels=labels))], into())
    live = Alert(name="Slow", service="checkout", severity="high", fired_at=NOON, labels=labels)

    sources = with_told(
        Sources(alerts=RecordedAlerts([live])), intake, Heard(alerts=True, changes=False), redactor=redactor
    )

    assert sources.alerts is not None
    (one,) = await sources.alerts.alerts(HOUR)
    assert one.labels["api_token"].startswith("\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}redacted:")


async def test_reported_changes_are_changes(intake: MemoryIntake) -> None:
    reported = [
        ReportedChange(key=key_of("1"), kind="deployment", at=NOON, service="cart", before="a", after="b", version="2"),
        ReportedChange(key=key_of("2"), kind="config", at=NOON, service="cart", name="POOL", before="9", after="1"),
        change(3),
        ReportedChange(key=key_of("4"), kind="config", at=NOON - timedelta(days=3), service="cart", name="OLD"),
        ReportedChange(key=key_of("5"), kind="flag", at=NOON, service="mail", name="other"),
    ]
    await intake.take(delivery(), (), into(), reported)

    found = await ToldChanges(intake).changes(ChangeQuery(service="cart"), HOUR)

    assert [(one.commit, one.previous_commit, one.version) for one in found.deployments] == [("b", "a", "2")]
    assert [(one.key, one.before, one.after) for one in found.configs] == [("POOL", "9", "1")]
    assert [one.flag for one in found.flags] == ["flag-3"]


async def test_a_database_that_is_away_is_a_source_that_fails() -> None:
    class Away(MemoryIntake):
        async def notices_of(self, window: Window) -> list[Notice]:
            raise StoreUnreachable(f"away at {window.end}")

    with pytest.raises(SourceFailed, match="alerts of the intake"):
        await ToldAlerts(Away(MemoryJournal())).alerts(HOUR)


async def test_where_nobody_told_of_anything_silence_is_no_evidence() -> None:
    house = House()
    desk = house.desk()
    bare = Ground(sources=Sources())

    before = await desk.told(bare)
    await house.intake().take(delivery(), [notice()], into())
    after = await desk.told(bare)

    assert (before.sources.alerts, before.sources.changes) == (None, None)
    assert after.sources.alerts is not None
    assert after.sources.changes is None


async def test_a_recording_is_not_told_of_todays_alerts() -> None:
    house = House()
    await house.intake().take(delivery(), [notice()], into())

    assert await house.desk().told(house.ground) is house.ground


async def test_an_incident_is_asked_about_with_its_time_its_service_and_its_alerts() -> None:
    house = House()
    await house.intake().take(delivery(), [notice(), notice("Failing", minute=2)], into())
    desk = house.desk(clock=lambda: NOON + timedelta(minutes=9))

    record = await desk.open_for(incident().id, Ground(sources=Sources()))

    question = record.investigation.question
    assert record.investigation.incident == incident().id
    assert (question.service, question.trigger) == ("checkout", "alert")
    assert "Checkout is down" in question.text
    assert "Failing of checkout since 2026-03-14T12:02:00Z" in question.text
    assert question.window.end == NOON + timedelta(minutes=9)
    assert question.window.start <= incident().window.start - timedelta(minutes=45)
    assert (await house.journal().incident(incident().id)).state == "investigating"
    assert [one.id for one in (await read_case(house.journal(), house.intake(), incident().id)).investigations] == [
        record.investigation.id
    ]

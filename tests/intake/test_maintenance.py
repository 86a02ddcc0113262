from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.intake.specimens import am, am_alert
from tests.intake.test_receiving import Desk
from tests.store.examples import NOON
from tests.store.told import notice

from rootline.domain.window import Window
from rootline.errors import Misconfigured
from rootline.intake.maintenance import Calendar, read_maintenance
from rootline.intake.watching.exempting import exempt_by
from rootline.sources.stack import Given, stack

FILE = """
clusters: {local: {}}
maintenance:
- name: database upgrade
  services: [checkout, "stock-*"]
  matchers: {namespace: shop}
  start: 2026-03-14T11:00:00Z
  end: 2026-03-14T13:00:00Z
- {name: all, services: "*", start: 2026-05-01T00:00:00+02:00, end: 2026-05-01T01:00:00+02:00}
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "rootline.yaml"
    file.write_text(text)
    return file


def test_planned_work_stands_in_the_file_of_the_sources(tmp_path: Path) -> None:
    file = written(tmp_path, FILE)

    work, all_ = read_maintenance(file)

    named = notice(labels={"namespace": "shop"})
    assert work.covers(named, NOON)
    assert not work.covers(notice(), NOON)
    assert all_.covers(notice(service="anything"), all_.start)
    assert stack(Given(variables={"ROOTLINE_CONFIG": str(file)})).cluster == "local"


def test_a_file_without_planned_work_plans_none(tmp_path: Path) -> None:
    assert read_maintenance(written(tmp_path, "clusters: {local: {}}")) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("maintenance: [{name: x, services: a, start: 2026-05-01T00:00:00Z, end: 2026-05-01T00:00:00Z}]", "has to end"),
        ("maintenance: [{name: x, start: 2026-05-01T00:00:00Z, end: 2026-05-02T00:00:00Z}]", "needs services"),
        ("maintenance: [{name: x, services: a, start: 2026-05-01T00:00:00, end: 2026-05-02T00:00:00}]", "timezone"),
        ("maintenance: [{name: x, service: a, start: 2026-05-01T00:00:00Z, end: 2026-05-02T00:00:00Z}]", "service"),
        ("maintenance: soon", "maintenance"),
        ("{", "no YAML"),
    ],
)
def test_planned_work_that_cannot_be_meant_so_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(Misconfigured, match=told):
        read_maintenance(written(tmp_path, text))


def test_the_file_is_read_again_when_it_has_changed_and_a_mistake_in_it_loses_nothing(tmp_path: Path) -> None:
    file = written(tmp_path, FILE)
    calendar = Calendar.of({"ROOTLINE_CONFIG": str(file)})
    assert len(calendar.windows()) == 2

    written(tmp_path, "{")
    assert len(calendar.windows()) == 2
    written(tmp_path, "clusters: {}")
    assert calendar.windows() == ()


def test_a_file_that_comes_while_something_runs_is_read(tmp_path: Path) -> None:
    calendar = Calendar.of({}, tmp_path)
    assert calendar.windows() == ()

    written(tmp_path, FILE.replace("clusters: {local: {}}", ""))

    assert [one.name for one in calendar.windows()] == ["database upgrade", "all"]
    assert [one.name for one in calendar.open_at(NOON)] == ["database upgrade"]
    assert calendar.open_at(NOON + timedelta(hours=1)) == []


def test_a_mistake_made_while_something_runs_is_told_once_and_again_when_it_is_another(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    calendar = Calendar.of({"ROOTLINE_CONFIG": str(written(tmp_path, FILE))})
    for text in ("{", "maintenance: soon", FILE, "{"):
        written(tmp_path, text)
        for _ in range(3):
            assert len(calendar.windows()) == 2

    told = [one.getMessage() for one in caplog.records]
    assert len(told) == 3
    assert all("planned work is taken as it was before" in one for one in told)


@pytest.mark.anyio
async def test_a_silence_of_our_own_holds_where_alerts_come_by_webhook_alone(tmp_path: Path) -> None:
    calendar, desk = Calendar.of({}, tmp_path), Desk()
    reception = replace(desk.reception, windows=calendar.windows)
    written(tmp_path, FILE.replace("  matchers: {namespace: shop}\n", ""))

    await reception.take("alertmanager", am(am_alert(1, service="stock-api"), am_alert(2, service="mail")))

    (opened,) = await desk.journal.incidents()
    assert opened.service == "mail"
    day = Window(start=NOON - timedelta(days=1), end=NOON + timedelta(days=1))
    silenced = [one for one in await desk.intake.notices_of(day) if one.suppressed]
    assert [(one.service, "database upgrade" in one.suppressed) for one in silenced] == [("stock-api", True)]


def test_a_silence_of_our_own_holds_for_a_watch_that_hears_of_no_alerts(tmp_path: Path) -> None:
    calendar = Calendar.of({}, tmp_path)
    heeded = exempt_by(calendar)
    assert heeded(NOON) == []

    written(tmp_path, FILE.replace("  matchers: {namespace: shop}\n", ""))

    (checkout, stock) = heeded(NOON)
    assert checkout.covers("checkout", NOON.timestamp())
    assert stock.covers("stock-api", NOON.timestamp())
    assert heeded(NOON + timedelta(hours=1)) == []
    written(tmp_path, FILE)
    assert heeded(NOON) == []


def test_a_mistake_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        Calendar.of({"ROOTLINE_CONFIG": str(written(tmp_path, "maintenance: soon"))})


def test_without_a_file_nothing_is_planned(tmp_path: Path) -> None:
    assert Calendar.of({}, tmp_path).windows() == ()

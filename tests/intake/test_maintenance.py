from pathlib import Path

import pytest
from tests.store.examples import NOON
from tests.store.told import notice

from rootline.errors import Misconfigured
from rootline.intake.maintenance import Calendar, read_maintenance
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


def test_a_mistake_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        Calendar.of({"ROOTLINE_CONFIG": str(written(tmp_path, "maintenance: soon"))})


def test_without_a_file_nothing_is_planned(tmp_path: Path) -> None:
    assert Calendar.of({}, tmp_path).windows() == ()

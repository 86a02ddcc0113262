"""The shop's feature flags: who turned which on, as Rootline and as the services read it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rootline.domain.window import Window
from rootline.lab.flags import HARMFUL, HARMLESS, FlagFile
from rootline.lab.places import Places
from rootline.lab.shop.lib.flags import is_on
from rootline.sources.changes.source import ChangeQuery
from rootline.sources.flags.source import FlagChanges, FlagsAccess


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "lab")


@pytest.fixture
def shop(places: Places) -> FlagFile:
    made = FlagFile(places.flags, "git")
    made.create()
    return made


@pytest.mark.anyio
async def test_rootline_reads_who_turned_a_flag_on_and_when(shop: FlagFile, places: Places, tmp_path: Path) -> None:
    begun = datetime.now(tz=UTC).replace(microsecond=0)
    shop.turn_on(HARMFUL[1].flag, "amber")
    window = Window(start=begun - timedelta(hours=1), end=begun + timedelta(minutes=1))

    found = await FlagChanges(FlagsAccess(memory=tmp_path / "memory", file=places.flags)).changes(ChangeQuery(), window)

    (told,) = found.flags
    assert (told.flag, told.service, told.before, told.after) == (HARMFUL[1].flag, HARMFUL[1].service, "off", "on")
    assert told.actor == "amber"
    assert begun <= told.at <= datetime.now(tz=UTC)


def test_a_service_sees_a_flag_at_once_and_finds_the_others_off(shop: FlagFile, places: Places) -> None:
    names = [one.flag for one in (*HARMLESS, *HARMFUL)]

    before = [name for name in names if is_on(name, places.flags)]
    shop.turn_on(HARMLESS[0].flag, "boris")

    assert before == []
    assert [name for name in names if is_on(name, places.flags)] == [HARMLESS[0].flag]


@pytest.mark.parametrize("content", ["", "{}", '{"flags": {"page-count": {}}}', "[]"])
def test_where_nobody_tells_of_flags_they_are_off(tmp_path: Path, content: str) -> None:
    file = tmp_path / "flags.json"
    missing = is_on("page-count", file)
    file.write_text(content)

    assert not missing
    assert not is_on("page-count", file)


@pytest.mark.usefixtures("shop")
def test_every_flag_names_its_service_and_is_known_by_one_name(places: Places) -> None:
    known = json.loads(places.flags.read_text())["flags"]

    assert {name: one["metadata"]["service"] for name, one in known.items()} == {
        one.flag: one.service for one in (*HARMLESS, *HARMFUL)
    }

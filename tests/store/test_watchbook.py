"""What every book of rounds keeps: the same body for the one in memory and the one in PostgreSQL."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest
from tests.store.conftest import Database
from tests.store.examples import HOUR, NOON, detected, incident, watched

from rootline.domain.anomaly import WatchRound
from rootline.domain.tenant import Actor
from rootline.domain.window import Window
from rootline.store.journal import Journal, MemoryJournal
from rootline.store.postgres import Store
from rootline.store.refusals import Refused
from rootline.store.watchbook import MemoryWatchbook, Watchbook

pytestmark = pytest.mark.anyio

AROUND = Window(start=NOON - timedelta(minutes=5), end=NOON + timedelta(minutes=5))


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A book, and the journal in which its incidents stand."""

    book: Watchbook
    journal: Journal


@pytest.fixture(params=["memory", "postgres"])
async def kept(request: pytest.FixtureRequest, database: Database, actor: Actor) -> AsyncIterator[Kept]:
    if request.param == "memory":
        yield Kept(book=MemoryWatchbook(), journal=MemoryJournal())
        return
    store = await Store.open(database.owner_dsn, database.app_dsn, connections=4)
    await store.ensure_tenant(actor.tenant, "a test")
    yield Kept(book=store.watchbook(actor), journal=store.journal(actor))
    await store.close()


async def added(kept: Kept, **changes: object) -> WatchRound:
    trouble = incident()
    await kept.journal.open_incident(trouble, detected(trouble))
    one = watched(trouble).model_copy(update=changes)
    assert await kept.book.add_round(one)
    return one


async def test_a_round_reads_back_with_its_features_and_candidates(kept: Kept) -> None:
    one = await added(kept)

    assert await kept.book.last_round("shop") == one.model_copy(update={"features": (), "gated": ()})
    assert await kept.book.features("shop", AROUND) == [(NOON, part) for part in one.features]
    assert await kept.book.gated("shop", AROUND) == [(NOON, part) for part in one.gated]


async def test_a_slot_is_evaluated_once_and_stays_as_it_was(kept: Kept) -> None:
    one = await added(kept)

    again = await kept.book.add_round(one.model_copy(update={"services": 99, "features": ()}))

    assert again is False
    assert await kept.book.features("shop", AROUND) == [(NOON, part) for part in one.features]


async def test_the_last_round_is_of_the_latest_slot_whatever_came_last(kept: Kept) -> None:
    one = await added(kept)
    await kept.book.add_round(WatchRound(cluster="shop", slot=HOUR.start, policy="p", services=0, series=0))

    last = await kept.book.last_round("shop")

    assert last is not None
    assert last.slot == one.slot


async def test_clusters_have_their_own_rounds(kept: Kept) -> None:
    await added(kept)

    assert await kept.book.last_round("other") is None
    assert await kept.book.features("other", AROUND) == []


async def test_a_window_ends_before_its_end(kept: Kept) -> None:
    await added(kept)

    assert await kept.book.features("shop", Window(start=HOUR.start, end=NOON)) == []
    assert len(await kept.book.features("shop", Window(start=NOON, end=AROUND.end))) == 1


async def test_features_of_one_service_are_read_alone(kept: Kept) -> None:
    await added(kept)

    assert await kept.book.features("shop", AROUND, "mail") == []
    assert len(await kept.book.features("shop", AROUND, "checkout")) == 1


@pytest.mark.parametrize("name", ["\x00", "\ud800", "a' or true --", "💥" * 50])
async def test_odd_names_read_back_as_they_were(kept: Kept, name: str) -> None:
    one = await added(kept, cluster=name)

    assert await kept.book.last_round(name) == one.model_copy(update={"features": (), "gated": ()})


async def test_rounds_of_past_years_are_kept_too(kept: Kept) -> None:
    past = NOON.replace(year=2011)

    one = await added(kept, slot=past)

    found = await kept.book.features("shop", Window(start=past, end=past + timedelta(minutes=1)))
    assert found == [(past, part) for part in one.features]


async def test_a_candidate_of_an_unknown_incident_leaves_nothing(store: Store, actor: Actor) -> None:
    await store.ensure_tenant(actor.tenant, "a test")
    book = store.watchbook(actor)

    with pytest.raises(Refused, match="incident_candidates_incident_exists"):
        await book.add_round(watched(incident(7)))

    assert await book.last_round("shop") is None


async def test_features_of_this_month_lie_in_a_partition_of_their_own(store: Store, database: Database) -> None:
    del store
    with psycopg.connect(database.owner_dsn) as owner:
        now = owner.execute("select to_char(now() at time zone 'utc', 'YYYY_MM')").fetchone() or ("",)

    names = _partitions(database)

    assert len(names) >= 4
    assert f"rootline.anomaly_features_{now[0]}" in names
    assert "rootline.anomaly_features_other" in names


async def test_opening_the_database_twice_makes_each_partition_once(database: Database) -> None:
    found = []
    for _ in range(2):
        store = await Store.open(database.owner_dsn, database.app_dsn, connections=1)
        await store.close()
        found.append(_partitions(database))

    assert found[0] == found[1]
    assert len(set(found[1])) == len(found[1]) >= 4


def _partitions(database: Database) -> list[str]:
    """Name the partitions of features, in alphabetical order."""
    of = "select inhrelid::regclass::text from pg_inherits where inhparent = 'rootline.anomaly_features'::regclass"
    with psycopg.connect(database.owner_dsn) as owner:
        return sorted(name for (name,) in owner.execute(of).fetchall())

"""Migrations are applied once, in order, whole, and never edited."""

from collections.abc import AsyncIterator
from dataclasses import replace

import anyio
import anyio.lowlevel
import psycopg
import pytest
from psycopg import AsyncConnection
from tests.store.conftest import APP, Database, create_database

from rootline.store.postgres import Store
from rootline.store.postgres.migrate import Migration, migrate, shipped
from rootline.store.refusals import SchemaMismatch
from rootline.store.sql import statement

pytestmark = pytest.mark.anyio

NEXT = len(shipped()) + 1


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[AsyncConnection]:
    async with await AsyncConnection.connect(database.owner_dsn, autocommit=True) as connection:
        yield connection


async def applied(owner: AsyncConnection) -> list[int]:
    rows = await owner.execute("select version from rootline.schema_migrations where version > 0 order by 1")
    return [version for (version,) in await rows.fetchall()]


def test_migrations_are_numbered_from_one_without_a_gap() -> None:
    assert [one.version for one in shipped()] == [*range(1, NEXT)]


async def test_a_migrated_database_is_left_alone(owner: AsyncConnection) -> None:
    before = await (await owner.execute("select * from rootline.schema_migrations order by 1, 2")).fetchall()

    await migrate(owner, APP)

    assert await (await owner.execute("select * from rootline.schema_migrations order by 1, 2")).fetchall() == before
    assert await applied(owner) == [*range(1, NEXT)]


async def test_an_edited_migration_is_refused(owner: AsyncConnection) -> None:
    first, *others = shipped()
    edited = (replace(first, text=first.text + b"-- a word more"), *others)

    with pytest.raises(SchemaMismatch, match="0001_tenants was applied with another content"):
        await migrate(owner, APP, edited)


async def test_a_schema_newer_than_the_code_is_refused(owner: AsyncConnection) -> None:
    with pytest.raises(SchemaMismatch, match="ahead of this version"):
        await migrate(owner, APP, shipped()[:-1])


async def test_a_migration_that_fails_leaves_nothing_and_those_before_it_stay(owner: AsyncConnection) -> None:
    good = Migration(version=NEXT, name="good", text=b"create table rootline.good (tenant_id uuid)")
    bad = Migration(version=NEXT + 1, name="bad", text=b"create table rootline.half (x int); select 1 / 0")

    with pytest.raises(psycopg.errors.DivisionByZero):
        await migrate(owner, APP, (*shipped(), good, bad))

    found = await (await owner.execute("select to_regclass('rootline.good'), to_regclass('rootline.half')")).fetchone()
    assert found == ("rootline.good", None)
    assert await applied(owner) == [*range(1, NEXT + 1)]


async def test_many_can_open_an_empty_database_at_once(server: str, worker_id: str) -> None:
    empty = create_database(server, f"rootline_empty_{worker_id}")
    opened: list[Store] = []

    async def one_more() -> None:
        opened.append(await Store.open(empty.owner_dsn, empty.app_dsn, connections=1))

    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(one_more)
    for store in opened:
        await store.close()

    async with await AsyncConnection.connect(empty.owner_dsn, autocommit=True) as owner:
        assert await applied(owner) == [*range(1, NEXT)]


async def test_a_partition_that_another_session_makes_meanwhile_is_no_error(database: Database) -> None:
    prepare = statement("prepare_partitions")
    months = "select inhrelid::regclass::text from pg_inherits where inhparent = 'rootline.anomaly_features'::regclass"
    async with (
        await AsyncConnection.connect(database.owner_dsn) as first,
        await AsyncConnection.connect(database.owner_dsn, autocommit=True) as second,
        await AsyncConnection.connect(database.owner_dsn, autocommit=True) as third,
    ):
        for (part,) in await (await third.execute(months)).fetchall():
            if not part.endswith("_other"):
                await third.execute(f"drop table {part}")

        async with anyio.create_task_group() as tasks:
            await first.execute(prepare)
            tasks.start_soon(second.execute, prepare)
            while not await waits(third, second.info.backend_pid):
                await anyio.lowlevel.checkpoint()
            await first.commit()

        made = await (await third.execute(months)).fetchall()
        await third.execute(prepare)

        assert len(made) >= 4
        assert sorted(await (await third.execute(months)).fetchall()) == sorted(made)


async def waits(owner: AsyncConnection, pid: int) -> bool:
    row = await (await owner.execute("select count(*) from pg_locks where pid = %s and not granted", [pid])).fetchone()
    return row is not None and row[0] > 0

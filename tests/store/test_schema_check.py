"""The shipped schema has nothing to report, and a schema broken in any one way is caught.

Each break is rolled back, so that one database serves all.
"""

import asyncio
from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path

import pytest
from psycopg import AsyncConnection
from tests.cli.command import run_bare
from tests.store.broken_schemas import BROKEN, SECURED, Broken
from tests.store.conftest import APP, Database, create_database

from rootline.errors import Misconfigured
from rootline.store.postgres.schema_check import Finding, findings, refuse_gaps

pytestmark = pytest.mark.anyio


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[AsyncConnection]:
    async with await AsyncConnection.connect(database.owner_dsn, autocommit=True) as connection:
        yield connection


async def test_the_shipped_schema_has_nothing_to_report(owner: AsyncConnection) -> None:
    assert await findings(owner, APP) == ()


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
async def test_a_broken_schema_is_caught(owner: AsyncConnection, broken: Broken) -> None:
    async with owner.transaction(force_rollback=True):
        await owner.execute(broken.sql.encode())
        found = await findings(owner, APP)

    assert broken.promise in {finding.promise for finding in found}


async def test_a_new_table_made_as_the_others_are_is_no_finding(owner: AsyncConnection) -> None:
    async with owner.transaction(force_rollback=True):
        await owner.execute(SECURED.encode())
        found = await findings(owner, APP)

    assert found == ()


async def test_every_promise_has_a_schema_that_breaks_it() -> None:
    shipped = {one.name.removesuffix(".sql") for one in files("rootline.store").joinpath("checks").iterdir()}

    assert {broken.promise for broken in BROKEN} == shipped - {"_places"} | {"app_role"}


async def test_a_database_that_somebody_changed_is_refused_with_what_was_changed(
    server: str, database: Database
) -> None:
    own = create_database(server, "rootline_changed", database.name)
    await refuse_gaps(own.owner_dsn, own.app_dsn)

    async with await AsyncConnection.connect(own.owner_dsn, autocommit=True) as connection:
        await connection.execute("alter table rootline.sessions disable row level security")

    with pytest.raises(Misconfigured, match=r"Tenants are not kept apart: .*rootline\.sessions"):
        await refuse_gaps(own.owner_dsn, own.app_dsn)


async def test_a_database_that_is_away_is_told() -> None:
    with pytest.raises(Misconfigured, match="Whether tenants are apart cannot be read"):
        await refuse_gaps("host=127.0.0.1 port=1 dbname=gone", "host=127.0.0.1 port=1 user=app dbname=gone")


async def test_the_doctor_looks_whether_tenants_are_apart(database: Database, tmp_path: Path) -> None:
    own = {"ROOTLINE_OWNER_DSN": database.owner_dsn, "ROOTLINE_APP_DSN": database.app_dsn}

    done = await asyncio.to_thread(lambda: run_bare("doctor", at=tmp_path, **own))

    assert "your own PostgreSQL answers and keeps tenants apart" in done.out


async def test_a_role_that_does_not_exist_is_a_finding(owner: AsyncConnection) -> None:
    found = await findings(owner, "nobody_here")

    assert found == (Finding(promise="app_role", broken_by="there is no role nobody_here"),)

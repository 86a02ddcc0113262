"""Who may use a store, and what an operator is told when something is not right."""

from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier
from tests.store.conftest import Database

from rootline.domain.tenant import LOCAL
from rootline.errors import Misconfigured
from rootline.store.postgres import Store
from rootline.store.postgres.pgvector import use_pgvector
from rootline.store.postgres.schema_check import findings

pytestmark = pytest.mark.anyio


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[AsyncConnection]:
    async with await AsyncConnection.connect(database.owner_dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def another_role(database: Database) -> Iterator[str]:
    name = f"{database.name}_another"
    yield name
    with psycopg.connect(database.owner_dsn, autocommit=True) as owner:
        owner.execute(SQL("drop owned by {}; drop role if exists {}").format(Identifier(name), Identifier(name)))


async def test_the_local_tenant_is_there_from_the_start(store: Store) -> None:
    assert list(await store.journal(LOCAL).sessions()) == []


async def test_the_owner_is_no_app_role(database: Database) -> None:
    with pytest.raises(Misconfigured, match="would not be held by row-level security"):
        await Store.open(database.owner_dsn, database.owner_dsn)


async def test_an_app_role_that_is_missing_is_made_and_can_do_no_more_than_the_others(
    database: Database, owner: AsyncConnection, another_role: str
) -> None:
    app_dsn = make_conninfo(database.app_dsn, user=another_role, password="it's \\ secret")

    store = await Store.open(database.owner_dsn, app_dsn, connections=1)
    sessions = await store.journal(LOCAL).sessions()
    await store.close()

    assert list(sessions) == []
    assert await findings(owner, another_role) == ()


async def test_a_password_is_stored_as_a_hash(database: Database, owner: AsyncConnection, another_role: str) -> None:
    app_dsn = make_conninfo(database.app_dsn, user=another_role, password="readable")
    await (await Store.open(database.owner_dsn, app_dsn, connections=1)).close()

    rows = await owner.execute("select rolpassword from pg_authid where rolname = %s", [another_role])
    (stored,) = await rows.fetchone() or ("",)

    assert stored.startswith("SCRAM-SHA-256$")


async def test_an_app_role_needs_a_name(database: Database) -> None:
    nameless = make_conninfo(dbname=database.name, host=conninfo_to_dict(database.app_dsn)["host"])

    with pytest.raises(Misconfigured, match="names no user"):
        await Store.open(database.owner_dsn, nameless)


async def test_a_server_that_is_not_there_is_named_without_the_password(database: Database) -> None:
    elsewhere = make_conninfo(database.owner_dsn, host="/nowhere", password="hidden")

    with pytest.raises(Misconfigured, match="/nowhere") as refused:
        await Store.open(elsewhere, database.app_dsn)

    assert "hidden" not in str(refused.value)


async def test_pgvector_is_used_where_the_server_has_it_and_only_there(owner: AsyncConnection) -> None:
    available = await owner.execute("select exists (select from pg_available_extensions where name = 'vector')")

    assert (await use_pgvector(owner),) == await available.fetchone()


async def test_a_store_shows_no_secrets_of_its_tenants(database: Database, store: Store) -> None:
    await store.journal(LOCAL).sessions()

    with psycopg.connect(database.owner_dsn) as connection:
        (key,) = connection.execute("select key from rootline.tenants where id = %s", [LOCAL.tenant]).fetchone() or (
            "",
        )

    assert key.split(".")[1] not in repr(store) + repr(store.journal(LOCAL))

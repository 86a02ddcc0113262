"""One server for the whole run, one database for each module, one tenant for each test.

The server is Rootline's own. Another one, of PostgreSQL 15 or newer, can be tested by the connection
string of a user who may make roles and databases, in ROOTLINE_TEST_OWNER_DSN.
"""

import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import anyio
import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier, Literal

from rootline.domain.tenant import Actor
from rootline.store.embedded import start
from rootline.store.journal import Journal, MemoryJournal
from rootline.store.postgres import Store

APP = "rootline_test_app"
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For a server that lives as long as the tests: databases are copied by the dozen, and nothing must survive."""


@dataclass(frozen=True, kw_only=True)
class Database:
    """A database of its own, and how its owner and its app role connect to it."""

    name: str
    owner_dsn: str
    app_dsn: str


def database_named(server: str, name: str) -> Database:
    return Database(
        name=name,
        owner_dsn=make_conninfo(server, dbname=name),
        app_dsn=make_conninfo(server, dbname=name, user=APP, password="only for tests"),
    )


def create_database(server: str, name: str, template: str | None = None) -> Database:
    copied = SQL(" template {}").format(Identifier(template)) if template else SQL("")
    with psycopg.connect(server, autocommit=True) as owner:
        owner.execute(SQL("drop database if exists {} with (force)").format(Identifier(name)))
        owner.execute(SQL("create database {}").format(Identifier(name)) + copied)
    return database_named(server, name)


def end_server(home: Path, how: signal.Signals) -> None:
    """Send the embedded server a signal that it does not take time to obey."""
    (pidfile,) = home.glob("**/postmaster.pid")
    os.kill(int(pidfile.read_text().partition("\n")[0]), how)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if given := os.environ.get("ROOTLINE_TEST_OWNER_DSN"):
        yield given
        return
    home = Path(tmp_path_factory.mktemp("store"))
    embedded = start(home)
    with psycopg.connect(embedded.owner_dsn, autocommit=True) as owner:
        for setting, value in CARELESS.items():
            owner.execute(SQL("alter system set {} = {}").format(Identifier(setting), Literal(value)))
        owner.execute("select pg_reload_conf()")
    yield embedded.owner_dsn
    end_server(home, signal.SIGQUIT)
    embedded.release()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated(server: str, worker_id: str) -> str:
    """A migrated database, to copy from."""
    database = create_database(server, f"rootline_template_{worker_id}")

    async def migrate() -> None:
        store = await Store.open(database.owner_dsn, database.app_dsn, connections=1)
        await store.close()

    anyio.run(migrate)
    return database.name


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest, server: str, migrated: str, worker_id: str) -> Database:
    name = request.module.__name__.rpartition(".")[2]
    return create_database(server, f"rootline_{name}_{worker_id}", migrated)


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    opened = await Store.open(database.owner_dsn, database.app_dsn, connections=4)
    yield opened
    await opened.close()


@pytest.fixture
def actor(request: pytest.FixtureRequest) -> Actor:
    """Someone of a tenant that no other test uses."""
    return Actor(tenant=uuid5(NAMESPACE_URL, request.node.nodeid), name="ada", role="engineer")


@pytest.fixture(params=["memory", "postgres"])
async def journal(request: pytest.FixtureRequest, database: Database, actor: Actor) -> AsyncIterator[Journal]:
    if request.param == "memory":
        yield MemoryJournal()
        return
    store = await Store.open(database.owner_dsn, database.app_dsn, connections=4)
    await store.ensure_tenant(actor.tenant, "a test")
    yield store.journal(actor)
    await store.close()

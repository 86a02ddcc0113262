"""Raw SQL as the app role shows no trace of another tenant; where it would, the same attacks find it."""

from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass

import anyio
import psycopg
import pytest
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier, Literal
from tests.store.conftest import Database, create_database
from tests.store.examples import QUESTION, investigation, session
from tests.store.worlds import (
    ATTACKER,
    VICTIM,
    Worlds,
    attacks,
    attacks_on,
    key_of,
    live,
    live_in,
    successes,
    successes_through,
)

from rootline.domain.tenant import Actor
from rootline.errors import NotFound
from rootline.store.postgres import Store

TRIES = 10_000


@pytest.fixture(scope="module")
def worlds(server: str, database: Database) -> Worlds:
    anyio.run(live_in, database, ATTACKER, 1)
    empty = create_database(server, f"{database.name}_empty", database.name)
    anyio.run(live_in, database, VICTIM, 100)
    return Worlds(
        full=database,
        empty=empty,
        attacker_key=key_of(database, ATTACKER),
        victim_key=key_of(database, VICTIM),
    )


@pytest.fixture
async def narrow(worlds: Worlds) -> AsyncIterator[Store]:
    """A store with one connection, which therefore everyone gets."""
    opened = await Store.open(worlds.full.owner_dsn, worlds.full.app_dsn, connections=1)
    yield opened
    await opened.close()


@pytest.mark.promise("tenants-are-apart")
def test_ten_thousand_tries_show_no_trace_of_another_tenant(worlds: Worlds) -> None:
    tried = attacks(worlds, TRIES, worlds.stances())

    assert len(set(tried)) == TRIES
    assert list(successes(worlds, tried)) == []


def test_the_same_tries_with_the_victims_key_show_a_lot(worlds: Worlds) -> None:
    tried = attacks(worlds, 400, (worlds.victim_key,))

    assert len(list(successes(worlds, tried))) > 100


@dataclass(frozen=True, kw_only=True)
class Hole:
    name: str
    sql: str


HOLES = (
    Hole(name="no row-level security", sql="alter table rootline.sessions disable row level security"),
    Hole(name="a policy that is always true", sql="alter policy own_tenant on rootline.evidence using (true)"),
    Hole(
        name="a second policy that widens the first",
        sql="create policy more on rootline.messages for select using (true)",
    ),
    Hole(name="anything may be written", sql="alter policy own_tenant on rootline.incidents with check (true)"),
    Hole(
        name="the setting is trusted",
        sql="alter policy own_tenant on rootline.claims using (tenant_id::text = current_setting('app.tenant', true))",
    ),
    Hole(
        name="the tenant function trusts the setting",
        sql="""create or replace function rootline.current_tenant() returns uuid language sql stable
            return nullif(left(current_setting('app.tenant', true), 36), '')::uuid""",
    ),
    Hole(name="a unique key without the tenant", sql="create unique index on rootline.sessions (id)"),
    Hole(
        name="a foreign key without the tenant",
        sql="""create unique index on rootline.incidents (id);
            alter table rootline.transitions drop constraint transitions_incident_exists;
            alter table rootline.transitions add foreign key (incident_id) references rootline.incidents (id)""",
    ),
    Hole(
        name="a function that runs as its definer",
        sql="""create function rootline.everything() returns bigint language sql security definer
            return (select count(*) from rootline.feedback);
            grant execute on function rootline.everything() to rootline_test_app""",
    ),
    Hole(
        name="a view with its owner's rights",
        sql="""create view rootline.recent as select * from rootline.sessions;
            grant select on rootline.recent to rootline_test_app""",
    ),
    Hole(
        name="a new table without a policy",
        sql="""create table rootline.copied as select * from rootline.plans;
            grant select on rootline.copied to rootline_test_app""",
    ),
    Hole(
        name="tenants can be read",
        sql="""alter policy shown_key on rootline.tenants using (true);
            grant select on rootline.tenants to rootline_test_app""",
    ),
    Hole(
        name="rows can be given away",
        sql="""alter policy own_tenant on rootline.runbooks with check (true);
            grant update on rootline.runbooks to rootline_test_app""",
    ),
)


def test_no_hole_is_found_where_none_was_dug(worlds: Worlds) -> None:
    tried = attacks(worlds, 1_000, worlds.stances())

    assert list(successes_through("select 1", worlds, tried)) == []


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: hole.name)
def test_the_attacks_find_a_hole(worlds: Worlds, hole: Hole) -> None:
    tried = attacks_on(hole.sql, worlds, 16_000, worlds.stances())

    with closing(successes_through(hole.sql, worlds, tried)) as found:
        assert next(found, None) is not None


@pytest.mark.anyio
async def test_a_connection_from_the_pool_belongs_to_nobody(narrow: Store) -> None:
    assert await narrow.journal(VICTIM).sessions() != ()

    async with narrow.pool.connection() as connection:
        setting = await (await connection.execute("select current_setting('app.tenant', true)")).fetchone()
        rows = await (await connection.execute("select * from rootline.sessions")).fetchall()

    assert (setting, rows) == (("",), [])


@pytest.mark.anyio
async def test_what_someone_leaves_on_a_connection_is_gone_for_the_next_one(narrow: Store, worlds: Worlds) -> None:
    async with narrow.pool.connection() as connection:
        await connection.execute("select set_config('app.tenant', %s, false)", [worlds.victim_key])
        await connection.execute("create temp table tenants as select 1; listen rootline; set search_path = pg_temp")
        await connection.execute("declare left_open cursor with hold for select * from rootline.sessions")
        await connection.execute("prepare left_behind as select * from rootline.sessions")
        await connection.execute("select pg_advisory_lock(1)")

    async with narrow.pool.connection() as connection:
        left = await (
            await connection.execute(
                """
                select nullif(current_setting('app.tenant', true), ''), to_regclass('pg_temp.tenants'),
                  (select count(*) from pg_listening_channels()), (select count(*) from pg_cursors),
                  (select count(*) from pg_prepared_statements), current_setting('search_path'),
                  (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()),
                  (select count(*) from rootline.sessions)
                """
            )
        ).fetchone()

    assert left == (None, None, 0, 0, 0, '"$user", public', 0, 0)


@pytest.mark.anyio
async def test_two_tenants_can_use_the_same_identifiers_and_never_meet(narrow: Store) -> None:
    theirs, mine = narrow.journal(VICTIM), narrow.journal(ATTACKER)
    chat, one = session(70), investigation(70, session(70))
    await theirs.open_session(chat)
    await theirs.open_investigation(one, QUESTION)

    with pytest.raises(NotFound):
        await mine.record(one.id)
    with pytest.raises(NotFound):
        await mine.add_messages(one.id, 1, [QUESTION])
    await mine.open_session(chat.model_copy(update={"title": "mine"}))

    assert (await mine.session(chat.id)).title == "mine"
    assert (await theirs.session(chat.id)).title == chat.title


@pytest.mark.anyio
async def test_a_tenant_that_nobody_made_has_no_journal(narrow: Store) -> None:
    stranger = Actor(tenant=session(99).id, name="eve", role="admin")

    with pytest.raises(NotFound):
        await narrow.journal(stranger).sessions()


@pytest.mark.anyio
async def test_nothing_is_ever_notified(narrow: Store, worlds: Worlds) -> None:
    channels = ("rootline", "sessions", "messages", "investigations", "evidence", "incidents", str(VICTIM.tenant))
    with psycopg.connect(worlds.full.app_dsn, autocommit=True) as listener:
        for channel in channels:
            listener.execute(SQL("listen {}").format(Identifier(channel)))
        await live(narrow, VICTIM, 300)
        listener.execute("select pg_notify('rootline', 'the end')")

        heard = [(one.channel, one.payload) for one in listener.notifies(timeout=5, stop_after=1)]

    assert heard == [("rootline", "the end")]


def test_copying_out_shows_only_the_own_rows(worlds: Worlds) -> None:
    with psycopg.connect(worlds.full.owner_dsn) as owner:
        found = owner.execute(
            "select relname, relkind from pg_class"
            " where oid in (select polrelid from pg_policy where polname = 'own_tenant') and not relispartition"
        ).fetchall()
    with psycopg.connect(worlds.full.app_dsn) as attacker:
        attacker.execute("select set_config('app.tenant', %s, false)", [worlds.attacker_key])
        for table, kind in found:
            rows_of = SQL("(select * from rootline.{})" if kind == "p" else "rootline.{}").format(Identifier(table))
            with attacker.cursor().copy(SQL("copy {} to stdout").format(rows_of)) as copied:
                rows = [bytes(row).decode().split("\t")[0] for row in copied]
            assert set(rows) == {str(ATTACKER.tenant)}, table


@pytest.mark.anyio
async def test_other_connections_do_not_show_what_they_do(narrow: Store, worlds: Worlds) -> None:
    with psycopg.connect(worlds.full.app_dsn) as spy:
        async with narrow.journal(VICTIM).tenant.transaction() as cursor:
            await cursor.execute("select %(secret)s::text", {"secret": "CONFIDENTIAL"})
            seen = repr(spy.execute("select * from pg_stat_activity").fetchall())
            seen += repr(spy.execute("select * from pg_locks").fetchall())

    assert "::text" in seen
    assert "CONFIDENTIAL" not in seen
    assert worlds.victim_key.split(".")[1] not in seen


CROWD = """
insert into rootline.investigations (id, session_id, trigger, opened_at, body)
select gen_random_uuid(), session_id, 'crashloop', opened_at, 'crowd'
from (select * from rootline.investigations where tenant_id = rootline.current_tenant() limit 1) one,
  generate_series(1, 1000)
"""


def columns_told_by_estimates(database: Database, victim_key: str, statistics: int) -> set[str]:
    """Name the columns whose row estimate for a stored value is another one than for a value that is not there."""
    with psycopg.connect(database.owner_dsn, autocommit=True) as owner:
        owner.execute("select set_config('app.tenant', %s, false)", [victim_key])
        owner.execute(CROWD)
        for column in ("trigger", "body"):
            asked = SQL("alter table rootline.investigations alter column {} set statistics {}")
            owner.execute(asked.format(Identifier(column), Literal(statistics)))
        owner.execute("analyze rootline.investigations")
    with psycopg.connect(database.app_dsn) as attacker:
        return {
            column
            for column, stored, other in (("trigger", "crashloop", "crashlooq"), ("body", "crowd", "crowe"))
            if estimate(attacker, column, stored) != estimate(attacker, column, other)
        }


def estimate(attacker: Connection[TupleRow], column: str, value: str) -> str:
    asked = SQL("explain select from rootline.investigations where {} = {}")
    return repr(attacker.execute(asked.format(Identifier(column), Literal(value))).fetchall()).replace(value, "?")


def test_row_estimates_do_not_tell_whether_a_value_exists(server: str, worlds: Worlds) -> None:
    copy = create_database(server, "rootline_estimates", worlds.full.name)

    assert columns_told_by_estimates(copy, worlds.victim_key, statistics=0) == set()
    assert columns_told_by_estimates(copy, worlds.victim_key, statistics=100) == {"trigger", "body"}

"""A turn is stored by one statement, which leaves nothing on its connection, however it ends."""

import asyncio
from collections.abc import AsyncIterator
from uuid import NAMESPACE_URL, uuid5

import pytest
from psycopg import AsyncConnection
from psycopg.errors import InsufficientPrivilege, IntegrityError
from psycopg.rows import TupleRow
from tests.store.conftest import APP, Database
from tests.store.examples import ASKS, QUESTION, READS, evidence, investigation, session

from rootline.domain.session import Investigation, Message
from rootline.domain.tenant import Actor
from rootline.errors import NotFound
from rootline.store.postgres import Store
from rootline.store.refusals import Taken

pytestmark = pytest.mark.anyio

STATE = """
select nullif(current_setting('app.tenant', true), ''), to_regclass('pg_temp.tenants'),
  (select count(*) from pg_listening_channels()), (select count(*) from pg_cursors),
  (select count(*) from pg_prepared_statements), current_setting('search_path'),
  (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()),
  (select count(*) from rootline.messages), (select count(*) from rootline.evidence), rootline.current_tenant()
"""
NOTHING = (None, None, 0, 0, 0, '"$user", public', 0, 0, 0, None)
LOCK = "select pg_advisory_lock(hashtextextended(%s::uuid::text, 0))"
WAITERS = """
select count(*) from pg_locks join pg_database d on d.oid = database
where locktype = 'advisory' and not granted and datname = current_database()
"""
CALL = "select rootline.add_turn(%s, %s, '[]', '{}')"
MESSAGE = '[{"sequence": 1, "role": "user", "body": "{}", "calls": [], "results": []}]'


def someone(name: str) -> Actor:
    return Actor(tenant=uuid5(NAMESPACE_URL, f"turns of {name}"), name=name, role="engineer")


@pytest.fixture
async def narrow(database: Database) -> AsyncIterator[Store]:
    """A store with one connection, which therefore everyone gets."""
    opened = await Store.open(database.owner_dsn, database.app_dsn, connections=1)
    yield opened
    await opened.close()


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[AsyncConnection[TupleRow]]:
    async with await AsyncConnection.connect(database.owner_dsn, autocommit=True) as connection:
        yield connection


async def opened(store: Store, actor: Actor) -> Investigation:
    await store.ensure_tenant(actor.tenant, actor.name)
    one = investigation()
    await store.journal(actor).open_session(session())
    await store.journal(actor).open_investigation(one, QUESTION)
    return one


async def left_on(store: Store) -> TupleRow | None:
    """Return what the only connection shows to whoever has it next, unless somebody swept it first."""
    async with store.pool.connection() as connection:
        return await (await connection.execute(STATE)).fetchone()


async def last_statements(owner: AsyncConnection[TupleRow], database: Database) -> list[str]:
    asked = "select query from pg_stat_activity where usename = %s and datname = %s"
    return [query for (query,) in await (await owner.execute(asked, [APP, database.name])).fetchall()]


async def wait_for_a_waiter(owner: AsyncConnection[TupleRow]) -> None:
    while (await (await owner.execute(WAITERS)).fetchone()) == (0,):
        pass


async def test_a_turn_is_the_last_statement_of_its_connection(
    narrow: Store, owner: AsyncConnection[TupleRow], database: Database, actor: Actor
) -> None:
    one = await opened(narrow, actor)

    await narrow.journal(actor).add_messages(one.id, 1, [ASKS, READS], [evidence()])

    ran = " ".join(await last_statements(owner, database))
    assert "rootline.add_turn" in ran
    assert "discard" not in ran


@pytest.mark.promise("tenants-are-apart")
async def test_a_stored_turn_leaves_nothing_on_its_connection(narrow: Store, actor: Actor) -> None:
    one = await opened(narrow, actor)

    await narrow.journal(actor).add_messages(one.id, 1, [ASKS, READS], [evidence()])

    assert await left_on(narrow) == NOTHING


async def test_a_refused_turn_leaves_nothing_on_its_connection(narrow: Store, actor: Actor) -> None:
    one = await opened(narrow, actor)

    with pytest.raises(Taken):
        await narrow.journal(actor).add_messages(one.id, 0, [ASKS])

    assert await left_on(narrow) == NOTHING


async def test_a_turn_that_is_cancelled_while_it_waits_leaves_nothing_and_stores_nothing(
    narrow: Store, owner: AsyncConnection[TupleRow], actor: Actor
) -> None:
    one, journal = await opened(narrow, actor), narrow.journal(actor)
    await owner.execute(LOCK, [one.id])
    turn = asyncio.create_task(journal.add_messages(one.id, 1, [ASKS, READS], [evidence()]))
    await wait_for_a_waiter(owner)

    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    left = await left_on(narrow)
    await owner.execute("select pg_advisory_unlock_all()")

    record = await journal.record(one.id)
    assert left == NOTHING
    assert (record.messages, record.evidence) == ((QUESTION,), ())


async def test_a_turn_that_was_cancelled_can_be_repeated(
    narrow: Store, owner: AsyncConnection[TupleRow], actor: Actor
) -> None:
    one, journal = await opened(narrow, actor), narrow.journal(actor)
    await owner.execute(LOCK, [one.id])
    turn = asyncio.create_task(journal.add_messages(one.id, 1, [ASKS]))
    await wait_for_a_waiter(owner)
    turn.cancel()
    await asyncio.wait([turn])
    await owner.execute("select pg_advisory_unlock_all()")

    await journal.add_messages(one.id, 1, [ASKS, READS], [evidence()])

    assert (await journal.record(one.id)).messages == (QUESTION, ASKS, READS)


async def test_what_is_left_on_a_connection_between_two_turns_is_gone_for_the_next_one(
    narrow: Store, actor: Actor
) -> None:
    one, journal = await opened(narrow, actor), narrow.journal(actor)
    key = await narrow.keyring.key(actor.tenant)
    await journal.add_messages(one.id, 1, [ASKS])
    async with narrow.pool.connection() as connection:
        await connection.execute("select set_config('app.tenant', %s, false)", [key])
        await connection.execute("create temp table tenants as select 1; listen rootline; set search_path = pg_temp")
        await connection.execute("select pg_advisory_lock(1)")

    await journal.add_messages(one.id, 2, [READS], [evidence()])

    assert await left_on(narrow) == NOTHING


@pytest.mark.promise("tenants-are-apart")
async def test_turns_of_two_tenants_on_one_connection_stay_apart(narrow: Store) -> None:
    mine, theirs = someone("mine"), someone("theirs")
    one = await opened(narrow, mine)
    await opened(narrow, theirs)
    for actor, label in ((mine, "mine"), (theirs, "theirs"), (mine, "mine"), (theirs, "theirs")):
        journal = narrow.journal(actor)
        place = len((await journal.record(one.id)).messages)
        await journal.add_messages(one.id, place, [ASKS], [evidence(f"E{place}", label)])

    records = [await narrow.journal(actor).record(one.id) for actor in (mine, theirs)]

    assert [len(record.messages) for record in records] == [3, 3]
    assert [{fact.subject for found in record.evidence for fact in found.reading.facts[:1]} for record in records] == [
        {"mine"},
        {"theirs"},
    ]


@pytest.mark.promise("tenants-are-apart")
async def test_a_turn_cannot_be_added_to_what_another_tenant_has(narrow: Store) -> None:
    theirs, mine = someone("who has one"), someone("who has none")
    one = await opened(narrow, theirs)
    await narrow.ensure_tenant(mine.tenant, mine.name)

    with pytest.raises(NotFound):
        await narrow.journal(mine).add_messages(one.id, 1, [ASKS], [evidence()])

    assert (await narrow.journal(theirs).record(one.id)).messages == (QUESTION,)


@pytest.mark.parametrize("shown", ["", "x", "not.a key"])
async def test_who_shows_no_key_adds_no_turn(narrow: Store, database: Database, actor: Actor, shown: str) -> None:
    one = await opened(narrow, actor)

    async with await AsyncConnection.connect(database.app_dsn, autocommit=True) as stranger:
        await stranger.execute("select set_config('app.tenant', %s, false)", [shown])
        with pytest.raises((IntegrityError, InsufficientPrivilege)):
            await stranger.execute(CALL, [one.id, MESSAGE])

    assert (await narrow.journal(actor).record(one.id)).messages == (QUESTION,)


async def test_names_of_the_caller_change_nothing_of_what_a_turn_does(
    narrow: Store, database: Database, actor: Actor
) -> None:
    one = await opened(narrow, actor)
    key = await narrow.keyring.key(actor.tenant)

    async with await AsyncConnection.connect(database.app_dsn, autocommit=True) as caller:
        await caller.execute("create temp table messages (like rootline.messages)")
        await caller.execute(
            "create function pg_temp.pg_advisory_xact_lock(bigint) returns void language plpgsql"
            " as $$ begin raise 'never called'; end $$"
        )
        await caller.execute("set search_path = pg_temp, rootline, pg_catalog")
        await caller.execute("select set_config('app.tenant', %s, false)", [key])
        await caller.execute(CALL, [one.id, MESSAGE])
        temporary = await (await caller.execute("select count(*) from pg_temp.messages")).fetchone()

    async with narrow.journal(actor).tenant.transaction() as cursor:
        await cursor.execute("select count(*) from rootline.messages where investigation_id = %s", [one.id])
        stored = await cursor.fetchone()
    assert (temporary, stored) == ((0,), (2,))


async def test_many_turns_at_one_place_are_one_and_the_others_are_refused(store: Store, actor: Actor) -> None:
    one, journal = await opened(store, actor), store.journal(actor)
    said = [Message(role="assistant", text=f"Turn {number}.") for number in range(12)]

    outcomes = await asyncio.gather(
        *(journal.add_messages(one.id, 1, [message]) for message in said), return_exceptions=True
    )

    (kept,) = [message for message, outcome in zip(said, outcomes, strict=True) if outcome is None]
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Taken] * 11
    assert (await journal.record(one.id)).messages == (QUESTION, kept)


async def test_many_investigations_are_written_side_by_side(store: Store, actor: Actor) -> None:
    await opened(store, actor)
    journal, others = store.journal(actor), [investigation(number) for number in range(2, 14)]
    for one in others:
        await journal.open_investigation(one, QUESTION)

    await asyncio.gather(*(journal.add_messages(one.id, 1, [ASKS, READS], [evidence()]) for one in others))

    records = [await journal.record(one.id) for one in others]
    assert [record.messages for record in records] == [(QUESTION, ASKS, READS)] * 12
    assert [record.evidence for record in records] == [(evidence(),)] * 12


async def test_evidence_of_a_turn_stands_behind_what_was_stored_before_it(store: Store, actor: Actor) -> None:
    one, journal = await opened(store, actor), store.journal(actor)
    given = [evidence(f"E{number}", f"subject {number}") for number in range(1, 13)]
    await journal.add_messages(one.id, 0, [], given[:2])
    await journal.add_messages(one.id, 1, [ASKS], given[2:9])
    await journal.add_messages(one.id, 2, [READS], given[9:])

    async with journal.tenant.transaction() as cursor:
        await cursor.execute(
            "select position, label from rootline.evidence where investigation_id = %s order by position", [one.id]
        )
        places = await cursor.fetchall()

    assert places == [(at, stored.label) for at, stored in enumerate(given)]
    assert (await journal.record(one.id)).evidence == tuple(given)


async def test_a_turn_after_its_connection_was_cut_is_stored_once(
    narrow: Store, owner: AsyncConnection[TupleRow], database: Database, actor: Actor
) -> None:
    one, journal = await opened(narrow, actor), narrow.journal(actor)
    await journal.add_messages(one.id, 1, [ASKS])
    await owner.execute(
        "select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = %s and datname = %s",
        [APP, database.name],
    )

    await journal.add_messages(one.id, 2, [READS], [evidence()])

    record = await journal.record(one.id)
    assert (record.messages, record.evidence) == ((QUESTION, ASKS, READS), (evidence(),))

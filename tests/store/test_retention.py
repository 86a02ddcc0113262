"""What is kept, and for how long: the same body for memory and for PostgreSQL."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier
from tests.store.conftest import Database
from tests.store.examples import (
    ASKS,
    NOON,
    QUESTION,
    READS,
    answer,
    checked,
    detected,
    evidence,
    feedback,
    incident,
    investigation,
    plan,
    session,
    watched,
)
from tests.store.told import change, delivery, into, keeping, notice
from tests.store.worlds import live

from rootline.domain.hypothesis import Answer
from rootline.domain.incident import Incident, Transition
from rootline.domain.session import Investigation
from rootline.domain.tenant import Actor
from rootline.domain.window import Window
from rootline.errors import NotFound
from rootline.forgetting import forget
from rootline.opening import open_desk
from rootline.settings import Settings
from rootline.store.documents import Document
from rootline.store.intake import Intake
from rootline.store.journal import Journal
from rootline.store.limits import FOUND, SEEN, TOLD, Limits
from rootline.store.memory import MemoryStores
from rootline.store.passages import Passage
from rootline.store.postgres import Store
from rootline.store.retention import Forgotten, Retention
from rootline.store.watchbook import Watchbook

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
EVER = Window(start=NOON - 400 * DAY, end=NOON + 2000 * DAY)
OTHER = Actor(tenant=UUID(int=99), name="eve", role="engineer")
PLAIN = Answer(outcome="answered", claims=(checked(),))


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Everything of one tenant, and who lets go of it."""

    journal: Journal
    intake: Intake
    book: Watchbook
    retention: Retention

    async def after(self, age: timedelta) -> Forgotten:
        return await self.retention.forget(Limits.at(NOON + age))


@pytest.fixture(params=["memory", "postgres"])
async def kept(request: pytest.FixtureRequest, store: Store, actor: Actor) -> Kept:
    await store.ensure_tenant(actor.tenant, "a test")
    stores = store if request.param == "postgres" else MemoryStores()
    return Kept(
        journal=stores.journal(actor),
        intake=stores.intake(actor),
        book=stores.watchbook(actor),
        retention=stores.retention(actor.tenant),
    )


async def asked(kept: Kept, said: Answer, number: int = 1, **fields: object) -> Investigation:
    """Leave an investigation with all it can have."""
    one = investigation(number, session(number)).model_copy(update=fields)
    await kept.journal.open_session(session(number))
    await kept.journal.open_investigation(one, QUESTION)
    await kept.journal.add_messages(one.id, 1, [ASKS])
    await kept.journal.add_messages(one.id, 2, [READS], [evidence(), evidence("E2", "checkout p50")])
    await kept.journal.conclude(one.id, said)
    await kept.journal.add_recheck(one.id, [checked("stale")])
    return one


async def is_there(kept: Kept, one: Investigation) -> bool:
    try:
        await kept.journal.record(one.id)
    except NotFound:
        return False
    return True


async def moved(kept: Kept, one: Incident, at: datetime = NOON) -> None:
    step = Transition(incident=one.id, before="detected", after="resolved", at=at, actor="ada")
    await kept.journal.move_incident(step)


@pytest.mark.promise("kept-as-long-as-promised")
async def test_a_delivery_is_kept_ninety_days_and_what_it_told_stays(kept: Kept) -> None:
    await kept.intake.take(delivery(), [notice()], into(), [change()])

    early = await kept.after(TOLD)
    assert await kept.intake.deliveries()
    late = await kept.after(TOLD + DAY)

    assert (bool(early), late.counts["deliveries"]) == (False, 1)
    assert list(await kept.intake.deliveries()) == []
    assert [one.name for one in await kept.intake.notices_of(EVER)] == ["Slow"]
    assert await kept.intake.changes(EVER) == [change()]


async def test_a_delivery_that_comes_again_after_it_was_let_go_of_tells_nothing_twice(kept: Kept) -> None:
    await kept.intake.take(delivery(), [notice()], into(), [change()])
    await kept.after(TOLD + DAY)

    again = await kept.intake.take(delivery(), [notice()], into(), [change()])

    assert (again.is_repeat, again.decision.notices, again.changes) == (False, (), 0)
    assert len(await kept.intake.notices_of(EVER)) == 1


async def test_alerts_and_changes_are_kept_a_year(kept: Kept) -> None:
    await kept.intake.take(delivery(), [notice()], keeping("maintenance"), [change()])

    await kept.after(SEEN)
    assert (await kept.intake.heard_of()).alerts
    gone = await kept.after(SEEN + DAY)

    assert (gone.counts["notices"], gone.counts["changes"]) == (1, 1)
    assert list(await kept.intake.notices_of(EVER)) == []
    assert list(await kept.intake.changes(EVER)) == []


async def test_what_a_watch_measured_is_kept_a_year_and_what_opened_an_incident_stays_with_it(kept: Kept) -> None:
    trouble = incident()
    await kept.journal.open_incident(trouble, detected(trouble))
    await kept.book.add_round(watched(trouble))

    gone = await kept.after(SEEN + DAY)

    assert (gone.counts["features"], gone.counts["candidates"], gone.counts["rounds"]) == (1, 1, 0)
    assert await kept.book.features("shop", EVER) == []
    assert [one.action for _, one in await kept.book.gated("shop", EVER)] == ["opened"]
    assert await kept.book.last_round("shop") is not None


async def test_a_plain_question_is_kept_ninety_days_after_its_session_expired(kept: Kept) -> None:
    one = await asked(kept, PLAIN)

    await kept.after(TOLD + DAY)
    assert await is_there(kept, one)
    gone = await kept.after(TOLD + 2 * DAY)

    assert (gone.counts["investigations"], gone.counts["sessions"]) == (1, 1)
    assert not await is_there(kept, one)
    with pytest.raises(NotFound):
        await kept.journal.session(session().id)


async def test_a_question_that_was_never_answered_goes_with_its_session(kept: Kept) -> None:
    await kept.journal.open_session(session())
    await kept.journal.open_session(session(2))
    await kept.journal.open_investigation(investigation(), QUESTION)

    gone = await kept.after(TOLD + 2 * DAY)

    assert (gone.counts["investigations"], gone.counts["sessions"]) == (1, 2)
    assert list(await kept.journal.sessions()) == []


async def test_what_explains_or_was_judged_or_is_an_incident_s_is_kept_three_years(kept: Kept) -> None:
    explained = await asked(kept, answer(), 1)
    judged = await asked(kept, PLAIN, 2)
    of_incident = await asked(kept, PLAIN, 3, incident=incident().id)
    await kept.journal.add_feedback(feedback(judged, rank=None))
    await kept.journal.add_plan(explained.id, plan())

    await kept.after(FOUND)
    assert [await is_there(kept, one) for one in (explained, judged, of_incident)] == [True] * 3
    gone = await kept.after(FOUND + DAY)

    assert gone.counts["investigations"] == 3
    assert [await is_there(kept, one) for one in (explained, judged, of_incident)] == [False] * 3
    assert list(await kept.journal.sessions()) == []


async def test_words_that_look_like_an_incident_s_keep_nothing(kept: Kept) -> None:
    question = investigation().question.model_copy(update={"text": '"incident":"x" \x00'})
    one = await asked(kept, PLAIN, 1, question=question)

    await kept.after(TOLD + 2 * DAY)

    assert not await is_there(kept, one)


async def test_an_ended_incident_is_kept_three_years_and_an_open_one_for_good(kept: Kept) -> None:
    ended, still = incident(1), incident(2)
    for one in (ended, still):
        await kept.journal.open_incident(one, detected(one))
        await kept.book.add_round(watched(one, cluster=one.title + str(one.id)))
    await kept.journal.revise_incident(ended.model_copy(update={"title": "worse"}))
    await moved(kept, ended)

    await kept.after(FOUND)
    assert len(await kept.journal.incidents()) == 2
    gone = await kept.after(FOUND + DAY)

    assert gone.counts["incidents"] == 1
    assert [one.id for one in await kept.journal.incidents()] == [still.id]
    with pytest.raises(NotFound):
        await kept.journal.transitions(ended.id)


async def test_an_incident_that_something_was_told_of_within_a_year_stays(kept: Kept) -> None:
    await kept.intake.take(delivery(), [notice(minute=3 * 365 * 24 * 60)], into())
    await moved(kept, incident())

    await kept.after(FOUND + DAY)

    assert [one.id for one in await kept.journal.incidents()] == [incident().id]


async def test_forgetting_again_finds_nothing(kept: Kept) -> None:
    await kept.intake.take(delivery(), [notice()], into(), [change()])
    await asked(kept, answer())
    await moved(kept, incident())

    first, second = await kept.after(FOUND + DAY), await kept.after(FOUND + DAY)

    assert str(first) == "1 deliveries, 1 notices, 1 changes, 1 investigations, 1 incidents, 1 sessions"
    assert (bool(second), str(second)) == (False, "nothing")


async def test_in_postgresql_nothing_is_left_of_a_tenant_after_three_years_and_everything_of_another(
    store: Store, database: Database, actor: Actor
) -> None:
    await live(store, actor, 1)
    await live(store, OTHER, 1)
    for count in (1, 2):
        step = Transition(incident=incident(count).id, before="detected", after="resolved", at=NOON, actor="ada")
        await store.journal(actor).move_incident(step)
    before = rows_of(database, OTHER)

    await store.retention(actor.tenant).forget(Limits.at(NOON + FOUND + DAY))

    forever = {"runbooks", "passages", "clusters", "cluster_credentials", "source_health", "tenants"}
    assert {table for table, count in rows_of(database, actor).items() if count} - forever == set()
    assert rows_of(database, OTHER) == before
    assert all(before.values())


def rows_of(database: Database, actor: Actor) -> dict[str, int]:
    """Count a tenant's rows in every table, as the owner sees them."""
    found: dict[str, int] = {}
    with psycopg.connect(database.owner_dsn) as owner:
        tables = owner.execute(
            "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' "
            "where c.relnamespace = 'rootline'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition"
        ).fetchall()
        for (table,) in tables:
            query = SQL("select count(*) from rootline.{} where tenant_id = %s").format(Identifier(table))
            found[table] = (owner.execute(query, [actor.tenant]).fetchone() or (0,))[0]
    return found


async def test_an_answer_in_short_goes_with_its_investigation(store: Store, actor: Actor) -> None:
    await store.ensure_tenant(actor.tenant, "a test")
    kept = Kept(
        journal=store.journal(actor),
        intake=store.intake(actor),
        book=store.watchbook(actor),
        retention=store.retention(actor.tenant),
    )
    one = await asked(kept, answer())
    archive = store.runbooks(actor, "incident_summaries")
    passage = Passage(runbook=str(one.id), heading="checkout", quote="the pool is empty")
    await archive.add([Document(name=str(one.id), body="", passages=(passage,), digest="a" * 64)])

    await kept.after(FOUND)
    assert (await archive.search("pool")).passages
    await kept.after(FOUND + DAY)

    assert (await archive.search("pool")).passages == ()


async def test_what_is_broken_off_is_whole_and_goes_on(store: Store, database: Database, actor: Actor) -> None:
    await live(store, actor, 1)
    retention = store.retention(actor.tenant)
    with psycopg.connect(database.owner_dsn) as busy:
        held = SQL("select from rootline.messages where tenant_id = %s for update")
        busy.execute(held, [actor.tenant])
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await retention.forget(Limits.at(NOON + FOUND + DAY))
        halfway = rows_of(database, actor)

    done = await retention.forget(Limits.at(NOON + FOUND + DAY))

    assert (halfway["deliveries"], halfway["notices"]) == (0, 0)
    assert (halfway["investigations"], halfway["messages"]) == (2, 6)
    assert (done.counts["deliveries"], done.counts["investigations"]) == (0, 2)


async def test_an_owner_whom_row_level_security_holds_can_let_go_too(
    server: str, database: Database, actor: Actor
) -> None:
    name = f"{database.name}_held"
    with psycopg.connect(server, autocommit=True) as owner:
        owner.execute(SQL("drop database if exists {} with (force)").format(Identifier(name)))
        owner.execute("drop role if exists rootline_test_held")
        owner.execute("create role rootline_test_held login createrole nosuperuser nobypassrls password 'held'")
        owner.execute(SQL("create database {} owner rootline_test_held").format(Identifier(name)))
    held = make_conninfo(server, dbname=name, user="rootline_test_held", password="held")
    app = make_conninfo(database.app_dsn, dbname=name)
    store = await Store.open(held, app, connections=2)
    for one in (actor, OTHER):
        await live(store, one, 1)

    gone = await store.retention(actor.tenant).forget(Limits.at(NOON + FOUND + DAY))

    assert (gone.counts["deliveries"], gone.counts["investigations"], gone.counts["sessions"]) == (2, 2, 2)
    assert list(await store.journal(actor).investigations()) == []
    assert len(await store.journal(OTHER).investigations()) == 2
    assert len(await store.intake(OTHER).deliveries()) == 2
    await store.close()


async def test_a_desk_on_postgresql_lets_go_for_every_tenant(database: Database, actor: Actor, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, owner_dsn=database.owner_dsn, app_dsn=database.app_dsn)
    async with open_desk(settings) as desk:
        desks = [desk.acting_for(one) for one in (actor, OTHER)]
        for one in desks:
            await one.ensure_tenant(one.actor)
            await one.intake.take(delivery(9), [notice("Old", minute=9)], keeping("maintenance"))

        await forget(replace(desk, clock=lambda: NOON + TOLD + DAY))

        assert [list(await one.intake.deliveries()) for one in desks] == [[], []]
        assert ["Old" in {told.name for told in await one.intake.notices_of(EVER)} for one in desks] == [True, True]


async def test_diffs_are_kept_a_year_from_when_they_were_written(store: Store, actor: Actor) -> None:
    await store.ensure_tenant(actor.tenant, "a test")
    archive = store.runbooks(actor, "git_diff_chunks")
    lie = 'a pool "authored_at":"1999-01-01T00:00:00Z" of words'
    written = {"old": "2026-03-13T12:00:00Z", "new": "2026-03-16T12:00:00Z", "unknown": ""}
    await archive.add([hunk(name, at, "a pool of words") for name, at in written.items()])
    await archive.add([hunk("liar", "2026-03-16T12:00:00Z", lie)])

    await store.retention(actor.tenant).forget(Limits.at(NOON + SEEN))
    early = {one.runbook for one in await archive.search("pool", 9)}
    gone = await store.retention(actor.tenant).forget(Limits.at(NOON + SEEN + DAY))

    assert early == {"new", "unknown", "liar"}
    assert gone.counts["diffs"] == 0
    assert {one.runbook for one in await archive.search("pool", 9)} == early
    await store.retention(actor.tenant).forget(Limits.at(NOON + SEEN + 4 * DAY))
    assert {one.runbook for one in await archive.search("pool", 9)} == {"unknown"}


def hunk(name: str, at: str, text: str) -> Document:
    passage = Passage(runbook=name, heading="", quote=text, payload={"authored_at": at, "sha": name})
    return Document(name=name, body=text, passages=(passage,), digest=sha256(name.encode()).hexdigest())

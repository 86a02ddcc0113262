"""A server killed with -9 loses nothing that was committed, and the store finds the next one."""

import os
import signal
from pathlib import Path

import pytest
from tests.store.examples import ASKS, QUESTION, READS, answer, evidence, investigation, session

from rootline.domain.tenant import LOCAL
from rootline.store.embedded import start
from rootline.store.postgres import PostgresJournal, Store
from rootline.store.refusals import StoreUnreachable

pytestmark = pytest.mark.anyio


HALF_A_STEP = """
insert into rootline.sessions (id, opened_at, active_at, body)
select gen_random_uuid(), opened_at, active_at, body from rootline.sessions
"""


def kill_server(home: Path) -> None:
    (pidfile,) = home.glob("**/postmaster.pid")
    os.kill(int(pidfile.read_text().partition("\n")[0]), signal.SIGKILL)


async def half_a_step(journal: PostgresJournal, home: Path) -> None:
    async with journal.tenant.transaction() as cursor:
        await cursor.execute(HALF_A_STEP)
        kill_server(home)
        await cursor.execute("select 1")


async def test_a_killed_server_loses_nothing_committed_and_the_same_store_goes_on(tmp_path: Path) -> None:
    embedded, one = start(tmp_path), investigation()
    store = await Store.open(embedded.owner_dsn, embedded.app_dsn, connections=4, wait_s=3)
    journal = store.journal(LOCAL)
    await journal.open_session(session())
    await journal.open_investigation(one, QUESTION)
    await journal.add_message(one.id, 1, ASKS)

    with pytest.raises(StoreUnreachable, match="repeat the step"):
        await half_a_step(journal, tmp_path)
    with pytest.raises(StoreUnreachable):
        await journal.add_results(one.id, 2, READS, [evidence()])
    again = start(tmp_path)
    await journal.add_message(one.id, 1, ASKS)
    await journal.add_results(one.id, 2, READS, [evidence()])
    await journal.conclude(one.id, answer())

    record, sessions = await journal.record(one.id), await journal.sessions()
    await store.close()
    again.release()
    embedded.release()
    assert (record.messages, record.evidence, record.answer) == ((QUESTION, ASKS, READS), (evidence(),), answer())
    assert [found.id for found in sessions] == [session().id]

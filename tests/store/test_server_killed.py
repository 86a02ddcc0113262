"""A server killed with -9 loses nothing that was committed, and the store finds the next one."""

import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.store.conftest import end_server
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


async def half_a_step(journal: PostgresJournal, home: Path) -> None:
    async with journal.tenant.transaction() as cursor:
        await cursor.execute(HALF_A_STEP)
        end_server(home, signal.SIGKILL)
        await cursor.execute("select pg_sleep(30)")  # it ends as soon as the backend sees that its server is gone


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    embedded = start(tmp_path)
    yield tmp_path
    embedded.release()


@pytest.fixture
async def store(home: Path) -> AsyncIterator[Store]:
    lease = start(home)
    opened = await Store.open(lease.owner_dsn, lease.app_dsn, connections=4, patience_s=2)
    yield opened
    await opened.close()
    lease.release()


async def test_a_killed_server_loses_nothing_committed_and_the_same_store_goes_on(home: Path, store: Store) -> None:
    journal, one = store.journal(LOCAL), investigation()
    await journal.open_session(session())
    await journal.open_investigation(one, QUESTION)
    await journal.add_messages(one.id, 1, [ASKS])

    with pytest.raises(StoreUnreachable, match="repeat the step"):
        await half_a_step(journal, home)
    with pytest.raises(StoreUnreachable):
        await journal.add_messages(one.id, 2, [READS], [evidence()])
    again = start(home)
    await journal.add_messages(one.id, 1, [ASKS])
    await journal.add_messages(one.id, 2, [READS], [evidence()])
    await journal.conclude(one.id, answer())

    record, sessions = await journal.record(one.id), await journal.sessions()
    again.release()
    assert (record.messages, record.evidence, record.answer) == ((QUESTION, ASKS, READS), (evidence(),), answer())
    assert [found.id for found in sessions] == [session().id]

"""What a finished incident looked like never changes: it is read once, and of the tenant's own journal alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from tests.store.examples import QUESTION, answer, evidence, feedback, investigation, session

from rootline.domain.evidence import Evidence
from rootline.domain.session import Investigation
from rootline.store.journal import MemoryJournal
from rootline.tools.judged import Judged

pytestmark = pytest.mark.anyio
NONE = UUID(int=0)


@dataclass
class Watched(MemoryJournal):
    """A journal that notes whose evidence was read."""

    read: list[UUID] = field(default_factory=list)

    async def evidence(self, investigation: UUID, labels: Collection[str]) -> Sequence[Evidence]:
        self.read.append(investigation)
        return await super().evidence(investigation, labels)


async def judged(journal: MemoryJournal, number: int) -> Investigation:
    one = investigation(number)
    await journal.open_investigation(one, QUESTION)
    await journal.add_messages(one.id, 0, [], [evidence()])
    await journal.conclude(one.id, answer())
    await journal.add_feedback(feedback(one))
    return one


async def test_each_is_read_once_however_often_it_is_compared() -> None:
    journal, known = Watched(), Judged()
    await journal.open_session(session())
    one, other = await judged(journal, 1), await judged(journal, 2)

    first = await known.latest(journal, but=NONE)
    again = await known.latest(journal, but=NONE)

    assert first == again
    assert sorted(journal.read) == sorted([one.id, other.id])
    assert [record.answer for record, _ in first] == [answer(), answer()]
    assert all(record.feedback for record, _ in first)


async def test_the_one_that_asks_is_no_past_one_and_neither_is_another_tenant_s() -> None:
    mine, other, known = MemoryJournal(), MemoryJournal(), Judged()
    await mine.open_session(session())
    one = await judged(mine, 1)
    await known.latest(mine, but=NONE)

    assert not await known.latest(mine, but=one.id)
    assert not await known.latest(other, but=NONE)

"""Two machines on one store take up the same investigation: one answers, the other shows that answer."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from tests.fakes.incident import incident
from tests.store.examples import ASKS, QUESTION, investigation, session

from rootline.agent.elsewhere import LOOKED_EVERY_S, Elsewhere, WorkedOnElsewhere
from rootline.agent.events import Concluded, Event, Remarked
from rootline.desk import Desk
from rootline.domain.session import Message
from rootline.domain.tenant import Actor
from rootline.ground import Ground
from rootline.models.builtin.model import BuiltinModel
from rootline.models.model import Conversation, Model, ModelEvent
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.store.journal import Journal, MemoryJournal
from rootline.store.postgres import Store

pytestmark = pytest.mark.anyio


@dataclass
class HeldModel:
    """The built-in investigator, which waits in its first turn until it is let go."""

    name: str = "held"
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)
    may_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def turn(self, conversation: Conversation) -> AsyncIterator[ModelEvent]:
        self.is_asked.set()
        await self.may_go.wait()
        async for event in BuiltinModel().turn(conversation):
            yield event


def machine(home: Path, journal: Journal, model: Model) -> Desk:
    """One machine with a home of its own on the shared store."""
    return replace(memory_desk(Settings(home=home)), journal=journal, models=lambda _: model)


@pytest.fixture(params=["memory", "postgres"])
async def shared(request: pytest.FixtureRequest, store: Store, actor: Actor) -> Journal:
    await store.ensure_tenant(actor.tenant, "a test")
    return store.journal(actor) if request.param == "postgres" else MemoryJournal()


@pytest.mark.promise("nothing-is-lost")
async def test_the_slower_of_two_machines_shows_the_answer_of_the_other(shared: Journal, tmp_path: Path) -> None:
    held, told = HeldModel(), list[Event]()
    slow = machine(tmp_path / "slow", shared, held)
    quick = machine(tmp_path / "quick", shared, BuiltinModel())
    recording = incident()
    ground = Ground.of(recording, "made up")
    opened = await slow.open(recording.question, origin="made up")
    working = asyncio.create_task(slow.run(opened, ground, listener=told.append))
    await held.is_asked.wait()

    first = await quick.run(await shared.record(opened.investigation.id), ground)
    held.may_go.set()
    second = await working

    assert first.answer is not None
    assert second == first
    assert [one.text for one in told if isinstance(one, Remarked)] == [
        "Another process works on this investigation. Waiting for its answer."
    ]
    assert [one.answer for one in told if isinstance(one, Concluded)] == [first.answer]
    assert await shared.record(opened.investigation.id) == first


async def test_a_machine_that_begins_from_the_start_once_more_loses_nothing_either(
    shared: Journal, tmp_path: Path
) -> None:
    recording = incident()
    ground = Ground.of(recording, "made up")
    quick = machine(tmp_path / "quick", shared, BuiltinModel())
    opened = await quick.open(recording.question, origin="made up")
    first = await quick.run(opened, ground)

    again = await machine(tmp_path / "late", shared, BuiltinModel()).run(opened, ground)

    assert again == first


@dataclass
class Other:
    """What another process does while one sleeps: a step each time, until it has no more."""

    journal: Journal
    steps: list[Message]
    slept: float = 0.0

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds
        if self.steps:
            stored = len((await self.journal.record(investigation().id)).messages)
            await self.journal.add_messages(investigation().id, stored, [self.steps.pop(0)])


async def opened_in(journal: Journal) -> None:
    await journal.open_session(session())
    await journal.open_investigation(investigation(), QUESTION)


async def test_one_that_stores_nothing_for_long_is_told_of_and_nothing_is_changed(shared: Journal) -> None:
    await opened_in(shared)
    other = Other(shared, [ASKS])
    waiting = Elsewhere(journal=shared, sleep=other.sleep, patience_s=10)

    with pytest.raises(WorkedOnElsewhere, match="Another process works on investigation") as told:
        await waiting.outcome(investigation().id)

    record = await shared.record(investigation().id)
    assert "Nothing is lost: `rootline session show`" in str(told.value)
    assert str(investigation().id) in str(told.value)
    assert other.slept == 10 + LOOKED_EVERY_S
    assert (record.investigation.state, record.messages) == ("running", (QUESTION, ASKS))


async def test_one_that_goes_on_is_waited_for_as_long_as_it_does(shared: Journal) -> None:
    await opened_in(shared)
    say = [Message(role="user", text=str(number)) for number in range(20)]
    other = Other(shared, say)

    with pytest.raises(WorkedOnElsewhere):
        await Elsewhere(journal=shared, sleep=other.sleep, patience_s=4).outcome(investigation().id)

    assert other.slept == 20 * LOOKED_EVERY_S + 4


async def test_one_that_was_cancelled_is_returned_as_it_is(shared: Journal) -> None:
    await opened_in(shared)
    await shared.close(investigation().id, "cancelled")

    record = await Elsewhere(journal=shared).outcome(investigation().id)

    assert (record.investigation.state, record.answer) == ("cancelled", None)

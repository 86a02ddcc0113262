"""What every intake keeps: the same body for the one in memory and the one in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from tests.store.conftest import Database
from tests.store.examples import NOON, detected, incident
from tests.store.told import change, delivery, into, keeping, notice

from rootline.domain.incident import Transition
from rootline.domain.notice import Notice
from rootline.domain.tenant import Actor
from rootline.domain.window import Window
from rootline.store.intake import Decision, Intake, MemoryIntake, Standing
from rootline.store.journal import Journal, MemoryJournal
from rootline.store.postgres import Store

pytestmark = pytest.mark.anyio
ROUND_NOON = Window(start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1))


@dataclass(frozen=True, kw_only=True)
class Stores:
    intake: Intake
    journal: Journal


@pytest.fixture(params=["memory", "postgres"])
async def stores(request: pytest.FixtureRequest, database: Database, actor: Actor) -> AsyncIterator[Stores]:
    if request.param == "memory":
        journal = MemoryJournal()
        yield Stores(intake=MemoryIntake(journal), journal=journal)
        return
    store = await Store.open(database.owner_dsn, database.app_dsn, connections=4)
    await store.ensure_tenant(actor.tenant, "a test")
    yield Stores(intake=store.intake(actor), journal=store.journal(actor))
    await store.close()


async def test_a_delivery_reads_back_with_its_notices_and_their_incident(stores: Stores) -> None:
    stored = await stores.intake.take(delivery(), [notice()], into(), [change()])

    (kept,) = await stores.intake.notices([incident().id])
    assert stored.delivery == delivery()
    assert list(await stores.intake.deliveries()) == [delivery()]
    assert kept == notice().model_copy(update={"incident": incident().id})
    assert list(await stores.intake.changes(ROUND_NOON)) == [change()]
    assert await stores.journal.incident(incident().id) == incident()
    assert list(await stores.journal.transitions(incident().id)) == [detected(incident())]


async def test_the_same_delivery_twice_is_one_row(stores: Stores) -> None:
    first = await stores.intake.take(delivery(), [notice()], into(), [change()])
    again = await stores.intake.take(
        delivery().model_copy(update={"id": incident().id}), [notice()], into(2), [change()]
    )

    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert again.delivery.id == delivery().id
    assert (again.decision, again.changes) == (Decision(), 0)
    assert len(await stores.intake.deliveries()) == 1
    assert len(await stores.intake.notices([incident().id])) == 1
    assert len(await stores.journal.incidents()) == 1


@pytest.mark.promise("one-delivery-one-row")
async def test_the_same_delivery_many_times_at_once_is_one_row(stores: Stores) -> None:
    sent = [stores.intake.take(delivery(), [notice(), notice("Failing")], into()) for _ in range(12)]

    stored = await asyncio.gather(*sent)

    assert sorted(one.is_repeat for one in stored) == [False] + [True] * 11
    assert len(await stores.intake.deliveries()) == 1
    assert len(await stores.intake.notices([incident().id])) == 2
    assert len(await stores.journal.incidents()) == 1


async def test_what_is_new_in_a_delivery_is_taken_and_what_is_known_is_not(stores: Stores) -> None:
    await stores.intake.take(delivery(), [notice()], into())

    stored = await stores.intake.take(delivery(2), [notice(), notice("Failing"), notice("Failing")], into())

    assert [one.name for one in stored.decision.notices] == ["Failing"]
    assert len(await stores.intake.notices([incident().id])) == 2


async def test_a_decision_stands_on_what_was_stored_before(stores: Stores) -> None:
    seen: list[Standing] = []

    def look(standing: Standing, _: Sequence[Notice]) -> Decision:
        seen.append(standing)
        return Decision()

    await stores.intake.take(delivery(), [notice()], into())
    await stores.intake.take(delivery(2), [notice("Noise")], keeping("maintenance: x"))
    await stores.intake.settle(look, NOON)

    (standing,) = seen
    assert standing.incidents == (incident(),)
    assert [one.name for one in standing.notices] == ["Slow"]
    assert [(one.name, one.suppressed, one.incident) for one in standing.held] == [("Noise", "maintenance: x", None)]


@pytest.mark.parametrize("state", ["resolved", "learned", "inconclusive"])
async def test_an_incident_that_has_ended_is_joined_no_more(stores: Stores, state: str) -> None:
    seen: list[Standing] = []

    def look(standing: Standing, _: Sequence[Notice]) -> Decision:
        seen.append(standing)
        return Decision()

    await stores.intake.take(delivery(), [notice()], into())
    step = {"incident": incident().id, "before": "detected", "after": state, "at": NOON, "actor": "ada"}
    await stores.journal.move_incident(Transition.model_validate(step))
    await stores.intake.settle(look, NOON)

    assert seen == [Standing()]


async def test_a_decision_that_cannot_be_stored_leaves_nothing(stores: Stores) -> None:
    def broken(_: Standing, __: Sequence[Notice]) -> Decision:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await stores.intake.take(delivery(), [notice()], broken)

    assert list(await stores.intake.deliveries()) == []
    stored = await stores.intake.take(delivery(), [notice()], into())
    assert (stored.is_repeat, len(stored.decision.notices)) == (False, 1)


async def test_an_incident_is_called_what_its_last_revision_says(stores: Stores) -> None:
    await stores.intake.take(delivery(), [notice()], into())
    worse = incident().model_copy(update={"title": "\x00 Everything is down", "severity": "low"})

    for title in ("first", "second"):
        await stores.journal.revise_incident(worse.model_copy(update={"title": title}))
    await stores.journal.revise_incident(worse.model_copy(update={"state": "resolved", "part_of": delivery().id}))

    expected = worse.model_copy(update={"part_of": delivery().id})
    assert await stores.journal.incident(incident().id) == expected
    assert list(await stores.journal.incidents()) == [expected]
    await stores.journal.open_incident(incident(), detected(incident()))
    assert await stores.journal.incident(incident().id) == expected


async def test_notices_of_a_window_are_those_told_before_its_end(stores: Stores) -> None:
    old = notice("Ancient", minute=-60 * 24 * 40)
    told = [notice("Before", minute=-120), notice("Inside"), notice("After", minute=60), old]
    await stores.intake.take(delivery(), told, into())

    found = await stores.intake.notices_of(ROUND_NOON)

    assert [one.name for one in found] == ["Before", "Inside"]


async def test_changes_of_a_window_come_in_order_of_time(stores: Stores) -> None:
    moments = (NOON + timedelta(minutes=5), NOON, ROUND_NOON.end, ROUND_NOON.start)
    reported = [change(number, at) for number, at in enumerate(moments)]
    await stores.intake.take(delivery(), (), into(), reported)

    assert [one.name for one in await stores.intake.changes(ROUND_NOON)] == ["flag-3", "flag-1", "flag-0"]


async def test_deliveries_come_newest_first(stores: Stores) -> None:
    for number in (1, 2, 3):
        one = delivery(number, received_at=NOON + timedelta(minutes=number))
        await stores.intake.take(one, (), into())

    assert [one.received_at.minute for one in await stores.intake.deliveries(2)] == [3, 2]


async def test_a_move_by_hand_waits_for_a_decision_under_way(stores: Stores) -> None:
    await stores.intake.take(delivery(), [notice()], into())
    steps = [
        Transition(incident=incident().id, before="detected", after="acknowledged", at=NOON, actor=f"person {at}")
        for at in range(4)
    ]
    more = [stores.intake.take(delivery(10 + at), [notice(f"n{at}")], into()) for at in range(4)]

    outcomes = await asyncio.gather(
        *more, *(stores.journal.move_incident(one) for one in steps), return_exceptions=True
    )

    assert sum(isinstance(one, Exception) for one in outcomes) == 3
    assert len(await stores.intake.notices([incident().id])) == 5
    assert [one.after for one in await stores.journal.transitions(incident().id)] == ["detected", "acknowledged"]


async def test_the_cluster_of_an_incident_of_its_alerts_and_of_changes_reads_back_and_may_come_later(
    stores: Stores,
) -> None:
    east, moved = {"cluster": "east-1"}, change().model_copy(update={"cluster": "west-1"})
    await stores.intake.take(delivery(), [notice(cluster="east-1/production")], into(), [moved])
    (unknown,) = await stores.journal.incidents()

    await stores.journal.revise_incident(unknown.model_copy(update=east))

    (known,) = await stores.journal.incidents()
    assert (unknown.cluster, known.cluster) == ("", "east-1")
    assert known == unknown.model_copy(update=east)
    assert (known.where, known.service) == (f"east-1/{unknown.service}", unknown.service)
    assert [one.home for one in await stores.intake.notices([known.id])] == ["east-1"]
    assert list(await stores.intake.changes(ROUND_NOON)) == [moved]

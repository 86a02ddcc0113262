"""What a server does unasked: time counts, the topology is learned, incidents are explained in the background."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from tests.fakes.incident import HOUR
from tests.fakes.incident import incident as recorded
from tests.fakes.mcp_desk import House, WaitingModel
from tests.store.examples import NOON, detected, incident
from tests.store.told import delivery, into, notice

from rootline.analysis.topology import Graph
from rootline.desk import Desk
from rootline.domain.incident import Incident, IncidentState, Transition
from rootline.domain.signal import Edge, Severity
from rootline.domain.tenant import LOCAL, Actor
from rootline.domain.window import Window
from rootline.errors import Misconfigured
from rootline.ground import Ground
from rootline.models.model import Conversation, ModelEvent
from rootline.server.explaining import MOST_TRIES, Explainer
from rootline.server.learning import Learned
from rootline.server.serve import _explainer
from rootline.server.unasked import Unasked, working
from rootline.settings import read_settings
from rootline.sources.bundle import Sources
from rootline.sources.failure import SourceFailed
from rootline.sources.topology import RecordedTopology
from rootline.store.alone import alone
from rootline.store.journal import Record

pytestmark = pytest.mark.anyio
OTHER = Actor(tenant=UUID(int=9), name="grace", role="engineer")
LIVE = Ground(sources=recorded().sources())
"""A recording's sources as if they were live: without an origin."""


class WaitingTwice(WaitingModel):
    """A model that also says when it has been asked for the second time."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked_twice = asyncio.Event()

    async def turn(self, conversation: Conversation) -> AsyncIterator[ModelEvent]:
        if self.is_asked.is_set():
            self.is_asked_twice.set()
        async for event in super().turn(conversation):
            yield event


@dataclass(kw_only=True)
class Telling(Explainer):
    """An explainer that says when it has explained something."""

    has_explained: asyncio.Event = field(default_factory=asyncio.Event)

    async def explain_next(self, actors: Sequence[Actor]) -> Record | None:
        record = await super().explain_next(actors)
        if record is not None:
            self.has_explained.set()
        return record


@dataclass
class Place:
    """A house with a home of its own, at the end of the recorded hour."""

    folder: Path
    house: House = field(default_factory=House)
    now: datetime = HOUR.end

    def desk(self) -> Desk:
        plain = self.house.desk(clock=lambda: self.now)
        return replace(plain, settings=replace(plain.settings, home=self.folder))

    def explainer(self) -> Explainer:
        return Explainer(desk=self.desk(), ground=LIVE)

    async def open(self, number: int = 1, severity: Severity = "high", tenant: UUID = LOCAL.tenant) -> Incident:
        one = incident(number, HOUR.end - timedelta(minutes=10)).model_copy(
            update={"severity": severity, "window": HOUR, "service": ""}
        )
        await self.house.journal(tenant).open_incident(one, detected(one))
        return one

    async def asked(self, tenant: UUID = LOCAL.tenant) -> list[tuple[UUID | None, str]]:
        found = await self.house.journal(tenant).investigations()
        return [(one.incident, one.state) for one in reversed(found)]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


async def test_an_incident_is_investigated_once_and_says_so(place: Place) -> None:
    one = await place.open()

    record = await place.explainer().explain_next([LOCAL])
    again = await place.explainer().explain_next([LOCAL])

    assert record is not None
    assert (record.investigation.incident, record.investigation.state) == (one.id, "done")
    assert record.answer is not None
    assert again is None
    moves = await place.house.journal().transitions(one.id)
    assert [move.after for move in moves] == ["detected", "investigating"]


async def test_the_worst_incident_of_all_tenants_comes_first_and_each_stays_its_tenants(place: Place) -> None:
    await place.open(1, "low")
    await place.open(2, "critical", OTHER.tenant)
    explainer = place.explainer()

    order = [await explainer.explain_next([LOCAL, OTHER]) for _ in range(3)]

    assert [one.investigation.incident if one else None for one in order] == [
        incident(2, HOUR.end - timedelta(minutes=10)).id,
        incident(1, HOUR.end - timedelta(minutes=10)).id,
        None,
    ]
    assert len(await place.asked()) == len(await place.asked(OTHER.tenant)) == 1


@pytest.mark.parametrize("state", ["mitigated", "resolved", "suppressed", "inconclusive"])
async def test_an_incident_that_nobody_waits_for_is_left_alone(place: Place, state: IncidentState) -> None:
    one = await place.open()
    step = Transition(incident=one.id, before="detected", after=state, at=NOON, actor="ada")
    await place.house.journal().move_incident(step)

    assert await place.explainer().explain_next([LOCAL]) is None


async def test_an_old_incident_and_a_part_of_another_are_left_alone(place: Place) -> None:
    one, other = await place.open(1), await place.open(2)
    await place.house.journal().revise_incident(one.model_copy(update={"part_of": other.id}))
    place.now += timedelta(hours=25)

    assert await place.explainer().explain_next([LOCAL]) is None
    place.now -= timedelta(hours=20)
    record = await place.explainer().explain_next([LOCAL])
    assert record is not None
    assert record.investigation.incident == other.id


async def test_work_that_was_killed_is_taken_up_where_it_was(place: Place) -> None:
    one = await place.open()
    begun = await place.desk().open_for(one.id, LIVE)

    record = await place.explainer().explain_next([LOCAL])

    assert record is not None
    assert record.investigation.id == begun.investigation.id
    assert await place.asked() == [(one.id, "done")]


async def test_work_that_was_cancelled_is_begun_anew_but_not_for_ever(place: Place) -> None:
    one = await place.open()
    for _ in range(MOST_TRIES - 1):
        begun = await place.desk().open_for(one.id, LIVE)
        await place.house.journal().close(begun.investigation.id, "cancelled")

    assert await place.explainer().explain_next([LOCAL]) is not None

    other = await place.open(2)
    for _ in range(MOST_TRIES):
        begun = await place.desk().open_for(other.id, LIVE)
        await place.house.journal().close(begun.investigation.id, "cancelled")
    assert await place.explainer().explain_next([LOCAL]) is None


async def test_two_processes_of_one_home_do_not_work_on_one_incident(place: Place) -> None:
    one = await place.open()

    with alone(place.folder, one.id):
        assert await place.explainer().explain_next([LOCAL]) is None
    assert await place.explainer().explain_next([LOCAL]) is not None


async def test_one_explainer_works_on_several_incidents_side_by_side(place: Place) -> None:
    model = WaitingTwice()
    place.house.model = model
    await place.open(1)
    await place.open(2)
    explainer = place.explainer()
    first, second = (asyncio.create_task(explainer.explain_next([LOCAL])) for _ in range(2))

    await model.is_asked_twice.wait()
    for task in (first, second):
        task.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    assert {state for _, state in await place.asked()} == {"cancelled"}


async def test_while_a_server_runs_what_opens_is_explained_and_what_is_quiet_is_resolved(place: Place) -> None:
    workbench = place.house.workbench(clock=lambda: place.now, settings=place.desk().settings)
    workbench.ground = LIVE
    workbench.serves([LOCAL])
    told = [
        notice(minute=0).model_copy(update={"at": HOUR.end - timedelta(hours=2)}),
        notice(state="resolved").model_copy(update={"at": HOUR.end - timedelta(hours=1)}),
    ]
    old = incident().model_copy(update={"opened_at": HOUR.end - timedelta(hours=2)})
    await place.house.intake().take(delivery(), told, into())
    step = Transition(incident=old.id, before="detected", after="mitigated", at=NOON, actor="ada")
    await place.house.journal().move_incident(step)
    explainer = Telling(desk=workbench.desk, ground=LIVE)

    async with working(Unasked(workbench=workbench, explainer=explainer)):
        new = await place.open(5)
        workbench.decided()
        async with asyncio.timeout(120):
            await explainer.has_explained.wait()

    assert (new.id, "done") in await place.asked()
    assert (await place.house.journal().incident(old.id)).state == "resolved"
    assert (await place.house.journal().incident(new.id)).state == "investigating"


async def test_who_calls_whom_is_learned_and_kept_while_sources_fail() -> None:
    class Failing:
        name = "failing"

        async def edges(self, window: Window) -> list[Edge]:
            raise SourceFailed("topology", f"failed for {window}", "Try again.")

    edge, learned = Edge(caller="web", callee="cart", found_in="declared"), Learned()

    await learned.learn(Sources(), NOON)
    assert learned.graph == Graph.of(())
    await learned.learn(Sources(topology=RecordedTopology([edge])), NOON)
    await learned.learn(Sources(topology=Failing()), NOON)

    assert learned.graph == Graph.of([edge])


@pytest.mark.parametrize(
    ("given", "ground", "explains"),
    [
        ("", LIVE, True),
        ("off", LIVE, False),
        ("", Ground(sources=Sources()), False),
        ("on", Ground(sources=Sources()), True),
        ("on", Ground(sources=LIVE.sources, origin="a tape"), False),
    ],
)
def test_incidents_are_explained_unasked_where_there_is_something_to_ask(
    place: Place, given: str, ground: Ground, explains: bool
) -> None:
    settings = read_settings({"ROOTLINE_HOME": str(place.folder), "ROOTLINE_INVESTIGATE": given})

    assert (_explainer(replace(place.desk(), settings=settings), ground) is not None) is explains


def test_a_switch_that_is_neither_on_nor_off_is_refused() -> None:
    with pytest.raises(Misconfigured, match="ROOTLINE_INVESTIGATE='perhaps' is neither"):
        read_settings({"ROOTLINE_INVESTIGATE": "perhaps"})

"""A server on live sources: what names no time is about the hour that ends now, however long it has been up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from tests.fakes.mcp_desk import House

from rootline.agent.events import nobody
from rootline.domain.signal import Alert
from rootline.domain.tenant import LOCAL
from rootline.domain.window import Window
from rootline.ground import Ground
from rootline.server.bench import Bench
from rootline.server.timing import timed
from rootline.sources.bundle import Sources
from rootline.sources.fleet.gating import gating
from rootline.sources.fleet.guard import Watch

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Asked:
    """Alerts that remember which windows they were asked for."""

    name: str = "alertmanager"
    windows: list[Window] = field(default_factory=list)

    async def alerts(self, window: Window) -> Sequence[Alert]:
        self.windows.append(window)
        return ()


def live_bench(house: House, asked: Asked, clock: Clock) -> Bench:
    watch = Watch(clock=clock)
    sources = gating(Sources(alerts=asked), lambda _, name: watch.guard("", name))
    house.ground = Ground(sources=sources, watch=watch)
    return house.workbench(clock=clock).bench()


async def test_a_question_an_hour_later_is_about_an_hour_later_and_is_other_evidence() -> None:
    clock, asked = Clock(), Asked()
    bench = live_bench(House(), asked, clock)

    labels = []
    for minutes in (0, 0, 60):
        clock.now += timedelta(minutes=minutes)
        labels.append((await bench.call("get_alerts", {}, nobody)).back.result.evidence)

    assert labels == ["E1", "E1", "E2"]
    assert asked.windows == [Window(start=NOON - HOUR, end=NOON), Window(start=NOON, end=NOON + HOUR)]


async def test_what_is_relative_to_now_is_relative_to_the_moment_of_asking() -> None:
    clock, asked = Clock(), Asked()
    bench = live_bench(House(), asked, clock)

    for _ in range(2):
        await bench.call("get_alerts", {"start": "now-2h", "end": "now-1h"}, nobody)
        clock.now += HOUR

    assert asked.windows == [Window(start=NOON - 2 * HOUR, end=NOON - HOUR), Window(start=NOON - HOUR, end=NOON)]


async def test_an_investigation_started_over_mcp_ends_now_too() -> None:
    clock, asked = Clock(), Asked()
    bench = live_bench(House(), asked, clock)
    clock.now += 5 * HOUR

    called = await bench.call("investigate", {"question": "Why is checkout slow?"}, nobody)

    record = await bench.desk.journal.record((await bench.desk.journal.investigations(limit=1))[0].id)
    assert not called.back.result.is_error, called.back.result.text
    assert record.investigation.question.window == Window(start=NOON + 4 * HOUR, end=NOON + 5 * HOUR)


async def test_a_server_that_was_restarted_goes_on_with_the_labels_it_had() -> None:
    clock, asked, house = Clock(), Asked(), House()
    await live_bench(house, asked, clock).call("get_alerts", {}, nobody)
    clock.now += timedelta(minutes=10)

    after = await live_bench(house, asked, clock).call("get_alerts", {}, nobody)

    assert after.back.result.evidence == "E2"


async def test_direct_calls_are_noted_in_the_health_of_their_source() -> None:
    clock, asked = Clock(), Asked()
    bench = live_bench(House(), asked, clock)
    await bench.call("get_alerts", {}, nobody)

    (row,) = await bench.desk.fleets(LOCAL).health()

    assert (row.source, row.last_success, row.failures) == ("alertmanager", NOON, 0)


def test_what_cannot_be_read_is_left_for_the_tool() -> None:
    window = Window(start=NOON - HOUR, end=NOON)

    assert timed("get_alerts", {"start": "now-yesterday", "end": 7}, window) == {"start": "now-yesterday", "end": 7}
    assert timed("get_cluster_state", {"verb": "get"}, window) == {"verb": "get"}
    assert timed("no_such_tool", {}, window) == {}

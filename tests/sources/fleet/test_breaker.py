"""A source that keeps failing is left alone, longer each time, tried by one question, and used again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rootline.errors import ToolFault
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.breaker import LONGEST_PAUSE_S, PAUSE_S, Breaker
from rootline.sources.fleet.guard import Guard, Watch

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def breaker(clock: Clock, randomness: float = 0.0) -> Breaker:
    return Breaker(clock=clock, randomness=lambda: randomness)


def fail(one: Breaker, times: int) -> None:
    for _ in range(times):
        assert one.admits()
        one.failed()


def test_it_opens_after_failures_in_a_row_and_not_before() -> None:
    one = breaker(Clock())
    fail(one, 2)
    one.worked()
    fail(one, 2)

    assert (one.state, one.admits()) == ("closed", True)
    one.failed()
    assert (one.state, one.admits(), one.failures) == ("open", False, 3)


def test_after_its_pause_one_question_tries_and_the_others_wait() -> None:
    clock = Clock()
    one = breaker(clock)
    fail(one, 3)
    clock.now += PAUSE_S

    assert one.state == "half_open"
    assert [one.admits(), one.admits()] == [True, False]
    one.worked()
    assert (one.state, one.admits(), one.failures) == ("closed", True, 0)


def test_a_trial_that_is_given_up_makes_room_for_another() -> None:
    clock = Clock()
    one = breaker(clock)
    fail(one, 3)
    clock.now += PAUSE_S
    assert one.admits()

    one.withdrawn()

    assert one.admits()


def test_each_pause_doubles_up_to_the_longest() -> None:
    clock = Clock()
    one = breaker(clock)
    fail(one, 3)
    pauses = []
    for _ in range(10):
        pauses.append(one.pause_left_s)
        clock.now += one.pause_left_s
        fail(one, 1)

    assert pauses[:4] == [5.0, 10.0, 20.0, 40.0]
    assert max(pauses) == LONGEST_PAUSE_S


def test_failures_that_were_under_way_do_not_lengthen_the_pause() -> None:
    one = breaker(Clock())
    fail(one, 3)
    for _ in range(20):
        one.failed()

    assert one.pause_left_s == PAUSE_S


@given(some.floats(min_value=0.0, max_value=1.0, exclude_max=True))
def test_randomness_shortens_a_pause_by_at_most_half(randomness: float) -> None:
    one = breaker(Clock(), randomness)
    fail(one, 3)

    assert PAUSE_S / 2 <= one.pause_left_s <= PAUSE_S


def guard(clock: Clock, deadline_s: float | None = None) -> Guard:
    watch = Watch(deadline_s=deadline_s, clock=lambda: NOON, monotonic=clock, randomness=lambda: 0.0)
    return watch.guard("east", "loki")


def failing(reason: Exception) -> Callable[[], Awaitable[str]]:
    async def ask() -> str:
        raise reason

    return ask


async def answers() -> str:
    return "yes"


DOWN = SourceFailed("Loki at http://loki", "nothing accepts connections there", "Check it.")


@pytest.mark.anyio
async def test_a_source_left_alone_says_why_and_is_used_again_once_it_answers() -> None:
    clock = Clock()
    one = guard(clock)
    for _ in range(3):
        with pytest.raises(SourceFailed, match="nothing accepts"):
            await one.read(failing(DOWN))

    with pytest.raises(SourceFailed) as left:
        await one.read(answers)
    clock.now += PAUSE_S
    again = await one.read(answers)

    assert str(left.value) == (
        "loki of east: it is left alone for 5 s after 3 failures in a row, the last: Loki at http://loki: nothing "
        "accepts connections there. Check it. It is asked again by itself."
    )
    assert again == "yes"
    (contact,) = one.watch.contacts.drain()
    assert (contact.failures, contact.succeeded_at, contact.failed_at) == (0, NOON, NOON)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "reason", [ToolFault("no such metric"), SourceFailed("Loki", "too much", "Ask for less.", is_too_large=True)]
)
async def test_a_question_that_is_wrong_does_not_count_against_the_source(reason: Exception) -> None:
    one = guard(Clock())
    for _ in range(5):
        with pytest.raises(type(reason)):
            await one.read(failing(reason))

    assert await one.read(answers) == "yes"
    assert one.watch.contacts.drain()[0].failures == 0


@pytest.mark.anyio
async def test_who_gives_up_waiting_says_nothing_against_the_source() -> None:
    one = guard(Clock())
    for _ in range(5):
        asking = asyncio.create_task(one.read(asyncio.Event().wait))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    assert one.breaker.state == "closed"
    assert one.watch.contacts.drain() == ()


@pytest.mark.anyio
async def test_the_deadline_is_a_failure_of_its_own_kind() -> None:
    one = guard(Clock(), deadline_s=0.05)

    with pytest.raises(SourceFailed, match=r"loki of east: no answer within 0\.05 s") as late:
        await one.read(asyncio.Event().wait)

    assert late.value.is_late

"""Large answers are parsed one at a time, beside everything else; small ones at once."""

import asyncio
import threading

import pytest

from rootline.sources.turns import LONG_BYTES, Turns

pytestmark = pytest.mark.anyio


async def test_a_short_answer_is_read_where_it_was_asked_for() -> None:
    assert await Turns().take(threading.get_ident, LONG_BYTES) == threading.get_ident()


async def test_long_answers_are_read_one_after_the_other_while_everything_else_goes_on() -> None:
    turns, may_end, under_way, most = Turns(), threading.Event(), list[int](), list[int]()

    def read() -> int:
        under_way.append(1)
        most.append(len(under_way))
        assert may_end.wait(60)
        under_way.pop()
        return threading.get_ident()

    async def end() -> None:
        may_end.set()

    *readers, _ = await asyncio.gather(*(turns.take(read, LONG_BYTES + 1) for _ in range(3)), end())

    assert most == [1, 1, 1]
    assert threading.get_ident() not in readers


async def test_a_short_answer_waits_behind_a_long_one() -> None:
    turns, may_end, order = Turns(), threading.Event(), list[str]()

    def long() -> None:
        assert may_end.wait(60)
        order.append("long")

    async def ask_shortly() -> None:
        short = asyncio.ensure_future(turns.take(lambda: order.append("short"), 1))
        await asyncio.sleep(0)
        may_end.set()
        await short

    await asyncio.gather(turns.take(long, LONG_BYTES + 1), ask_shortly())

    assert order == ["long", "short"]


async def test_what_is_wrong_with_an_answer_is_raised_and_the_next_one_has_its_turn() -> None:
    turns = Turns()

    with pytest.raises(ValueError, match="invalid literal"):
        await turns.take(lambda: int("x"), LONG_BYTES + 1)

    assert await turns.take(threading.get_ident, 1) == threading.get_ident()

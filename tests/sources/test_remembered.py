"""What was read is kept for the next who asks, but not a failure, and not what is not worth to be kept."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from rootline.errors import ToolFault
from rootline.sources.remembered import Remembered


def answering(*answers: int) -> tuple[list[int], Callable[[], Awaitable[int]]]:
    left = list(answers)

    async def read() -> int:
        await asyncio.sleep(0)
        return left.pop(0)

    return left, read


@pytest.mark.anyio
async def test_the_same_question_is_sent_once_even_at_the_same_time() -> None:
    left, read = answering(1, 2)
    remembered: Remembered[int] = Remembered()

    both = await asyncio.gather(remembered.once("a", read), remembered.once("a", read))
    again = await remembered.once("a", read)

    assert [*both, again] == [1, 1, 1]
    assert left == [2]


@pytest.mark.anyio
async def test_only_the_last_few_are_kept() -> None:
    left, read = answering(1, 2, 3, 4)
    remembered: Remembered[int] = Remembered(kept=2)

    told = [await remembered.once(key, read) for key in ("a", "b", "c", "c", "a")]

    assert (told, left) == ([1, 2, 3, 3, 4], [])


@pytest.mark.anyio
async def test_what_is_not_worth_to_be_kept_is_read_again() -> None:
    left, read = answering(0, 0, 5, 6)
    remembered: Remembered[int] = Remembered(keeps=bool)

    told = [await remembered.once("a", read) for _ in range(4)]

    assert (told, left) == ([0, 0, 5, 5], [6])


@pytest.mark.anyio
async def test_a_failure_is_not_kept() -> None:
    left, read = answering(7)

    async def fails() -> int:
        raise ToolFault("not now")

    remembered: Remembered[int] = Remembered()

    with pytest.raises(ToolFault):
        await remembered.once("a", fails)
    assert (await remembered.once("a", read), left) == (7, [])

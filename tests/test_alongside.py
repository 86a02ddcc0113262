import asyncio

import pytest

from rootline.alongside import alongside


class Doing:
    """Something that goes on until it is ended, or fails at once."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.began, self.was_ended = asyncio.Event(), False
        self._failure = failure

    async def go_on(self) -> None:
        self.began.set()
        if self._failure is not None:
            raise self._failure
        try:
            await asyncio.Event().wait()
        finally:
            self.was_ended = True


@pytest.mark.anyio
async def test_it_goes_on_while_the_block_runs_and_ends_with_it() -> None:
    one, other = Doing(), Doing()

    async with alongside(one.go_on(), other.go_on()):
        await one.began.wait()
        await other.began.wait()
        ended_early = one.was_ended or other.was_ended

    assert (ended_early, one.was_ended, other.was_ended) == (False, True, True)


@pytest.mark.anyio
async def test_it_ends_when_the_block_fails_and_the_blocks_failure_is_told() -> None:
    one = Doing()

    async def block() -> None:
        async with alongside(one.go_on()):
            await one.began.wait()
            raise LookupError("the block")

    with pytest.raises(LookupError, match="the block"):
        await block()
    assert one.was_ended


@pytest.mark.anyio
async def test_what_fails_ends_no_other_and_is_told_at_the_end() -> None:
    broken, other = Doing(ValueError("broken")), Doing()
    ended_early = []

    async def block() -> None:
        async with alongside(broken.go_on(), other.go_on()):
            await broken.began.wait()
            await other.began.wait()
            ended_early.append(other.was_ended)

    with pytest.raises(ValueError, match="broken"):
        await block()
    assert (ended_early, other.was_ended) == ([False], True)


@pytest.mark.anyio
async def test_one_that_is_done_already_is_left_as_it_is() -> None:
    done = asyncio.Event()

    async def quick() -> None:
        done.set()

    async with alongside(quick()):
        await done.wait()

    assert done.is_set()

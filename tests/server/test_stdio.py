"""What comes in over standard input and goes out over standard output, whoever stands at the other end."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from rootline.server.stdio import LONGEST_LINE, Lines, Outlet

pytestmark = pytest.mark.anyio
Pipe = tuple[int, int]


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    ends = os.pipe()
    yield ends
    for one in ends:
        with suppress(OSError):  # the test closed its end
            os.close(one)


async def _all(lines: Lines) -> list[str]:
    return [line async for line in lines]


async def test_lines_come_whole_however_they_were_cut(pipe: Pipe) -> None:
    read, write = pipe
    heard = asyncio.create_task(_all(Lines(read)))
    for piece in (b'{"a"', b": 1}\n\n  \n", b"second\nthi", b"rd"):
        os.write(write, piece)
        await asyncio.sleep(0)
    os.close(write)

    assert await heard == ['{"a": 1}', "second", "third"]


async def test_broken_utf_8_is_no_end(pipe: Pipe) -> None:
    read, write = pipe
    os.write(write, b"\xff\xfe\nnext\n")
    os.close(write)

    assert await _all(Lines(read)) == ["\ufffd\ufffd", "next"]


async def test_a_line_that_is_too_long_is_dropped_and_the_next_one_is_read(tmp_path: Path) -> None:
    held = tmp_path / "in"
    held.write_bytes(b"first\n" + b"x" * (LONGEST_LINE + 1) + b"\nlast\n" + b"y" * (LONGEST_LINE + 1))

    with held.open("rb") as file:
        assert await _all(Lines(file.fileno())) == ["first", "last"]


async def test_who_waits_for_a_line_is_woken_by_the_end(pipe: Pipe) -> None:
    lines = Lines(pipe[0])
    heard = asyncio.create_task(_all(lines))
    await asyncio.sleep(0)

    lines.end()

    assert await heard == []


async def test_after_the_end_nothing_more_is_told(pipe: Pipe) -> None:
    lines, heard = Lines(pipe[0]), list[str]()
    os.write(pipe[1], b"one\ntwo\nthree\n")

    async for line in lines:
        heard.append(line)
        lines.end()

    assert heard == ["one"]


async def test_more_than_a_pipe_holds_goes_out_while_others_go_on(pipe: Pipe) -> None:
    read, write = pipe
    text = "näh " * 100_000
    written = asyncio.create_task(Outlet(write).write(text))
    await asyncio.sleep(0)
    assert not written.done()

    taken = b""
    while len(taken) < len(text.encode()):
        taken += await asyncio.to_thread(os.read, read, 65536)

    await written
    assert taken.decode() == text


async def test_a_client_that_is_gone_is_told_to_whoever_writes(pipe: Pipe) -> None:
    read, write = pipe
    os.close(read)

    with pytest.raises(BrokenPipeError):
        await Outlet(write).write("anybody there?")


async def test_a_client_that_goes_in_mid_answer_is_told_too(pipe: Pipe) -> None:
    read, write = pipe
    written = asyncio.create_task(Outlet(write).write("x" * 1_000_000))
    await asyncio.sleep(0)

    os.close(read)

    with pytest.raises(BrokenPipeError):
        await written


async def test_a_file_takes_what_is_written(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as file:
        await Outlet(file.fileno()).write("x" * 1_000_000)

    assert (tmp_path / "out").stat().st_size == 1_000_000

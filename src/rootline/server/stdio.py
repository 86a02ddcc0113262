"""MCP over standard input and output, in a way that a signal or the end of input can end.

The SDK's own streams read and write in threads: one that is blocked in a read cannot be cancelled and would hold the
process until the client closes its end, and each answer would go through two of them.
"""

import asyncio
import os
import select
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

from mcp.server.stdio import stdio_server

from rootline.server.protocol import RootlineServer
from rootline.server.stopping import told_to_stop

LONGEST_LINE = 4 * 1024 * 1024
"""Source: the SDK's own limit for a request over HTTP."""
_CHUNK = 65536


class Lines:
    """The lines of a file descriptor, read when somebody waits for the next. A line that is too long is dropped."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._is_over = False
        self._news = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[str]:
        """Yield lines until the other side closes, or until `end`."""
        held, is_too_long = b"", False
        while chunk := await self._chunk():
            *whole, held = (held + chunk).split(b"\n")
            for line in whole:
                if line.strip() and not is_too_long and len(line) <= LONGEST_LINE and not self._is_over:
                    yield line.decode(errors="replace")
                is_too_long = False
            if len(held) > LONGEST_LINE:
                held, is_too_long = b"", True
        if held.strip() and not is_too_long and not self._is_over:
            yield held.decode(errors="replace")

    def end(self) -> None:
        """Behave as if the other side had closed."""
        self._is_over = True
        self._news.set()

    async def _chunk(self) -> bytes:
        """Wait for input and return it; nothing at its end."""
        if not self._is_over and not _is_ready(self._fd, select.POLLIN):
            loop = asyncio.get_running_loop()
            loop.add_reader(self._fd, self._news.set)
            try:
                await self._news.wait()
            finally:
                loop.remove_reader(self._fd)
            self._news.clear()
        return b"" if self._is_over else os.read(self._fd, _CHUNK)


class Outlet:
    """Writes texts to a file descriptor, one after the other; who is slow to read them holds up nobody else."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    async def write(self, text: str) -> None:
        """Wait until all of it is taken.

        Raises:
            BrokenPipeError: Nobody reads any more.

        """
        left = memoryview(text.encode())
        while left:
            if not _is_ready(self._fd, select.POLLOUT):
                await self._room()
            left = left[os.write(self._fd, left[: select.PIPE_BUF]) :]  # as much as is taken without waiting

    async def flush(self) -> None:
        """Do nothing: what was written is written."""

    async def _room(self) -> None:
        loop, taken = asyncio.get_running_loop(), asyncio.Event()
        loop.add_writer(self._fd, taken.set)
        try:
            await taken.wait()
        finally:
            loop.remove_writer(self._fd)


def _is_ready(fd: int, event: int) -> bool:
    """Whether a read or a write would not wait, or would fail at once; a file is always ready."""
    ready = select.poll()
    ready.register(fd, event)
    return bool(ready.poll(0))


@contextmanager
def _claimed() -> Iterator[tuple[int, int]]:
    """Keep the client's pipes for ourselves: whoever else reads finds nothing, and what others print is a log."""
    sys.stdout.flush()
    wire = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    with suppress(OSError):  # there is no standard error
        os.dup2(2, 1)
    os.close(nothing)
    try:
        yield wire
    finally:
        for standard, private in enumerate(wire):
            os.dup2(private, standard)
            os.close(private)


async def serve_stdio(server: RootlineServer) -> None:
    """Serve the one client until it closes its end or a signal comes; a client that died is no fault of ours."""
    with _claimed() as (fd, out):
        lines = Lines(fd)
        try:
            with told_to_stop(lines.end):
                async with stdio_server(stdin=cast("Any", lines), stdout=cast("Any", Outlet(out))) as (read, write):
                    await server.run_over(read, write)
        except* (BrokenPipeError, ConnectionResetError):
            pass
        finally:
            await server.workbench.work.ended()

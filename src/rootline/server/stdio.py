"""MCP over standard input and output, in a way that a signal or the end of input can end."""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

from mcp.server.stdio import stdio_server

from rootline.server.protocol import RootlineServer
from rootline.server.stopping import told_to_stop

LONGEST_LINE = 4 * 1024 * 1024
"""Source: the SDK's own limit for a request over HTTP."""
_AHEAD, _CHUNK = 8, 65536


class Lines:
    """The lines of a file descriptor, read a few ahead by a thread that nobody has to wait for.

    A thread that is blocked in a read cannot be cancelled; the SDK's own reader would hold the process
    until the client closes its end. A line that is too long is dropped.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._is_over = False
        self._room = threading.Semaphore(_AHEAD)
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, name="stdin", daemon=True).start()

    async def __aiter__(self) -> AsyncIterator[str]:
        """Yield lines until the other side closes, or until `end`."""
        while (line := await self._lines.get()) is not None and not self._is_over:
            self._room.release()
            yield line

    def end(self) -> None:
        """Behave as if the other side had closed."""
        self._is_over = True
        self._lines.put_nowait(None)

    def _read(self) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            for line in _split(self._fd):
                self._room.acquire()
                self._loop.call_soon_threadsafe(self._lines.put_nowait, line)
            self._loop.call_soon_threadsafe(self._lines.put_nowait, None)


def _split(fd: int) -> Iterator[str]:
    held, is_too_long = b"", False
    while chunk := os.read(fd, _CHUNK):
        *whole, held = (held + chunk).split(b"\n")
        for line in whole:
            if line.strip() and not is_too_long and len(line) <= LONGEST_LINE:
                yield line.decode(errors="replace")
            is_too_long = False
        if len(held) > LONGEST_LINE:
            held, is_too_long = b"", True
    if held.strip() and not is_too_long:
        yield held.decode(errors="replace")


@contextmanager
def _claimed_stdin() -> Iterator[int]:
    """Keep the client's pipe for ourselves: whatever else reads standard input meanwhile finds it empty."""
    private = os.dup(sys.stdin.fileno())
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    os.close(nothing)
    try:
        yield private
    finally:
        os.dup2(private, sys.stdin.fileno())


async def serve_stdio(server: RootlineServer) -> None:
    """Serve the one client until it closes its end or a signal comes; a client that died is no fault of ours."""
    with _claimed_stdin() as fd:
        lines = Lines(fd)
        try:
            with told_to_stop(lines.end):
                async with stdio_server(stdin=cast("Any", lines)) as (read, write):
                    await server.run_over(read, write)
        except* (BrokenPipeError, ConnectionResetError):
            pass
        finally:
            await server.workbench.work.ended()

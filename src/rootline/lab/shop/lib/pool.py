"""Kept connections to one peer, of which only so many may be open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from . import numbers
from .connection import Connection, Unreachable


class Pool:
    """Lends connections; whoever has waited for `wait_s` seconds gets none."""

    def __init__(self, peer: str, address: str, size: int, wait_s: float) -> None:
        self._peer, self._address, self._size, self._wait_s = peer, address, size, wait_s
        self._free: list[Connection] = []
        self._room = asyncio.Semaphore(size)
        numbers.POOL_SIZE.labels(peer).set(size)
        self._in_use = numbers.POOL_IN_USE.labels(peer)
        self._waiting = numbers.POOL_WAITING.labels(peer)

    async def acquire(self) -> Connection:
        """Borrow a connection; it must be given back with `release`."""
        self._waiting.inc()
        try:
            await asyncio.wait_for(self._room.acquire(), self._wait_s)
        except TimeoutError as late:
            raise Unreachable(
                f"timeout after {self._wait_s:g} s waiting for a connection to {self._peer}: "
                f"all {self._size} of the pool are in use"
            ) from late
        finally:
            self._waiting.dec()
        self._in_use.inc()
        return self._free.pop() if self._free else Connection(self._address)

    def release(self, connection: Connection) -> None:
        """Give a connection back."""
        self._in_use.dec()
        if connection.is_open:
            self._free.append(connection)
        self._room.release()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Borrow a connection while the block runs."""
        borrowed = await self.acquire()
        try:
            yield borrowed
        finally:
            self.release(borrowed)

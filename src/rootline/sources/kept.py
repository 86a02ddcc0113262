"""A kept connection is used again only while its server has kept silent: what it says unasked answers no question."""

from asyncio import Future
from select import POLLIN, poll
from weakref import WeakSet

from aiohttp import ClientRequest, ClientResponse, ServerDisconnectedError
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection

_USED: WeakSet[ResponseHandler] = WeakSet()
"""The connections on which something was asked before."""


class Stale(ServerDisconnectedError):
    """The server hung up or spoke unasked since the last question; nothing was sent, and the connection is closed."""


class Asking(ClientRequest):
    """A request that goes out on a connection that is new or silent."""

    async def send(self, conn: Connection) -> ClientResponse:
        """Send it; raise Stale where this connection is not to be used."""
        if conn.protocol in _USED:
            if not _is_silent(conn):
                raise Stale
        elif conn.protocol is not None:
            _USED.add(conn.protocol)
            if conn.protocol.closed is not None:
                conn.protocol.closed.add_done_callback(_noticed)
        return await super().send(conn)


def _is_silent(conn: Connection) -> bool:
    """Whether nothing came that is read already, and nothing that is not."""
    if conn.protocol is None or conn.protocol.should_close or conn.transport is None:
        return False
    waiting = poll()
    waiting.register(conn.transport.get_extra_info("socket"), POLLIN)
    return not waiting.poll(0)


def _noticed(closed: "Future[None]") -> None:
    """Take note of how a connection ended, which is no error while nothing is asked."""
    if not closed.cancelled():
        closed.exception()

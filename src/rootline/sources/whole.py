"""Tells the end of an answer from the loss of its connection, which aiohttp does not do in two cases."""

from asyncio import Future
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from aiohttp import ClientPayloadError, ClientResponse, StreamReader


@contextmanager
def read_whole(answer: ClientResponse) -> Iterator[None]:
    """Let an answer be read inside the block, in which nobody waits for what cannot come any more.

    Raises:
        ClientPayloadError: What came is no HTTP any more (left alone, the reader would wait for good), or an answer
            that ends with its connection has lost it (left alone, that would look like its end).

    """
    connection = answer.connection  # none where the whole answer is here already
    closed = connection.protocol.closed if connection is not None and connection.protocol is not None else None
    if closed is None:
        yield
        return
    tell = partial(_tell, answer.content)
    closed.add_done_callback(tell)
    try:
        yield
    finally:
        closed.remove_done_callback(tell)
    ends_with_connection = not {"content-length", "transfer-encoding"} & answer.headers.keys()
    if ends_with_connection and answer.content.is_eof() and closed.done() and closed.exception() is not None:
        raise ClientPayloadError("the connection was lost before its end")


def _tell(content: StreamReader, _: Future[None]) -> None:
    if not content.is_eof() and content.exception() is None:
        content.set_exception(ClientPayloadError("what came is no HTTP any more"))

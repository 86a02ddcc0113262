"""A server that answers each question with the bytes a test gives, be they HTTP or not."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"
WHOLE = OK + b"content-length: 2\r\n\r\n{}"
Piece = bytes | Iterable[bytes]
_AT_ONCE = struct.pack("ii", 1, 0)


@dataclass
class Saying:
    """Where the server is, and the heads of the questions it heard, connection by connection."""

    url: str = ""
    heard: list[list[bytes]] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def say(self, piece: bytes) -> None:
        """Say something unasked on the connection that was opened last."""
        self.writers[-1].write(piece)


@asynccontextmanager
async def saying(
    *pieces: Piece,
    then: Literal["waits", "closes", "resets"] = "waits",
    wants: Callable[[bytes], bool] = bool,
) -> AsyncIterator[Saying]:
    """Send the pieces one after the other for each question that is wanted, each when the one before was taken up."""
    told, ended = Saying(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.heard.append([])
        told.writers.append(writer)
        try:
            while wants(asked := await reader.readuntil(b"\r\n\r\n")):
                told.heard[-1].append(asked)
                await _send(writer, pieces)
                if then == "resets":
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                    writer.transport.abort()
                if then != "waits":
                    return
            await ended.wait()
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        told.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield told
        ended.set()


async def _send(writer: asyncio.StreamWriter, pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        for part in (piece,) if isinstance(piece, bytes) else piece:
            writer.write(part)
            await writer.drain()
        await taken_up()


async def taken_up() -> None:
    """Let the reader, which runs in the same loop, take what was said for itself."""
    for _ in range(20):
        await asyncio.sleep(0)

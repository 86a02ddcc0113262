"""One connection to a peer, opened when it is first needed and again when the other side has closed it."""

import asyncio
from collections.abc import Mapping

from .wire import Json, as_json, message, read_body, read_head


class Unreachable(Exception):
    """No answer came."""


class Connection:
    """Sends one request after another."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can be used again."""
        return self._streams is not None

    async def ask(self, method: str, target: str, body: Json, headers: Mapping[str, str]) -> tuple[int, Json]:
        """Return the status and the body of the answer."""
        was_open = self.is_open
        try:
            answer = await self._ask(method, target, body, headers)
            if answer is None and was_open:  # the other side had closed it in the meantime
                answer = await self._ask(method, target, body, headers)
        except OSError as bad:
            self.close()
            raise Unreachable(f"connection to {self._address} failed: {bad.strerror or bad}") from bad
        except BaseException:
            self.close()
            raise
        if answer is None:
            raise Unreachable(f"connection to {self._address} closed before an answer")
        return answer

    async def _ask(self, method: str, target: str, body: Json, headers: Mapping[str, str]) -> tuple[int, Json] | None:
        if self._streams is None:
            host, _, port = self._address.partition(":")
            self._streams = await asyncio.open_connection(host, int(port))
        reader, writer = self._streams
        try:
            writer.write(message(f"{method} {target} HTTP/1.1", {"host": self._address, **headers}, as_json(body)))
            await writer.drain()
            first, told = await read_head(reader)
        except ConnectionError:
            first, told = "", {}
        if not first:
            self.close()
            return None
        answer = await read_body(reader, told)
        if told.get("connection", "") == "close":
            self.close()
        return int(first.split(" ", 2)[1]), answer

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

"""The HTTP client under both SDKs: no redirects, no compression, a bounded answer, and no silence without end."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import httpx2

LONGEST_ANSWER_BYTES = 16 * 2**20
LONGEST_ERROR_BYTES = 64 * 2**10
LONGEST_CONNECT_S = 10.0


class Tripped(httpx2.TransportError):
    """The answer went past one of our bounds; the message says which."""


def guarded_client(*, timeout_s: float, idle_s: float) -> httpx2.AsyncClient:
    """Make a client whose every answer is guarded.

    Redirects are not followed, since the prompt would go where nobody sent it. Compression is not asked for, since
    a few bytes of it can become gigabytes.
    """
    return httpx2.AsyncClient(
        timeout=httpx2.Timeout(timeout_s, connect=min(LONGEST_CONNECT_S, timeout_s)),
        headers={"accept-encoding": "identity"},
        follow_redirects=False,
        event_hooks={"response": [partial(_guard, idle_s=idle_s)]},
    )


async def _guard(response: httpx2.Response, *, idle_s: float) -> None:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Tripped("it sent a compressed answer that was not asked for", request=response.request)
    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Guarded(response.stream, response, idle_s)


class _Guarded(httpx2.AsyncByteStream):
    """An answer's bytes: the first may take as long as the turn may, later ones `idle_s`.

    An error's body is cut at its bound, since only its beginning is ever quoted.
    """

    def __init__(self, body: httpx2.AsyncByteStream, response: httpx2.Response, idle_s: float) -> None:
        self._body = body
        self._response = response
        self._idle_s = idle_s

    async def __aiter__(self) -> AsyncIterator[bytes]:
        seen, most = 0, LONGEST_ANSWER_BYTES if self._response.is_success else LONGEST_ERROR_BYTES
        pieces = aiter(self._body)
        while piece := await self._next(pieces, self._idle_s if seen else None):
            seen += len(piece)
            if seen > most and self._response.is_success:
                raise Tripped(f"it sent more than {most // 2**20} MB", request=self._response.request)
            yield piece[: most - (seen - len(piece))]
            if seen > most:
                return

    async def aclose(self) -> None:
        await self._body.aclose()

    async def _next(self, pieces: AsyncIterator[bytes], within_s: float | None) -> bytes:
        """Read the next piece; none is the end."""
        try:
            async with asyncio.timeout(within_s):
                return await anext(pieces, b"")
        except TimeoutError:
            raise Tripped(f"it fell silent for {within_s:g} s in mid-answer", request=self._response.request) from None

"""Reads one bounded answer from a live backend, or says in one sentence why there is none.

Redirects are not followed, since the token would go where nobody sent it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

import httpx2
from pydantic import BaseModel, BeforeValidator, FailFast, ValidationError

from rootline.errors import Misconfigured
from rootline.sources.backend import Backend
from rootline.sources.connections import open_client
from rootline.sources.in_flight import Body
from rootline.sources.parsing import parse
from rootline.sources.trouble import bad_status, broken, compressed, too_large, too_slow, unreachable, unreadable

MOST_BYTES = 4 * 2**20
MOST_ERROR_BYTES = 4 * 2**10
CONNECT_S = 5.0
Parameters = Mapping[str, str | Sequence[str]]
Wire = TypeVar("Wire", bound=BaseModel)
Item = TypeVar("Item")
Many = Annotated[list[Item], FailFast(), BeforeValidator(lambda given: [] if given is None else given)]
"""A list, empty where there is none, of which the first wrong item is told and not each: a million complaints would
take more memory than the answer."""


async def fetch(
    backend: Backend, path: str, parameters: Parameters | None = None, *, accept: str = "application/json"
) -> bytearray:
    """Return the body of a successful answer of at most `MOST_BYTES`; whoever parses it uses it up.

    Raises:
        SourceFailed: Anything else; its message names the cause and the next step, and never holds the token.

    """
    return await fetch_url(backend, f"{backend.url}{path}", parameters, accept=accept)


async def fetch_url(
    backend: Backend, url: str, parameters: Parameters | None = None, *, accept: str = "application/json"
) -> bytearray:
    """As `fetch`, for a whole address."""
    told = await exchange(backend, url, parameters, headers={"accept": accept})
    if not told.is_success:
        asked, where = f"{backend.kind} at {backend.url}", told.headers.get("location", "")
        raise bad_status(backend, asked, told.status, bytes(told.body), where)
    return told.body


@dataclass(frozen=True, kw_only=True)
class Answered:
    """An answer of any status; header names are lower case. The body of one that is no success is its beginning."""

    status: int
    headers: Mapping[str, str]
    body: bytearray = field(repr=False)

    @property
    def is_success(self) -> bool:
        """Whether the status is a success."""
        return httpx2.codes.is_success(self.status)


async def exchange(
    backend: Backend,
    url: str,
    parameters: Parameters | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
) -> Answered:
    """Return what was answered to a GET, or to a POST when there is content, whatever its status.

    Raises:
        SourceFailed: There is no whole answer, or a successful one is larger than `MOST_BYTES`.

    """
    asked = f"{backend.kind} at {backend.url}"
    client = await open_client(backend.ca_file)
    sent = client.stream(
        "GET" if content is None else "POST",
        url,
        params=parameters,
        content=content,
        headers={**backend.headers, **(headers or {})},
        timeout=httpx2.Timeout(backend.deadline_s, connect=min(CONNECT_S, backend.deadline_s)),
    )
    try:
        async with asyncio.timeout(backend.deadline_s), sent as answer:
            return await _read(answer, backend, asked)
    except (TimeoutError, httpx2.TimeoutException) as late:
        raise too_slow(backend, asked, connecting=isinstance(late, httpx2.ConnectTimeout)) from late
    except httpx2.RemoteProtocolError as bad:
        raise broken(backend, asked, "it broke off in mid-answer or speaks no HTTP") from bad
    except httpx2.TransportError as lost:
        raise unreachable(backend, asked, lost) from lost
    except httpx2.InvalidURL as bad:
        raise Misconfigured(f"{backend.setting} is no address that can be asked.") from bad


async def fetch_json(backend: Backend, path: str, shape: type[Wire], parameters: Parameters | None = None) -> Wire:
    """Read an answer of a documented shape."""
    return shaped(backend, await fetch(backend, path, parameters), shape)


def shaped(backend: Backend, body: bytearray, shape: type[Wire]) -> Wire:
    """Check a body against a documented shape."""
    try:
        return shape.model_validate(json_of(backend, body))
    except ValidationError as bad:
        first = bad.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"])[:80]
        raise broken(backend, f"{backend.kind} at {backend.url}", f"its JSON has another shape at {where!r}") from bad


def json_of(backend: Backend, body: bytearray) -> Any:
    """Parse a body whose parsed size is bounded, and use it up."""
    try:
        return parse(body)
    except ValueError as bad:
        raise unreadable(backend, bad) from bad


async def _read(answer: httpx2.Response, backend: Backend, asked: str) -> Answered:
    most = MOST_BYTES if answer.is_success else MOST_ERROR_BYTES
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise compressed(backend, asked)
    body = Body()
    async for piece in answer.aiter_raw():
        if not body.take(piece[: most + 1 - len(body)]):
            body.clear()
            raise too_large(backend, asked, "it sent more than there is room for while other answers are read")
        if len(body) > most:
            break
    if answer.is_success and len(body) > most:
        body.clear()  # a traceback would keep it
        raise too_large(backend, asked, f"it sent more than {most // 2**20} MB and was cut off")
    return Answered(status=answer.status_code, headers=dict(answer.headers), body=body)

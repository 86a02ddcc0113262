"""Sends one request over a kept connection and reads a bounded answer, whatever its status."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlencode

from aiohttp import ClientError, ClientResponse, ClientSession, InvalidURL
from yarl import URL

from rootline.errors import Misconfigured
from rootline.sources.answered import MOST_BYTES, MOST_ERROR_BYTES, Answered, Parameters
from rootline.sources.backend import Backend
from rootline.sources.connections import open_client
from rootline.sources.in_flight import Body
from rootline.sources.kept import Stale
from rootline.sources.lost import lost, unknown_host
from rootline.sources.proxies import proxy_of
from rootline.sources.trouble import compressed, too_large, too_slow
from rootline.sources.whole import read_whole

PLAIN = (("content-encoding", "identity"), ("transfer-encoding", "chunked"))
"""What these headers say of an answer that is not compressed, if they say anything."""


async def sent(
    backend: Backend, url: str, parameters: Parameters | None, headers: Mapping[str, str], content: bytes | None
) -> Answered:
    """Return what was answered, as `http.exchange` promises."""
    asked = f"{backend.kind} at {backend.url}"
    client = await open_client(backend.ca_file)
    try:
        address = address_of(url, parameters)
        async with asyncio.timeout(backend.deadline_s):
            return await _answered(client, backend, address, {**backend.headers, **headers}, content)
    except InvalidURL as bad:
        raise Misconfigured(f"{backend.setting} is no address that can be asked.") from bad
    except ClientError as why:
        raise lost(backend, asked, why) from why
    except TimeoutError as late:
        raise too_slow(backend, asked, connecting=False) from late
    except UnicodeError as bad:
        raise unknown_host(backend, asked) from bad


def address_of(url: str, parameters: Parameters | None) -> URL:
    """Return an address whose parameters arrive exactly as they are, since they are encoded here and never again."""
    try:
        plain = URL(url)
    except ValueError as bad:
        raise InvalidURL(url) from bad
    return URL(f"{plain}?{urlencode(parameters, doseq=True)}", encoded=True) if parameters else plain


async def _answered(
    client: ClientSession, backend: Backend, address: URL, headers: Mapping[str, str], content: bytes | None
) -> Answered:
    """Ask until a connection is found that can be used: each that cannot is closed, and the next may be a new one."""
    method = "GET" if content is None else "POST"
    proxy = proxy_of(backend.url) or None
    while True:
        with suppress(Stale):
            async with client.request(
                method, address, headers=headers, data=content, proxy=proxy, allow_redirects=False
            ) as answer:
                return await _read(answer, backend)


async def _read(answer: ClientResponse, backend: Backend) -> Answered:
    asked, headers = f"{backend.kind} at {backend.url}", _headers(answer)
    if any(headers.get(name, plain) != plain for name, plain in PLAIN):
        raise compressed(backend, asked)
    body = Body()
    told = Answered(status=answer.status, headers=headers, body=body)
    most = MOST_BYTES if told.is_success else MOST_ERROR_BYTES
    with read_whole(answer):
        while len(body) <= most and (piece := await answer.content.readany()):
            if not body.take(piece[: most + 1 - len(body)]):
                body.clear()
                raise too_large(backend, asked, "it sent more than there is room for while other answers are read")
    if told.is_success and len(body) > most:
        body.clear()  # a traceback would keep it
        raise too_large(backend, asked, f"it sent more than {most // 2**20} MB and was cut off")
    return told


def _headers(answer: ClientResponse) -> dict[str, str]:
    """Return the headers by lower case, repeated ones joined; bytes that are no text become a mark."""
    found: dict[str, str] = {}
    for name, value in answer.headers.items():
        lower = name.lower()
        text = value if value.isascii() else value.encode(errors="surrogateescape").decode(errors="replace")
        found[lower] = f"{found[lower]}, {text}" if lower in found else text
    return found

"""Connections to live backends, which stay open for the next question and are closed when their loop ends."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

import httpx2

from rootline.errors import Misconfigured

IDLE_S = 1.5
"""Source: ours; shorter than the two seconds after which the least patient of the usual servers hangs up."""
LIMITS = httpx2.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=IDLE_S)
Clients = dict[Path | None, tuple[httpx2.AsyncClient, AsyncGenerator[None]]]
_OPEN: WeakKeyDictionary[asyncio.AbstractEventLoop, Clients] = WeakKeyDictionary()


async def open_client(ca_file: Path | None) -> httpx2.AsyncClient:
    """Return the client of the running loop that trusts these certificates besides those that the system knows.

    It holds no credentials: those are sent with each request.

    Raises:
        Misconfigured: The file is none of certificates.

    """
    clients = _OPEN.setdefault(asyncio.get_running_loop(), {})
    if ca_file not in clients:
        client = httpx2.AsyncClient(verify=_trust(ca_file), limits=LIMITS, follow_redirects=False)
        clients[ca_file] = client, _closing(client)
        await anext(clients[ca_file][1])
    return clients[ca_file][0]


async def _closing(client: httpx2.AsyncClient) -> AsyncGenerator[None]:
    """Wait to be ended. Whoever runs a loop to its end ends its generators, and this one then closes the client."""
    try:
        yield
    finally:
        await client.aclose()


@lru_cache(maxsize=8)
def _trust(ca_file: Path | None) -> ssl.SSLContext:
    try:
        trust = ssl.create_default_context()
        if ca_file is not None:
            trust.load_verify_locations(cafile=ca_file)
    except (OSError, ssl.SSLError) as bad:
        raise Misconfigured(f"ROOTLINE_CA_FILE={ca_file} cannot be read as PEM certificates.") from bad
    return trust

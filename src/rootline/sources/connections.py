"""Connections to live backends, which stay open for the next question and are closed when their loop ends."""

import asyncio
import re
import ssl
from collections.abc import AsyncGenerator
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

from rootline.errors import Misconfigured
from rootline.sources.kept import Asking
from rootline.sources.sockets import open_socket

IDLE_S = 1.5
"""Source: ours; shorter than the two seconds after which the least patient of the usual servers hangs up."""
CONNECT_S = 5.0
READ_AHEAD_BYTES = 2**14
"""How much of an answer may wait to be read before its sender is slowed down."""
MOST_HEADER_BYTES = 32 * 2**10
"""Source: ours; four times what the usual servers send at most."""
_KEY = re.compile(rb"-----BEGIN (?:[A-Z]{1,9} )?PRIVATE KEY-----")
MOST_HEADERS = 128
"""Source: aiohttp's own bound."""
Clients = dict[Path | None, tuple[ClientSession, AsyncGenerator[None]]]
_OPEN: WeakKeyDictionary[asyncio.AbstractEventLoop, Clients] = WeakKeyDictionary()


async def open_client(ca_file: Path | None) -> ClientSession:
    """Return the client of the running loop that trusts these certificates besides those that the system knows.

    It holds no credentials: those are sent with each request. Nor does it keep cookies, unpack what is compressed,
    or wait for a connection while others are open.

    Raises:
        Misconfigured: The file is none of certificates.

    """
    clients = _OPEN.setdefault(asyncio.get_running_loop(), {})
    if ca_file not in clients:
        client = ClientSession(
            connector=TCPConnector(ssl=_trust(ca_file), limit=0, keepalive_timeout=IDLE_S, socket_factory=open_socket),
            timeout=ClientTimeout(connect=CONNECT_S),
            headers={"user-agent": "rootline"},
            cookie_jar=DummyCookieJar(),
            request_class=Asking,
            auto_decompress=False,
            read_bufsize=READ_AHEAD_BYTES,
            max_line_size=MOST_HEADER_BYTES,
            max_field_size=MOST_HEADER_BYTES,
        )
        clients[ca_file] = client, _closing(client)
        await anext(clients[ca_file][1])
    return clients[ca_file][0]


async def _closing(client: ClientSession) -> AsyncGenerator[None]:
    """Wait to be ended. Whoever runs a loop to its end ends its generators, and this one then closes the client."""
    try:
        yield
    finally:
        await client.close()


@lru_cache(maxsize=8)
def _trust(ca_file: Path | None) -> ssl.SSLContext:
    """Trust what the system does and what the file holds; a private key in it makes its first certificate our own."""
    try:
        trust = ssl.create_default_context()
        if ca_file is not None:
            trust.load_verify_locations(cafile=ca_file)
            _show_own(trust, ca_file)
    except (OSError, ssl.SSLError) as bad:
        raise Misconfigured(f"ROOTLINE_CA_FILE={ca_file} cannot be read as PEM certificates.") from bad
    return trust


def _show_own(trust: ssl.SSLContext, file: Path) -> None:
    if not _KEY.search(file.read_bytes()):
        return
    try:
        trust.load_cert_chain(file, password=lambda: "")  # else a key with a passphrase asks for it on the terminal
    except ssl.SSLError as bad:
        raise Misconfigured(
            f"ROOTLINE_CA_FILE={file} holds a private key that cannot be used. Put the client's certificate before all "
            "others, and its key without a passphrase behind it."
        ) from bad

"""A small HTTP server on a loopback port that answers as a test says, well or badly."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

Query = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request: its path, the first value of each parameter, and its headers in lower case."""

    path: str
    query: Query
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer: `pieces` are written one after the other; `hangs` says nothing more until the server stops."""

    pieces: Iterator[bytes]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs: bool = False


def said(body: str | bytes, status: int = 200, **headers: str) -> Said:
    raw = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said(pieces=iter([raw]), status=status, headers={"content-length": str(len(raw)), **named})


Answer = Callable[[Asked], Said]


class _Handler(BaseHTTPRequestHandler):
    answer: ClassVar[Answer]
    stopped: ClassVar[threading.Event]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
        headers = {key.lower(): value for key, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        with suppress(OSError):
            self._send(type(self).answer(Asked(path=parts.path, query=query, headers=headers, body=body)))

    do_POST = do_GET  # noqa: N815 so the standard library wants it

    def _send(self, told: Said) -> None:
        self.send_response(told.status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        self.end_headers()
        for piece in told.pieces:
            self.wfile.write(piece)
        if told.hangs:
            self.wfile.flush()
            self.stopped.wait()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def answering(answer: Answer, *, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Answer requests until the block ends; yield the address."""
    stopped = threading.Event()
    handler = type("Handler", (_Handler,), {"answer": staticmethod(answer), "stopped": stopped})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
        finally:
            stopped.set()
            server.shutdown()

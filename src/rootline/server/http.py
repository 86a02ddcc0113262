"""MCP and plain routes over HTTP: which hosts and origins are answered, how much is read, and how it ends."""

import ipaddress
import logging
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette

from rootline.errors import Misconfigured
from rootline.server.callers import Callers
from rootline.server.protocol import RootlineServer
from rootline.server.routes import routes
from rootline.server.stopping import told_to_stop

LARGEST_BODY = 1024 * 1024
"""Source: ours; arguments are refused above 20,000 bytes, so a whole request never needs more."""
MOST_SESSIONS, IDLE_S, LAST_REQUESTS_S = 1000, 1800.0, 2
"""Source: ours; sessions of the older protocol at once, their idle life, and how long open requests may finish."""
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where HTTP listens, and the URL under which others reach it."""

    host: str
    port: int
    public: str = ""

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can connect."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def resource(self) -> str:
        """The URL of the endpoint, which is what a token is for."""
        return self.public or f"http://{_bracketed(self.host)}:{self.port}/mcp"

    @property
    def intake(self) -> str:
        """The URL under which vendors post, each below its name."""
        return f"http://{_bracketed(self.host)}:{self.port}/intake/"

    def guard(self) -> TransportSecuritySettings:
        """Name the hosts and origins that are answered; any other is refused, so that no web page can reach in."""
        own = [f"{name}:{self.port}" for name in (_bracketed(self.host), "localhost", "127.0.0.1", "[::1]")]
        hosts, origins = own, [f"http://{name}" for name in own]
        if self.public:
            url = urlsplit(self.public)
            name = _bracketed(url.hostname or "")
            port = url.port or DEFAULT_PORTS.get(url.scheme, 80)
            hosts = [*own, url.netloc, name, f"{name}:{port}"]
            origins = [*origins, f"{url.scheme}://{url.netloc}"]
        return TransportSecuritySettings(
            enable_dns_rebinding_protection=True, allowed_hosts=hosts, allowed_origins=origins
        )


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def listening(host: str, port: int) -> socket.socket:
    """Take the port, or raise Misconfigured; port 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as bad:
        raise Misconfigured(f"{host}:{port} cannot be listened on: {bad.strerror}. Choose another --port.") from bad


def http_app(server: RootlineServer, address: Address) -> Starlette:
    """Return the HTTP application of both protocol eras and the plain routes, for its own hosts and origins alone."""
    app = server.streamable_http_app(
        transport_security=address.guard(),
        host=address.host,
        max_request_body_size=LARGEST_BODY,
        max_sessions=MOST_SESSIONS,
        session_idle_timeout=IDLE_S,
    )
    callers = Callers(tokens=server.tokens, anyone=server.workbench.anyone, guard=address.guard())
    app.router.routes.extend(routes(server.workbench, callers))
    return app


class _Uvicorn(uvicorn.Server):
    """Leaves the signals to us: uvicorn would raise them again and end the process before the database is released."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture nothing."""
        yield


def http_server(server: RootlineServer, address: Address) -> uvicorn.Server:
    """Return what serves both protocol eras over HTTP; at its end open requests may finish, and are then cancelled."""
    config = uvicorn.Config(
        http_app(server, address),
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=LAST_REQUESTS_S,
    )
    return _Uvicorn(config)


async def serve_http(server: RootlineServer, address: Address, taken: socket.socket) -> None:
    """Serve on the port that was taken until told to stop; what is cancelled then is stored before this returns."""
    running = http_server(server, address)

    def stop() -> None:
        server.stop()
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # idle streams cut off now are no faults
        running.should_exit = True

    for told in (f"MCP is served at {address.resource}", f"Alerts are taken at {address.intake}"):
        print(told, file=sys.stderr)  # noqa: T201 whoever started it wants to know where
    with told_to_stop(stop):
        await running.serve(sockets=[taken])
    await server.workbench.work.ended()

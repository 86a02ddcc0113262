"""One service: its routes, its peers, and how it serves."""

import asyncio
import os
import signal
import time
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from opentelemetry.trace import SpanKind
from prometheus_client import generate_latest

from . import numbers, tracing
from .logs import open_log
from .peer import Peer
from .settings import PeerSettings, read_settings
from .wire import Failure, Json, Request, as_json, message, read_body, read_head, request_of

Handler = Callable[[Request], Awaitable[Json]]
_LAG_EVERY_S = 0.25
_DRAIN_S = 3.0
_SERVER_ERROR = 500


class Service:
    """Serves HTTP on SHOP_PORT until it is told to end; requests under way are finished first."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.settings = read_settings(name)
        self.log = open_log(os.environ.get("SHOP_LOG", os.devnull), name, self.settings.log_level)
        self._tracer = tracing.open_tracer(name)
        self._routes: dict[tuple[str, str], Handler] = {}
        self._workers = asyncio.Semaphore(self.settings.workers)
        self._waiting = 0
        self._ends = False
        self._idle: set[asyncio.StreamWriter] = set()
        self._busy = 0
        self._done = asyncio.Event()

    def peer(self, name: str) -> Peer:
        """Return another service, to be called as the settings say."""
        return Peer(name, self.settings.peers.get(name, PeerSettings()), self._tracer, self.log)

    def get(self, path: str) -> Callable[[Handler], Handler]:
        """Answer GET requests of this path."""
        return self._route("GET", path)

    def post(self, path: str) -> Callable[[Handler], Handler]:
        """Answer POST requests of this path."""
        return self._route("POST", path)

    def _route(self, method: str, path: str) -> Callable[[Handler], Handler]:
        def keep(handler: Handler) -> Handler:
            self._routes[method, path] = handler
            return handler

        return keep

    def run(self) -> None:
        """Serve until SIGTERM."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        port = int(os.environ["SHOP_PORT"])
        server = await asyncio.start_server(self._connection, "127.0.0.1", port, reuse_port=True)
        lag = asyncio.create_task(_watch_lag())
        self.log.info("%s %s is ready", self.name, os.environ.get("SHOP_VERSION", ""))
        _say_ready(os.environ.get("SHOP_READY", os.devnull))
        await ended.wait()
        server.close()
        await self._drain()
        lag.cancel()

    async def _drain(self) -> None:
        self._ends = True
        for writer in tuple(self._idle):
            writer.close()
        if self._busy:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._done.wait(), _DRAIN_S)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not self._ends and await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._idle.discard(writer)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self._idle.add(writer)
        first, headers = await read_head(reader)
        self._idle.discard(writer)
        if not first:
            return False
        self._busy += 1
        try:
            asked = request_of(first, headers, await read_body(reader, headers))
            writer.write(await self._answer(asked))
            await writer.drain()
        finally:
            self._busy -= 1
            if self._ends and not self._busy:
                self._done.set()
        return True

    async def _answer(self, asked: Request) -> bytes:
        if asked.path == "/metrics":
            return message("HTTP/1.1 200 OK", {}, generate_latest(), "text/plain; version=0.0.4")
        begun = time.monotonic()
        name = f"{asked.method} {asked.path}"
        with self._tracer.start_as_current_span(
            name, context=tracing.PROPAGATOR.extract(dict(asked.headers)), kind=SpanKind.SERVER
        ) as span:
            status, answer = await self._worked(asked)
            span.set_attributes({"http.request.method": asked.method, "http.route": asked.path})
            span.set_attribute("http.response.status_code", status)
            if status >= _SERVER_ERROR:
                tracing.failed(span, str(answer.get("error", "")))
        numbers.REQUESTS.labels(asked.method, asked.path, str(status)).inc()
        numbers.DURATION.labels(asked.path).observe(time.monotonic() - begun)
        last = {"connection": "close"} if self._ends else {}
        return message(f"HTTP/1.1 {status} {'OK' if status < 400 else 'Failed'}", last, as_json(answer))  # noqa: PLR2004 the first code that says no

    async def _worked(self, asked: Request) -> tuple[int, Json]:
        """Have a worker handle the request; whatever goes wrong becomes a status and a sentence."""
        handler = self._routes.get((asked.method, asked.path))
        if handler is None:
            return 404, {"error": f"{self.name} has no {asked.method} {asked.path}"}
        if self._waiting >= self.settings.queue:
            self.log.error("%s %s was refused: %d requests are waiting", asked.method, asked.path, self._waiting)
            return 503, {"error": f"{self.name} is overloaded: {self._waiting} requests are waiting"}
        try:
            return 200, await self._in_turn(handler, asked)
        except Failure as failure:
            level = self.log.error if failure.status >= _SERVER_ERROR else self.log.info
            level("%s %s failed: %s", asked.method, asked.path, failure.message)
            return failure.status, {"error": failure.message}
        except Exception as fault:  # noqa: BLE001 the server's own edge: a fault of a handler becomes a 500
            said = f"{type(fault).__name__}: {fault}"
            self.log.error("%s %s failed: %s (%s)", asked.method, asked.path, said, _where(fault))  # noqa: TRY400 one line a fault
            return _SERVER_ERROR, {"error": said}

    async def _in_turn(self, handler: Handler, asked: Request) -> Json:
        self._waiting += 1
        numbers.QUEUED.set(self._waiting)
        try:
            await self._workers.acquire()
        finally:
            self._waiting -= 1
            numbers.QUEUED.set(self._waiting)
        try:
            with numbers.ACTIVE.track_inprogress():
                return await handler(asked)
        finally:
            self._workers.release()


def _say_ready(file: str) -> None:
    Path(file).write_text("ready\n", encoding="ascii")


def _where(fault: Exception) -> str:
    """Return the place in the shop's code at which a fault was raised."""
    frames = traceback.extract_tb(fault.__traceback__)
    own = [frame for frame in frames if f"{os.sep}shop{os.sep}" in frame.filename and "lib" not in frame.filename]
    frame = (own or frames)[-1]
    parts = Path(frame.filename).parts[-3:]
    return f"{'/'.join(parts)}:{frame.lineno} in {frame.name}"


async def _watch_lag() -> None:
    while True:
        begun = time.monotonic()
        await asyncio.sleep(_LAG_EVERY_S)
        numbers.LOOP_LAG.set(max(0.0, time.monotonic() - begun - _LAG_EVERY_S))

"""Calls to another service: bounded in time, traced, counted, and made again where the settings say so."""

import asyncio
import os
import time
from logging import Logger
from urllib.parse import urlencode

from opentelemetry.trace import SpanKind, Tracer

from . import numbers, tracing
from .connection import Unreachable
from .pool import Pool
from .settings import PeerSettings
from .wire import Failure, Json

_TIMEOUT, _UNREACHABLE, _LEAST_ERROR = 504, 502, 500


class PeerFailed(Failure):
    """A peer gave no good answer; whoever called us is told so with 502, or with the peer's own refusal."""

    def __init__(self, peer: str, status: int, message: str) -> None:
        super().__init__(status if status < _LEAST_ERROR else _UNREACHABLE, message)
        self.peer, self.peer_status = peer, status


class Peer:
    """One other service."""

    def __init__(self, name: str, settings: PeerSettings, tracer: Tracer, log: Logger) -> None:
        self.name, self._settings, self._tracer, self._log = name, settings, tracer, log
        address = os.environ.get(f"SHOP_{name.upper()}", "127.0.0.1:1")
        self.pool = Pool(name, address, settings.connections, settings.wait_s)

    async def get(self, path: str, **query: str | int) -> Json:
        """Ask for something."""
        return await self.call("GET", f"{path}?{urlencode(query)}" if query else path, {})

    async def post(self, path: str, **body: object) -> Json:
        """Have something done."""
        return await self.call("POST", path, dict(body))

    async def call(self, method: str, target: str, body: Json) -> Json:
        """Call, and call again after a failure of the peer; raise PeerFailed when no attempt succeeds."""
        for attempt in range(1, self._settings.attempts + 1):
            try:
                return await self._attempt(method, target, body)
            except PeerFailed as failed:
                if attempt == self._settings.attempts or failed.peer_status < _LEAST_ERROR:
                    raise
                numbers.RETRIES.labels(self.name).inc()
                self._log.warning("attempt %d of %s %s failed: %s", attempt, method, self.name, failed.message)
                await asyncio.sleep(self._settings.backoff_s)
        raise PeerFailed(self.name, _UNREACHABLE, f"{self.name} was never called")

    async def _attempt(self, method: str, target: str, body: Json) -> Json:
        path = target.partition("?")[0]
        attributes = {"peer.service": self.name, "http.request.method": method, "url.path": path}
        begun = time.monotonic()
        with self._tracer.start_as_current_span(
            f"{method} {self.name}{path}", kind=SpanKind.CLIENT, attributes=attributes, record_exception=False
        ) as span:
            status, answer = await self._answer(method, target, body)
            span.set_attribute("http.response.status_code", status)
            numbers.CALLS.labels(self.name, str(status)).inc()
            numbers.CALL_DURATION.labels(self.name).observe(time.monotonic() - begun)
            if status >= 400:  # noqa: PLR2004 the first of the codes that say no
                why = str(answer.get("error", "no reason given"))
                tracing.failed(span, why)
                raise PeerFailed(self.name, status, f"{self.name} answered {status}: {why}")
        return answer

    async def _answer(self, method: str, target: str, body: Json) -> tuple[int, Json]:
        headers: dict[str, str] = {}
        tracing.PROPAGATOR.inject(headers)
        try:
            async with asyncio.timeout(self._settings.timeout_s), self.pool.connection() as connection:
                return await connection.ask(method, target, body, headers)
        except TimeoutError:
            return _TIMEOUT, {"error": f"no answer within {self._settings.timeout_s:g} s"}
        except Unreachable as bad:
            return _UNREACHABLE, {"error": str(bad)}

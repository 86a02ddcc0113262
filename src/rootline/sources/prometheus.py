"""Speaks the HTTP API of Prometheus, which Thanos, Mimir and VictoriaMetrics speak too.

`prometheus-api-client` says what is sent and reads what came back. It is sent by our own bounded reader in between, so
that the client never blocks; answers that take long to parse are read in a thread.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any, TypeVar

from prometheus_api_client.prometheus_connect import PrometheusConnect
from requests import Response, Session
from requests.exceptions import JSONDecodeError

from rootline.domain.window import Window
from rootline.errors import ToolFault
from rootline.sources.backend import Backend
from rootline.sources.failure import SourceFailed
from rootline.sources.http import fetch_url
from rootline.sources.in_part import tell_of_a_part
from rootline.sources.matrix import Row, Steps, instant, rows
from rootline.sources.matrix_body import parse_matrix
from rootline.sources.trouble import unreadable
from rootline.sources.turns import EVERYWHERE
from rootline.sources.web import prometheus_graph

AT_ONCE = 2
"""Source: ours; a tenth of the queries that a Prometheus runs side by side by default, and little memory here."""
_UNREADABLE = (400, 422)
_CAME_BACK: ContextVar[bytearray | None] = ContextVar("came_back", default=None)
Answer = TypeVar("Answer")


class _Unsent(Exception):
    """What the client would send, once it is known."""

    def __init__(self, url: str, parameters: Mapping[str, str]) -> None:
        super().__init__(url)
        self.url = url
        self.parameters = parameters


class _Parsed(Response):
    """An answer that was parsed when it was read."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.status_code = 200
        self._answer = answer

    def json(self, **_: Any) -> Any:
        """Return what was parsed."""
        return self._answer


class _Carried(Session):
    """Sends nothing itself: our reader does, so that size, time and trust are bounded in one place."""

    def request(self, *_: Any, **request: Any) -> Response:
        """Answer a GET, which each of the client's requests is, by what came back; raise _Unsent before that."""
        body = _CAME_BACK.get()
        if body is None:
            raise _Unsent(request["url"], {name: str(value) for name, value in request["params"].items()})
        return _Parsed(parse_matrix(body))


def seen_at(backend: Backend, expression: str, window: Window) -> str:
    """Where a person sees an expression over a window: in Grafana if that is known, else in Prometheus' own pages."""
    if backend.grafana is not None:
        return backend.grafana.explore("prometheus", {"expr": expression}, window)
    return prometheus_graph(backend.url, expression, window)


class Prometheus:
    """One Prometheus-like backend."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._client = PrometheusConnect(url=backend.url, session=_Carried())
        self._room = asyncio.Semaphore(AT_ONCE)

    async def label_values(self, label: str, start: datetime, end: datetime) -> list[str]:
        """Return the values of a label that series had in that time, in order."""
        span = {"start": str(start.timestamp()), "end": str(end.timestamp())}
        found = await self._ask(lambda: self._client.get_label_values(label, params=span), _texts)
        return sorted(found)

    async def label_names(self, selector: str, start: datetime, end: datetime) -> list[str]:
        """Return the labels of the selected series (of all when it is empty), in order."""
        match = {"match[]": selector} if selector else {}
        span = {**match, "start": str(start.timestamp()), "end": str(end.timestamp())}
        found = await self._ask(lambda: self._client.get_label_names(params=span), _texts)
        return sorted(found)

    async def instant(self, expression: str, at: datetime) -> list[tuple[dict[str, str], float]]:
        """Evaluate an expression at one moment."""
        parameters = {"time": str(at.timestamp()), **self._limit}
        return await self._ask(lambda: self._client.custom_query(expression, params=parameters), instant)

    async def range(self, expression: str, asked: Steps) -> list[Row]:
        """Evaluate an expression at several moments."""
        return await self._ask(
            lambda: self._client.custom_query_range(
                expression, asked.start, asked.end, str(asked.step_s), params=dict(self._limit)
            ),
            lambda answer: rows(answer, asked),
        )

    @property
    def _limit(self) -> Mapping[str, str]:
        return {"timeout": f"{self.backend.deadline_s:g}s"}

    async def _ask(self, ask: Callable[[], object], read: Callable[[object], Answer]) -> Answer:
        """Ask as the client would, and read its answer.

        Raises:
            ToolFault: The backend cannot read the expression.
            SourceFailed: It gave no usable answer.

        """
        try:
            async with self._room:
                unsent = _unsent(ask)
                body = await fetch_url(self.backend, unsent.url, unsent.parameters)
                tell_of_a_part(body)
                return await EVERYWHERE.take(lambda: _answered(ask, read, body), len(body))
        except SourceFailed as failed:
            if failed.status in _UNREADABLE:
                raise ToolFault(f"{self.backend.kind} cannot run the query: {failed.happened}") from failed
            raise
        except (JSONDecodeError, UnicodeDecodeError, RecursionError):
            said = ValueError("it sent broken JSON")
        except ValueError as bad:
            said = bad
        except (KeyError, TypeError):
            said = ValueError("its JSON has another shape than documented")
        raise unreadable(self.backend, said)  # outside of the handler, since a parser's error keeps the whole answer


def _unsent(ask: Callable[[], object]) -> _Unsent:
    """Return what a call of the client would send."""
    try:
        ask()
    except _Unsent as unsent:
        return unsent
    raise RuntimeError("the client asked for nothing")


def _answered(ask: Callable[[], object], read: Callable[[object], Answer], body: bytearray) -> Answer:
    """Repeat a call of the client, now with what came back, which is used up."""
    given = _CAME_BACK.set(body)
    try:
        return read(ask())
    finally:
        _CAME_BACK.reset(given)


def _texts(answer: object) -> list[str]:
    if not isinstance(answer, list):
        raise ValueError("it sent no list of names")  # noqa: TRY004 the answer is wrong, not our type
    return [str(one)[:500] for one in answer]

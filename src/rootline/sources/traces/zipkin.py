"""Traces of a live Zipkin, by its API v2."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from pydantic import BaseModel, Field, RootModel

from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.sources.backend import Backend
from rootline.sources.http import Many, fetch_json
from rootline.sources.traces.sample import TraceSample
from rootline.sources.traces.span_fields import error_of, kept, moment, status_of
from rootline.sources.web import zipkin_search, zipkin_trace


class _Endpoint(BaseModel):
    service: str = Field(default="", alias="serviceName")


class _Span(BaseModel):
    trace: str = Field(alias="traceId")
    span: str = Field(alias="id")
    parent: str = Field(default="", alias="parentId")
    name: str = ""
    kind: str = ""
    timestamp: float = 0.0
    duration: float = 0.0
    local: _Endpoint | None = Field(default=None, alias="localEndpoint")
    remote: _Endpoint | None = Field(default=None, alias="remoteEndpoint")
    tags: dict[str, str] = Field(default_factory=dict)
    shared: bool = False

    @property
    def owner(self) -> str:
        """The service that wrote the span."""
        return (self.local.service if self.local else "")[:300] or "unknown"


class _Traces(RootModel[Many[Many[_Span]]]):
    pass


class _Services(RootModel[Many[str]]):
    pass


class ZipkinTraces:
    """Reads a sample of traces out of every part of the window."""

    def __init__(self, backend: Backend, *, name: str = "zipkin") -> None:
        self.name = name
        self._backend = backend
        self._sample = TraceSample(
            services=self.services,
            search=self._search,
            search_page=partial(zipkin_search, backend.url),
            trace_page=partial(zipkin_trace, backend.url),
        )

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return every span of the sampled traces that touch the service, or any service, in order of start."""
        return await self._sample.spans(service, window)

    async def services(self) -> Sequence[str]:
        """Return the services that Zipkin knows."""
        return sorted((await fetch_json(self._backend, "/api/v2/services", _Services)).root)

    async def _search(self, service: str, part: Window, most: int) -> Iterable[Span]:
        parameters = {
            "serviceName": service,
            "endTs": str(round(part.end.timestamp() * 1000)),
            "lookback": str(round(part.duration.total_seconds() * 1000)),
            "limit": str(most),
        }
        answer = await fetch_json(self._backend, "/api/v2/traces", _Traces, parameters)
        return (span for trace in answer.root for span in _of(trace))


def _of(trace: Sequence[_Span]) -> Iterator[Span]:
    """Yield the spans of a trace. Client and server may share one id; the server's then gets one of its own."""
    shared = {(one.span, one.owner) for one in trace if one.shared}
    for one in trace:
        if one.shared:
            yield replace(_span(one), span_id=_server(one.span), parent_id=one.span[:64])
        elif (one.parent, one.owner) in shared:
            yield replace(_span(one), parent_id=_server(one.parent))
        else:
            yield _span(one)


def _server(span: str) -> str:
    return f"{span[:60]}-s"


def _span(one: _Span) -> Span:
    peer = one.remote.service if one.remote and one.kind in {"CLIENT", "PRODUCER"} else ""
    own = {"span.kind": one.kind.lower()} if one.kind else {}
    attributes = kept({**own, **({"peer.service": peer} if peer else {}), **one.tags}.items())
    status = status_of(attributes)
    return Span(
        trace_id=one.trace[:64],
        span_id=one.span[:64],
        parent_id=one.parent[:64] or None,
        service=one.owner,
        operation=one.name[:300],
        start=moment(one.timestamp),
        duration_s=max(0.0, one.duration) / 1e6,
        status=status,
        error=error_of(attributes, "", ()) if status == "error" else "",
        attributes=attributes,
    )

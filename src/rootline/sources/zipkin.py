"""Traces of a live Zipkin, by its API v2."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from pydantic import BaseModel, Field, RootModel

from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.sources.backend import Backend
from rootline.sources.http import Many, fetch_json
from rootline.sources.links import note
from rootline.sources.remembered import Remembered
from rootline.sources.slices import slices
from rootline.sources.span_fields import MOST_SPANS, error_of, kept, moment, ordered, status_of
from rootline.sources.together import together
from rootline.sources.web import zipkin_search, zipkin_trace

PARTS = 6
"""Source: ours; a search gives the newest traces, so each part of the window is searched for itself."""
TRACES_EACH = 15
MOST_SERVICES = 20
MOST_SEARCHES = 48
AT_ONCE = 4


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
        self._reads: Remembered[Sequence[Span]] = Remembered()

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return every span of the sampled traces that touch the service, or any service, in order of start."""
        return await self._reads.once((service, window), lambda: self._spans(service, window))

    async def services(self) -> Sequence[str]:
        """Return the services that Zipkin knows."""
        return sorted((await fetch_json(self._backend, "/api/v2/services", _Services)).root)

    async def _spans(self, service: str, window: Window) -> Sequence[Span]:
        note("traces", zipkin_search(self._backend.url, service, window))
        known = await self.services()
        chosen = [service] if service else known[:MOST_SERVICES]
        parts = slices(window, max(2, min(PARTS, MOST_SEARCHES // max(1, len(chosen)))))
        asked = [(one, part) for one in chosen if one in known for part in parts]
        most = max(1, TRACES_EACH if service else TRACES_EACH * 2 // max(1, len(chosen)))
        share = MOST_SPANS // max(1, len(asked))
        found = await together((self._search(one, part, most, share) for one, part in asked), at_once=AT_ONCE)
        spans = ordered(span for span in chain.from_iterable(found) if window.contains(span.start))
        for trace in dict.fromkeys(span.trace_id for span in spans):
            note("traces", zipkin_trace(self._backend.url, trace), trace)
        return spans

    async def _search(self, service: str, part: Window, most: int, share: int) -> list[Span]:
        parameters = {
            "serviceName": service,
            "endTs": str(round(part.end.timestamp() * 1000)),
            "lookback": str(round(part.duration.total_seconds() * 1000)),
            "limit": str(most),
        }
        answer = await fetch_json(self._backend, "/api/v2/traces", _Traces, parameters)
        return [*islice((span for trace in answer.root for span in _of(trace)), share)]


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

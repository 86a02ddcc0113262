"""Traces of a live Jaeger, by the JSON API of its query service."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from pydantic import BaseModel, ConfigDict, Field

from rootline.domain.signal import VERSION, Span
from rootline.domain.window import Window
from rootline.sources.backend import Backend
from rootline.sources.http import Many, fetch_json
from rootline.sources.traces.sample import TraceSample
from rootline.sources.traces.span_fields import error_of, kept, moment, status_of
from rootline.sources.web import jaeger_search, jaeger_trace

_PLACES = frozenset({"hostname", "ip", "k8s.pod.name", "host.name", VERSION})


class _Tag(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    key: str = ""
    value: str | bool | float = ""


class _Log(BaseModel):
    fields: Many[_Tag] = Field(default_factory=list)


class _Reference(BaseModel):
    kind: str = Field(default="CHILD_OF", alias="refType")
    span: str = Field(default="", alias="spanID")


class _Span(BaseModel):
    trace: str = Field(alias="traceID")
    span: str = Field(alias="spanID")
    operation: str = Field(default="", alias="operationName")
    references: Many[_Reference] = Field(default_factory=list)
    parent: str = Field(default="", alias="parentSpanID")
    start: float = Field(default=0.0, alias="startTime")
    duration: float = 0.0
    tags: Many[_Tag] = Field(default_factory=list)
    logs: Many[_Log] = Field(default_factory=list)
    process: str = Field(default="", alias="processID")


class _Process(BaseModel):
    service: str = Field(default="unknown", alias="serviceName")
    tags: Many[_Tag] = Field(default_factory=list)


class _Trace(BaseModel):
    spans: Many[_Span] = Field(default_factory=list)
    processes: dict[str, _Process] = Field(default_factory=dict)


class _Traces(BaseModel):
    data: Many[_Trace] = Field(default_factory=list)


class _Services(BaseModel):
    data: Many[str] = Field(default_factory=list)


class JaegerTraces:
    """Reads a sample of traces out of every part of the window."""

    def __init__(self, backend: Backend, *, name: str = "jaeger") -> None:
        self.name = name
        self._backend = backend
        self._sample = TraceSample(
            services=self.services,
            search=self._search,
            search_page=partial(jaeger_search, backend.url),
            trace_page=partial(jaeger_trace, backend.url),
        )

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return every span of the sampled traces that touch the service, or any service, in order of start."""
        return await self._sample.spans(service, window)

    async def services(self) -> Sequence[str]:
        """Return the services that Jaeger knows."""
        return sorted((await fetch_json(self._backend, "/api/services", _Services)).data)

    async def _search(self, service: str, part: Window, most: int) -> Iterable[Span]:
        parameters = {
            "service": service,
            "start": str(round(part.start.timestamp() * 1e6)),
            "end": str(round(part.end.timestamp() * 1e6) - 1),
            "limit": str(most),
        }
        answer = await fetch_json(self._backend, "/api/traces", _Traces, parameters)
        return (span for trace in answer.data for span in _of(trace))


def _of(trace: _Trace) -> Iterator[Span]:
    for one in trace.spans:
        yield _span(one, trace.processes.get(one.process, _Process()))


def _span(one: _Span, process: _Process) -> Span:
    own = list(_pairs(one.tags))
    places = [pair for pair in _pairs(process.tags) if pair[0] in _PLACES]
    attributes = kept([*own, *places])
    events = [dict(_pairs(log.fields)) for log in one.logs[:20]]
    status = status_of(attributes)
    return Span(
        trace_id=one.trace[:64],
        span_id=one.span[:64],
        parent_id=_parent(one),
        service=process.service[:300],
        operation=one.operation[:300],
        start=moment(one.start),
        duration_s=max(0.0, one.duration) / 1e6,
        status=status,
        error=error_of(attributes, "", events) if status == "error" else "",
        attributes=attributes,
    )


def _parent(one: _Span) -> str | None:
    above = next((ref.span for ref in one.references if ref.kind == "CHILD_OF"), "")
    follows = next((ref.span for ref in one.references), "")
    return (above or follows or one.parent)[:64] or None


def _pairs(tags: Iterable[_Tag]) -> Iterator[tuple[str, str]]:
    for tag in tags:
        yield tag.key, str(tag.value).lower() if isinstance(tag.value, bool) else str(tag.value)

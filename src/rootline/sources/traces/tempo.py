"""Traces of a live Tempo: a TraceQL search, then each trace found, as OTLP."""

import json
from collections.abc import Sequence
from itertools import islice
from math import ceil, floor

from pydantic import BaseModel, Field

from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.sources.backend import Backend
from rootline.sources.failure import SourceFailed
from rootline.sources.http import Many, fetch_json
from rootline.sources.links import note
from rootline.sources.remembered import Remembered
from rootline.sources.slices import slices
from rootline.sources.together import together
from rootline.sources.traces.otlp import ResourceSpans
from rootline.sources.traces.span_fields import MOST_SPANS, ordered
from rootline.sources.traces.too_large import Part, readable

PARTS = 6
"""Source: ours; a search gives the newest traces, so each part of the window is searched for itself."""
TRACES_EACH = 15
AT_ONCE = 4
NOT_FOUND = 404


class _Hit(BaseModel):
    trace: str = Field(alias="traceID")


class _Hits(BaseModel):
    traces: Many[_Hit] = Field(default_factory=list)


class _Body(BaseModel):
    resources: Many[ResourceSpans] = Field(default_factory=list, alias="resourceSpans")


class _Trace(BaseModel):
    """A trace as the API v2 answers it; v1 has `batches` instead."""

    trace: _Body = Field(default_factory=_Body)
    batches: Many[ResourceSpans] = Field(default_factory=list)


class TempoTraces:
    """Reads a sample of traces out of every part of the window."""

    def __init__(self, backend: Backend, *, name: str = "tempo") -> None:
        self.name = name
        self._backend = backend
        self._reads: Remembered[Sequence[Span]] = Remembered()

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return every span of the sampled traces that touch the service, or any service, in order of start."""
        return await self._reads.once((service, window), lambda: self._spans(service, window))

    async def _spans(self, service: str, window: Window) -> Sequence[Span]:
        found = await together((self._search(service, part) for part in slices(window, PARTS)), at_once=AT_ONCE)
        ids = list(dict.fromkeys(one for part in found for one in part))
        share = MOST_SPANS // max(1, len(ids))
        self._note(service, ids, window)
        read = await together((self._trace(one, share) for one in ids), at_once=AT_ONCE)
        traces = readable(read, what="traces")
        return ordered(span for trace in traces for span in trace if window.contains(span.start))

    def _note(self, service: str, ids: Sequence[str], window: Window) -> None:
        grafana = self._backend.grafana
        if grafana is not None:
            asked = f"{{ resource.service.name = {json.dumps(service)} }}" if service else "{}"
            note("traces", grafana.explore("tempo", {"query": asked, "queryType": "traceql"}, window))
            for one in ids:
                note("traces", grafana.explore("tempo", {"query": one, "queryType": "traceql"}, window), one)

    async def _search(self, service: str, part: Window) -> list[str]:
        parameters = {
            "q": f"{{ resource.service.name = {json.dumps(service)} }}" if service else "{}",
            "start": str(floor(part.start.timestamp())),
            "end": str(ceil(part.end.timestamp())),
            "limit": str(TRACES_EACH),
        }
        answer = await fetch_json(self._backend, "/api/search", _Hits, parameters)
        return [hit.trace for hit in answer.traces if hit.trace.isalnum()]

    async def _trace(self, trace: str, share: int) -> Part:
        """Read one trace by the API's second version, or its first; one that has gone meanwhile has no spans."""
        try:
            found = await self._found(f"/api/v2/traces/{trace}") or await self._found(f"/api/traces/{trace}")
        except SourceFailed as failed:
            if not failed.is_too_large:
                raise
            return failed.bare()
        resources = (*found.trace.resources, *found.batches) if found else ()
        return [*islice((span for resource in resources for span in resource.spans()), share)]

    async def _found(self, path: str) -> _Trace | None:
        try:
            return await fetch_json(self._backend, path, _Trace)
        except SourceFailed as failed:
            if failed.status != NOT_FOUND:
                raise
            return None

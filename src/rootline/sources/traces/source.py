"""Spans."""

from collections.abc import Sequence
from typing import Protocol

from rootline.domain.signal import Span
from rootline.domain.window import Window


class TraceSource(Protocol):
    """Reads spans."""

    name: str

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return every span of each trace that touches the service (all traces when it is empty), in order of start."""
        ...


class RecordedTraces:
    """Spans out of a recording."""

    def __init__(self, spans: Sequence[Span], *, name: str = "tape") -> None:
        self.name = name
        self._spans = sorted(spans, key=lambda span: (span.start, span.trace_id, span.span_id))

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return the spans of the window, whole traces at a time."""
        inside = [span for span in self._spans if window.contains(span.start)]
        touched = {span.trace_id for span in inside if service in {"", span.service}}
        return [span for span in inside if span.trace_id in touched]

"""Spans that were sent to us, read beside the traces of those clusters that they are of."""

from collections.abc import Sequence
from dataclasses import replace

from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.intake.homes import Homes
from rootline.intake.stray_spans import TellingOfStrays
from rootline.intake.traces import TraceInbox
from rootline.sources.bundle import Sources
from rootline.sources.fleet.spanning import SpanningTraces
from rootline.sources.traces.joined import JoinedTraces
from rootline.sources.traces.otlp import CLUSTER


class SentSpans:
    """The spans of one cluster that were sent to us, and none of another."""

    def __init__(self, inbox: TraceInbox, cluster: str, homes: Homes) -> None:
        self.name = inbox.name
        self._inbox, self._cluster, self._homes = inbox, cluster, homes

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return the spans of the window, whole traces at a time."""
        every = await self._inbox.spans("", window)
        own = [span for span in every if self._homes.owns(self._cluster, span.attributes.get(CLUSTER, ""))]
        touched = {span.trace_id for span in own if service in {"", span.service}}
        return [span for span in own if span.trace_id in touched]


def with_sent(sources: Sources, inbox: TraceInbox, homes: Homes) -> Sources:
    """Return sources that read the spans which were sent to us, too, beside those of another source of traces.

    Of several clusters each reads its own, and what is of none of them is told.
    """
    held = sources.traces
    if sources.clusters:
        members = [(one, SentSpans(inbox, one, homes)) for one in sorted(sources.clusters)]
        spanning = SpanningTraces(()) if held is None else held
        if not isinstance(spanning, SpanningTraces):
            return sources
        return replace(sources, traces=TellingOfStrays(spanning.beside(members), inbox, homes))
    sent = SentSpans(inbox, sources.cluster_name, homes)
    joined = JoinedTraces([held, sent]) if held else sent
    return replace(sources, traces=TellingOfStrays(joined, inbox, homes) if sources.cluster_name else joined)

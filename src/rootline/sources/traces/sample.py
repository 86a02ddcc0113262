"""A sample of traces out of every part of a window, of a backend whose search gives no more than its newest."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from rootline.analysis.traces.onset import changing
from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.sources.failure import SourceFailed
from rootline.sources.links import note
from rootline.sources.remembered import Remembered
from rootline.sources.slices import slices
from rootline.sources.together import together
from rootline.sources.traces.span_fields import MOST_SPANS, ordered
from rootline.sources.traces.too_large import Part, fitting, readable

PARTS = 6
"""Source: ours; a search gives the newest traces, so each part of the window is searched for itself."""
TRACES_EACH = 15
MOST_SERVICES = 20
MOST_SEARCHES = 48
AT_ONCE = 4
LOOKS, CLOSER = 2, 0.7
"""Source: ours; each look tells the time of a change some six times better, and single calls tell the rest."""
Search = Callable[[str, Window, int], Awaitable[Iterable[Span]]]


@dataclass(frozen=True, kw_only=True)
class TraceSample:
    """Searches service by service and part by part; what was read of a window is kept for the next question.

    Attributes:
        services: Lists the services that the backend knows.
        search: Reads the spans of the newest traces of a service in a part of the window, at most so many traces.
        search_page: Where a person sees the search.
        trace_page: Where a person sees one trace; empty for what is no identifier.

    """

    services: Callable[[], Awaitable[Sequence[str]]]
    search: Search
    search_page: Callable[[str, Window], str]
    trace_page: Callable[[str], str]
    _reads: Remembered[Sequence[Span]] = field(default_factory=Remembered)

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return every span of the sampled traces that touch the service, or any service, in order of start."""
        return await self._reads.once((service, window), lambda: self._spans(service, window))

    async def _spans(self, service: str, window: Window) -> Sequence[Span]:
        note("traces", self.search_page(service, window))
        known = await self.services()
        chosen = [service] if service else known[:MOST_SERVICES]
        parts = slices(window, max(2, min(PARTS, MOST_SEARCHES // max(1, len(chosen)))))
        asked = [(one, part) for one in chosen if one in known for part in parts]
        most = max(1, TRACES_EACH if service else TRACES_EACH * 2 // max(1, len(chosen)))
        share = MOST_SPANS // max(1, len(asked))
        found = await together((self._part(one, part, most, share) for one, part in asked), at_once=AT_ONCE)
        kept = readable(found, what="searches")
        first = ordered(span for span in chain.from_iterable(kept) if window.contains(span.start))
        spans = await self._looked_closer(first, window)
        for trace in dict.fromkeys(span.trace_id for span in spans):
            note("traces", self.trace_page(trace), trace)
        return spans

    async def _looked_closer(self, spans: Sequence[Span], window: Window) -> Sequence[Span]:
        """Add traces of the time in which a service changed, as long as that tells better when it did."""
        known_s = window.duration.total_seconds()
        for _ in range(LOOKS):
            found = changing(spans, window)
            if found is None or found.between.duration.total_seconds() > known_s * CLOSER:
                break
            known_s = found.between.duration.total_seconds()
            share = MOST_SPANS // (2 * LOOKS * PARTS)
            asked = (self._part(found.service, one, TRACES_EACH, share) for one in slices(found.between, PARTS))
            try:
                found_more = await together(asked, at_once=AT_ONCE)
                more = chain.from_iterable(one for one in found_more if not isinstance(one, SourceFailed))
            except SourceFailed:  # what was read before is as good as it was
                break
            spans = ordered(chain(spans, (span for span in more if window.contains(span.start))))
        return spans

    async def _part(self, service: str, part: Window, most: int, share: int) -> Part:
        async def search(fewer: int) -> Iterable[Span]:
            return islice(await self.search(service, part, fewer), share)

        return await fitting(search, most)

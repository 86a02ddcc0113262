"""Traces of several sources as one, each span once."""

import asyncio
from collections.abc import Sequence

from rootline.domain.evidence import ClusterOutcome
from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.hearing import LONGEST_DETAIL, tell
from rootline.sources.traces.otlp import thinned
from rootline.sources.traces.source import TraceSource
from rootline.sources.traces.span_fields import ordered


class JoinedTraces:
    """Asks every source. A span that two of them keep is one; one that fails is named while any answers."""

    def __init__(self, sources: Sequence[TraceSource]) -> None:
        self.name = "+".join(source.name for source in sources)
        self._sources = tuple(sources)

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return every span of each trace that touches the service, of a share of the traces where they are too many.

        Raises:
            SourceFailed: No source answers.

        """
        answers = await asyncio.gather(*(_read(source, service, window) for source in self._sources))
        failed = [one for one in answers if isinstance(one, SourceFailed)]
        if len(failed) == len(answers):
            raise failed[0]
        if failed:
            named = "; ".join(f"{one.asked}: {one.happened}" for one in failed)
            detail = f"without {named}"[:LONGEST_DETAIL]
            tell([ClusterOutcome(cluster="", asked="traces", status="partial", detail=detail)])
        return thinned(ordered(span for one in answers if not isinstance(one, SourceFailed) for span in one))


async def _read(source: TraceSource, service: str, window: Window) -> Sequence[Span] | SourceFailed:
    try:
        return await source.spans(service, window)
    except SourceFailed as failed:
        return failed

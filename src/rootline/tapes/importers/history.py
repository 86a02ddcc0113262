"""A recording that reaches back before its window, so that tools know what is normal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from rootline.domain.signal import LogLine, LogPattern, Series, Span
from rootline.domain.window import Window
from rootline.sources.bundle import Sources
from rootline.sources.logs.source import LogQuery, LogRead, RecordedLogs
from rootline.sources.metrics.source import MetricQuery, RecordedMetrics
from rootline.sources.runbooks.source import Runbook
from rootline.sources.traces.source import RecordedTraces
from rootline.tapes.recording import Recording


class MetricsWithHistory(RecordedMetrics):
    """Recorded series that answer every window with what came before it too."""

    def __init__(self, series: Sequence[Series], history: timedelta) -> None:
        super().__init__(series)
        self._history = history

    async def series(self, query: MetricQuery, window: Window) -> Sequence[Series]:
        """Return the matching series of the window and of the history before it.

        A series without a value in the window is left out. One without a value before it has no history, and is
        left out too where it has gaps: a few samples between gaps tell no normal state.
        """
        reach = Window(start=window.start - self._history, end=window.end)
        found = (_told(one, window.start.timestamp()) for one in await super().series(query, reach))
        return [one for one in found if one is not None]


class TracesWithHistory(RecordedTraces):
    """Recorded spans that answer every window with those of the time before it too."""

    def __init__(self, spans: Sequence[Span], history: timedelta) -> None:
        super().__init__(spans)
        self._history = history

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return the spans of the window and of the history before it, whole traces at a time."""
        return await super().spans(service, Window(start=window.start - self._history, end=window.end))


class LogsWithHistory(RecordedLogs):
    """Recorded lines that answer every window with those of the time before it too."""

    def __init__(self, lines: Sequence[LogLine], patterns: Sequence[LogPattern], history: timedelta) -> None:
        super().__init__(lines, patterns)
        self._history = history

    async def read(self, query: LogQuery, window: Window) -> LogRead:
        """Return the matching lines of the window and of the history before it."""
        return await super().read(query, Window(start=window.start - self._history, end=window.end))


def _told(one: Series, start: float) -> Series | None:
    inside, known = one.times >= start, np.isfinite(one.values)
    if not (known & inside).any():
        return None
    if (known & ~inside).any():
        return one
    return replace(one, times=one.times[inside], values=one.values[inside]) if known[inside].all() else None


@dataclass(frozen=True, kw_only=True)
class RecordingWithHistory(Recording):
    """A recording of a window with the time before it. It is read in memory only: tapes hold no such reach.

    Metrics reach back as far as `history`, spans and lines as far as `minutes`.
    """

    history: timedelta
    minutes: timedelta = timedelta(0)

    def sources(self, *, runbooks: tuple[Runbook, ...] = ()) -> Sources:
        """Return the sources, each with its history."""
        found = super().sources(runbooks=runbooks)
        if self.series is not None:
            found = replace(found, metrics=MetricsWithHistory(self.series, self.history))
        if self.spans is not None:
            found = replace(found, traces=TracesWithHistory(self.spans, self.minutes))
        if self.lines is not None:
            found = replace(found, logs=LogsWithHistory(self.lines, self.patterns or (), self.minutes))
        return found

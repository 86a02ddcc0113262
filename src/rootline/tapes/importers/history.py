"""A recording whose metrics reach back before its window, so that tools know the normal state of each series."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from rootline.domain.signal import Series
from rootline.domain.window import Window
from rootline.sources.bundle import Sources
from rootline.sources.metrics import MetricQuery, RecordedMetrics
from rootline.sources.runbooks import Runbook
from rootline.tapes.recording import Recording


class MetricsWithHistory(RecordedMetrics):
    """Recorded series that answer every window with what came before it too."""

    def __init__(self, series: Sequence[Series], history: timedelta, *, name: str = "tape") -> None:
        super().__init__(series, name=name)
        self._history = history

    async def series(self, query: MetricQuery, window: Window) -> Sequence[Series]:
        """Return the matching series of the window and of the history before it.

        A series without a value in the window is left out. One without a value before it has no history, and is
        left out too where it has gaps: a few samples between gaps tell no normal state.
        """
        reach = Window(start=window.start - self._history, end=window.end)
        found = (_told(one, window.start.timestamp()) for one in await super().series(query, reach))
        return [one for one in found if one is not None]


def _told(one: Series, start: float) -> Series | None:
    inside, known = one.times >= start, np.isfinite(one.values)
    if not (known & inside).any():
        return None
    if (known & ~inside).any():
        return one
    return replace(one, times=one.times[inside], values=one.values[inside]) if known[inside].all() else None


@dataclass(frozen=True, kw_only=True)
class RecordingWithHistory(Recording):
    """A recording of a window with the time before it. It is read in memory only: tapes hold no such reach."""

    history: timedelta

    def sources(self, *, runbooks: tuple[Runbook, ...] = ()) -> Sources:
        """Return the sources, metrics with their history."""
        found = super().sources(runbooks=runbooks)
        if self.series is None:
            return found
        return replace(found, metrics=MetricsWithHistory(self.series, self.history))

"""Metric series by service and name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, Protocol

from rootline.analysis.metrics.joining import identity
from rootline.domain.signal import Series
from rootline.domain.window import Window

Aggregate = Literal["", "sum", "avg", "max", "min"]


@dataclass(frozen=True, kw_only=True)
class MetricQuery:
    """Which series to read. Empty fields match everything; `expression` is for sources that can run PromQL."""

    service: str = ""
    metric: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    aggregate: Aggregate = ""
    expression: str = ""


class MetricSource(Protocol):
    """Reads metric series."""

    name: str
    runs_promql: bool

    async def series(self, query: MetricQuery, window: Window) -> Sequence[Series]:
        """Return the matching series, cut to the window, ordered by service, metric and labels."""
        ...

    async def names(self, service: str) -> Sequence[tuple[str, str]]:
        """Return the known (service, metric) pairs, of one service or of all when it is empty, in order."""
        ...


class RecordedMetrics:
    """Metric series out of a recording."""

    runs_promql = False

    def __init__(self, series: Sequence[Series], *, name: str = "tape", has_history: bool = False) -> None:
        """Take the series; with `has_history`, as much again before a window is returned too, as live ones do."""
        self.name = name
        self._series = sorted(series, key=identity)
        self._has_history = has_history

    async def series(self, query: MetricQuery, window: Window) -> Sequence[Series]:
        """Return the matching series, cut to the window; series without a sample in it are left out."""
        matching = [one for one in self._series if _matches(one, query)]
        before = window.duration if self._has_history else timedelta()
        cut = (_cut(one, Window(start=window.start - before, end=window.end)) for one in matching)
        return [one for one in cut if one.times.size]

    async def names(self, service: str) -> Sequence[tuple[str, str]]:
        """Return the recorded (service, metric) pairs."""
        return sorted({(one.service, one.metric) for one in self._series if service in {"", one.service}})


def _matches(series: Series, query: MetricQuery) -> bool:
    return (
        query.service in {"", series.service}
        and query.metric in {"", series.metric}
        and all(series.labels.get(key) == value for key, value in query.labels.items())
    )


def _cut(series: Series, window: Window) -> Series:
    start, end = window.start.timestamp(), window.end.timestamp()
    inside = (series.times >= start) & (series.times < end)
    return Series(
        service=series.service,
        metric=series.metric,
        unit=series.unit,
        labels=series.labels,
        times=series.times[inside],
        values=series.values[inside],
        infinite=None if series.infinite is None else series.infinite[inside],
    )

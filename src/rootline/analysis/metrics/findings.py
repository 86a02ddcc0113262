"""Measured rows become findings."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rootline.analysis.metrics.ceilings import ceilings
from rootline.analysis.metrics.counters import as_rates
from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.grids import Grid
from rootline.analysis.metrics.kinds import direction_of, kind_of
from rootline.analysis.metrics.measure import Measured, lifted, measure
from rootline.analysis.metrics.onset import Places
from rootline.analysis.metrics.robust import without_nan
from rootline.analysis.metrics.spans import lead, pace, recent_columns
from rootline.analysis.metrics.units import guess_unit
from rootline.domain.signal import Floats, Series

# An effect of ten spreads is half of the full score; a lone sample counts half of what a lasting shift does.
_HALF_SCORE = 10.0
_UNCHANGED = 0.2
_PATTERN = 0.25
# A run that stops this close to the window's end has not ended: one quiet sample is no recovery.
_TRAILING_SHARE = 0.05


class _Row(NamedTuple):
    """One row of a measured grid as plain numbers, in the order in which `_rows` zips them."""

    changed: bool
    broken: bool
    rises: bool
    gradual: bool
    level: float
    spread: float
    current: float
    peak: float
    effect: float
    significance: float
    score: float
    start: int
    stop: int
    points: int


def findings(lines: Sequence[Series], grid: Grid, inside: slice, normal: Places | None) -> Iterator[MetricFinding]:
    """Judge the rows of a grid.

    Args:
        lines: The series of the rows, in row order.
        grid: Their samples.
        inside: The columns to judge.
        normal: The columns that show the normal state, or None.

    """
    metrics = [line.metric for line in lines]
    counters, values = as_rates(metrics, grid.values, grid.times)
    rated = counters.tolist()
    if inside.stop <= inside.start:
        return (_absent(line, as_rate=rate) for line, rate in zip(lines, rated, strict=True))
    tops = ceilings(metrics, values)
    values = values - tops[:, None] if tops.any() else values
    window = values[:, inside]
    measured = _measured(values, grid.times, inside, normal)
    times: list[float] = grid.times[inside].tolist()
    rows = _rows(lifted(measured, tops), window)
    return (_finding(line, row, times, as_rate=rate) for line, row, rate in zip(lines, rows, rated, strict=True))


def _measured(values: Floats, times: Floats, inside: slice, normal: Places | None) -> Measured:
    if normal is None:
        return measure(values[:, inside])
    usual = pace(times[normal])
    latest = recent_columns(times, normal, inside, usual)
    return measure(
        values[:, inside],
        _samples(values, normal),
        lead=lead(times, normal, inside, usual),
        latest=_samples(values, latest) if latest.size else None,
    )


def _samples(values: Floats, places: Places) -> Floats:
    """The samples at some places in order, without a copy where these are without a gap."""
    first, behind = int(places[0]), int(places[-1]) + 1
    return values[:, first:behind] if behind - first == places.size else values[:, places]


def _rows(measured: Measured, window: Floats) -> Iterator[_Row]:
    found = measured.excursion
    length = found.stop - found.start
    size = without_nan(np.abs(measured.effect))
    share = size / (size + _HALF_SCORE)
    share = np.where(measured.broken, _PATTERN, share * np.where(found.changed, 1 - 1 / (1 + length), _UNCHANGED))
    quiet_tail = window.shape[1] - found.stop < np.maximum(1, _TRAILING_SHARE * length)
    stop = np.where(quiet_tail, window.shape[1], found.stop)
    columns = (
        found.changed | measured.broken,
        measured.broken,
        found.sign > 0,
        found.gradual,
        measured.baseline,
        measured.spread,
        measured.current,
        measured.peak,
        measured.effect,
        found.significance,
        share,
        found.start,
        stop,
        np.isfinite(window).sum(axis=1),
    )
    return (_Row(*cells) for cells in zip(*(column.tolist() for column in columns), strict=True))


def _finding(line: Series, row: _Row, times: Sequence[float], *, as_rate: bool) -> MetricFinding:
    unit = _unit(line.metric, line.unit, as_rate)
    return MetricFinding(
        service=line.service,
        metric=line.metric,
        unit=unit,
        labels=line.labels,
        direction=direction_of(changed=row.changed and not row.broken, rises=row.rises),
        kind=kind_of(
            changed=row.changed,
            broken=row.broken,
            rises=row.rises,
            gradual=row.gradual,
            baseline=row.level,
            reached=row.peak if row.gradual and row.rises else row.current,
            unit=unit,
        ),
        baseline=row.level,
        spread=row.spread,
        current=row.current,
        peak=row.peak,
        onset=_moment(times[row.start]) if row.changed else None,
        ended=_moment(times[row.stop]) if row.changed and row.stop < len(times) else None,
        effect=row.effect if row.points else 0.0,
        ratio=row.current / row.level if row.level and row.points else None,
        score=row.score,
        significance=row.significance,
        points=row.points,
        gaps=1 - row.points / len(times),
        as_rate=as_rate,
    )


def _absent(line: Series, *, as_rate: bool) -> MetricFinding:
    nothing = float("nan")
    return MetricFinding(
        service=line.service,
        metric=line.metric,
        unit=_unit(line.metric, line.unit, as_rate),
        labels=line.labels,
        direction="flat",
        kind="none",
        baseline=nothing,
        spread=nothing,
        current=nothing,
        peak=nothing,
        onset=None,
        ended=None,
        effect=0.0,
        ratio=None,
        score=0.0,
        significance=0.0,
        points=0,
        gaps=1.0,
        as_rate=as_rate,
    )


@lru_cache(maxsize=4096)
def _unit(metric: str, unit: str, as_rate: bool) -> str:
    known = unit or guess_unit(metric)
    if not as_rate:
        return known
    return "1/s" if known in ("", "count") else f"{known}/s"


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

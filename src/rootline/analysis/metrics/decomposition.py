"""Trend, season and remainder of a series, robustly."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from rootline.analysis.metrics.seasons import seasonal
from rootline.domain.signal import Floats

_ROUNDS = 2
_SHORTEST, _LEAST_CYCLES = 2, 2
_LEAST_TREND = 7
_SEASONAL_SPAN = 7


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What adds up to the series: shape (n,) each, in its unit."""

    trend: Floats
    season: Floats
    remainder: Floats


def decompose(values: Floats, period: int) -> Parts:
    """Split a series into a slow trend, a season that may drift slowly, and the remainder.

    As in STL, season and trend are refined in turn; running medians replace the weighted local regressions,
    so no weights need to be iterated for outliers, and a level shift stays a step in the trend.

    Args:
        values: Samples in time order, shape (n,), without NaN.
        period: Season length in samples; under 2, or more than half of the samples, means no season.

    Source: Cleveland, Cleveland, McRae and Terpenning, "STL: A Seasonal-Trend Decomposition Procedure Based
    on Loess" (1990), with medians in place of loess.

    """
    repeats = _SHORTEST <= period <= values.size // _LEAST_CYCLES
    width = max(_LEAST_TREND, (3 * period // 2) | 1 if repeats else values.size // 5 | 1)
    trend, season = (
        _over_whole_cycles(values, width) if repeats else running_median(values, width),
        np.zeros(values.size),
    )
    for _ in range(_ROUNDS if repeats else 0):
        season = _season(values - trend, period)
        trend = running_median(values - season, width)
    return Parts(trend=trend, season=season, remainder=values - season - trend)


def running_median(values: Floats, width: int) -> Floats:
    """The median of the `width` samples around each one, with fewer at the ends; shape (n,)."""
    half = min(width, 2 * values.size - 1) // 2
    padded = np.pad(values, half, constant_values=np.nan)
    around = sliding_window_view(padded, 2 * half + 1)
    median: Floats = np.nanmedian(around, axis=1) if half else values.copy()
    return median


def _over_whole_cycles(values: Floats, width: int) -> Floats:
    """A running median of whole windows, its first and last value repeated, so that no end sees half a cycle."""
    half = min(width, values.size) // 2
    trend = running_median(values, width)
    trend[:half], trend[values.size - half :] = trend[half], trend[values.size - half - 1]
    return trend


def _season(detrended: Floats, period: int) -> Floats:
    """The median of each phase over the seven cycles around, centred on zero."""
    cycles = -(-detrended.size // period)
    if cycles <= _SEASONAL_SPAN:
        few: Floats = seasonal(detrended[None, :], period)[0]
        return few
    padded = np.full(cycles * period, np.nan)
    padded[: detrended.size] = detrended
    by_phase = padded.reshape(cycles, period).T
    smooth = np.stack([_over_cycles(phase) for phase in by_phase])
    season: Floats = smooth.T.reshape(-1)[: detrended.size]
    centred: Floats = season - _over_whole_cycles(season, period | 1)
    return centred


def _over_cycles(phase: Floats) -> Floats:
    half = _SEASONAL_SPAN // 2
    around = sliding_window_view(np.pad(phase, half, constant_values=np.nan), _SEASONAL_SPAN)
    known = np.isfinite(around).any(axis=1)
    smooth = np.zeros(phase.size)
    smooth[known] = np.nanmedian(around[known], axis=1)
    return smooth

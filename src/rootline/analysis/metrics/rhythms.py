"""The day and the week: what the same hour of earlier days makes us expect, learnt only from the past."""

from dataclasses import dataclass

import numpy as np

from rootline.analysis.metrics.robust import Mask
from rootline.domain.signal import Floats

_DAY_S = 86_400.0
_RHYTHMS_S = (_DAY_S, 7 * _DAY_S)
_CYCLES = 6
_SHORTEST = 4
# A rhythm is trusted once it has predicted two cycles with at most half the error of the running mean.
_PROVEN_CYCLES = 2
_BETTER = 0.5
_USABLE_CYCLES = 0.25


@dataclass(frozen=True, kw_only=True)
class Residual:
    """What is left of a series without one rhythm, shape (n,), and where that may be used."""

    values: Floats
    usable: Mask
    proven: Mask


def residuals(times: Floats, values: Floats) -> list[Residual]:
    """Take the daily and the weekly rhythm off a series.

    Args:
        times: Unix seconds, shape (n,).
        values: Samples, shape (n,), without NaN.

    Returns:
        One residual for each rhythm of which the series holds at least two cycles: each sample less the
        median of the samples at the same time in the six cycles before.

    """
    if times.size < 2 * _SHORTEST:
        return []
    step = float(np.median(np.diff(times)))
    periods = [round(length / step) for length in _RHYTHMS_S]
    mean_error = np.abs(values - _mean_before(values))
    return [_residual(values, period, mean_error) for period in periods if _SHORTEST <= period <= values.size // 2]


def _residual(values: Floats, period: int, mean_error: Floats) -> Residual:
    left = values - _same_time_before(values, period)
    known = np.isfinite(left)
    count = np.cumsum(known)
    error = np.cumsum(np.where(known, np.abs(left), 0.0))
    plain = np.cumsum(np.where(known, mean_error, 0.0))
    better = (count >= _PROVEN_CYCLES * period) & (error < _BETTER * np.maximum(plain, np.finfo(np.float64).tiny))
    return Residual(
        values=np.where(known, left, 0.0),
        usable=known & (count >= _USABLE_CYCLES * period),
        proven=np.concatenate([[False], better[:-1]]),
    )


def _same_time_before(values: Floats, period: int) -> Floats:
    """The median of up to six samples, one to six periods earlier; NaN in the first period."""
    earlier = np.full((_CYCLES, values.size), np.nan)
    for cycle in range(1, _CYCLES + 1):
        if cycle * period < values.size:
            earlier[cycle - 1, cycle * period :] = values[: -cycle * period]
    ordered = np.sort(earlier, axis=0)
    count = np.isfinite(ordered).sum(axis=0)
    place = np.arange(values.size)
    low = ordered[np.maximum(count - 1, 0) // 2, place]
    median: Floats = 0.5 * (low + ordered[np.minimum(count // 2, _CYCLES - 1), place])
    return median


def _mean_before(values: Floats) -> Floats:
    return np.concatenate([values[:1], np.cumsum(values)[:-1] / np.arange(1, values.size)])

"""Levels and spreads that a minority of wild samples cannot move, for many rows at once."""

from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from rootline.domain.signal import Floats, is_complete

Mask = NDArray[np.bool_]
Counts = NDArray[np.intp]

# Source: the median absolute deviation of a normal distribution is 0.6745 of its standard deviation.
_MAD_TO_SIGMA = 1.4826
# Source: 95 % of a normal distribution lie below its mean plus 1.645 standard deviations.
_Q95_TO_SIGMA = 1 / 1.645
# Source: 99 % lie below the mean plus 2.326 standard deviations.
_Q99_TO_SIGMA = 1 / 2.326
_ENOUGH_FOR_TAILS, _ENOUGH_FOR_FAR_TAILS = 20, 300
_SMALL_BASELINE = 8
# Source: 30 % of the absolute differences of two normal values lie under 0.545 standard deviations. A low
# share is asked for, because one wild sample among five makes half of the differences large.
_CALM_SHARE = 0.3
_DIFFERENCE_TO_SIGMA = 1 / 0.545
_MATERIAL = 0.01
_TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True, kw_only=True)
class Normal:
    """What is normal for each row: shape (m,) each, in the row's unit.

    `upward` and `downward` are robust standard deviations on either side of `level`, so that a skewed
    metric is not called abnormal for its usual tail. `count` is the number of samples they rest on.
    """

    level: Floats
    upward: Floats
    downward: Floats
    count: Counts

    def rows(self, chosen: Mask | Counts) -> "Normal":
        """Some rows of it, by a mask or by their numbers."""
        return Normal(
            level=self.level[chosen],
            upward=self.upward[chosen],
            downward=self.downward[chosen],
            count=self.count[chosen],
        )


def normal(values: Floats, scale: Floats, counts_things: Mask) -> Normal:
    """Describe the normal state of each row.

    Args:
        values: Normal samples, shape (m, n), NaN for those that do not count.
        scale: The largest absolute value each row reaches, shape (m,): the floor where a row is constant.
        counts_things: Rows that hold whole numbers, shape (m,): their noise is at least Poisson's.

    Returns:
        Levels and spreads, NaN for a row without samples. The spread is the MAD's sigma, or the tail's
        where it is wider, inflated for few samples and never under 1 % of the level.

    Source: MAD and its consistency constant, Rousseeuw and Croux, "Alternatives to the Median Absolute
    Deviation" (1993). The inflation 1 + 3/n stands in for Student's t at small n.

    """
    ordered = np.sort(values, axis=1)
    count = counted(ordered)
    level = quantile(ordered, count, 0.5)
    deviation = ordered - level[:, None]
    np.abs(deviation, out=deviation).sort(axis=1)
    sigma = _MAD_TO_SIGMA * quantile(deviation, count, 0.5)
    upward, downward = (np.maximum(sigma, tail) for tail in _tails(ordered, count, level))
    grown = 1 + 3 / np.maximum(count, 1)
    least = _least_spread(level, np.maximum(upward, downward), scale, counts_things)
    return Normal(
        level=level,
        upward=np.maximum(upward * grown, least),
        downward=np.maximum(downward * grown, least),
        count=np.full(level.size, count),
    )


def middle(values: Floats) -> Floats:
    """The median of each row, as `normal` takes it for the level."""
    ordered = np.sort(values, axis=1)
    return quantile(ordered, counted(ordered), 0.5)


def material(level: Floats, scale: Floats) -> Floats:
    """What no spread is under, whatever the samples: 1 % of the level, 2 % of the scale over a zero level."""
    size = np.abs(level)
    share = np.where(size > _MATERIAL * scale, _MATERIAL * size, 2 * _MATERIAL * scale)
    return np.maximum(share, _TINY)


def with_noise(state: Normal, carried: Floats) -> Normal:
    """Widen the spread of rows with under 8 normal samples to the noise between neighbours everywhere.

    Args:
        state: What is normal, from few samples.
        carried: All samples of the window, shape (m, n) without NaN.

    """
    few = (state.count < _SMALL_BASELINE).nonzero()[0]
    if not few.size or carried.shape[1] < 3:  # noqa: PLR2004  two differences are the fewest to compare
        return state
    steps = np.sort(np.abs(np.diff(carried[few], axis=1)), axis=1)
    noise = np.zeros(state.level.size)
    noise[few] = _DIFFERENCE_TO_SIGMA * quantile(steps, steps.shape[1], _CALM_SHARE)
    return replace(state, upward=np.maximum(state.upward, noise), downward=np.maximum(state.downward, noise))


def replaced(state: Normal, rows: NDArray[np.intp], fresh: Normal) -> Normal:
    """The state with some of its rows taken from another one."""
    level, upward, downward = state.level.copy(), state.upward.copy(), state.downward.copy()
    count = state.count.copy()
    level[rows], upward[rows], downward[rows] = fresh.level, fresh.upward, fresh.downward
    count[rows] = fresh.count
    return Normal(level=level, upward=upward, downward=downward, count=count)


def without_nan(values: Floats) -> Floats:
    """The values with 0 in place of NaN; the same array where all are finite."""
    return values if is_complete(values) else np.nan_to_num(values, nan=0.0)


def counted(ordered: Floats) -> Counts | int:
    """How many samples stand before the NaNs of each sorted row, shape (m,); one number where no row has a NaN."""
    samples: int = ordered.shape[1]
    if is_complete(ordered[:, :: max(samples - 1, 1)]):
        return samples
    count: Counts = np.isfinite(ordered).sum(axis=1)
    return count


def quantile(ordered: Floats, count: Counts | int, share: float | Floats) -> Floats:
    """Read a quantile of sorted rows whose NaNs stand last; between two samples, their mean.

    Args:
        ordered: Rows sorted ascending, shape (m, n).
        count: Samples before the NaNs, shape (m,), or one number for all rows.
        share: 0 for the least, 1 for the greatest; one for all rows, or, where they differ in their count, one for
            each, shape (m,).

    """
    if isinstance(count, int):
        place = max(count - 1, 0) * share
        return 0.5 * (ordered[:, floor(place)] + ordered[:, ceil(place)])
    rows, places = np.arange(count.size), np.maximum(count - 1, 0) * share
    low = ordered[rows, places.astype(np.intp)]
    high = ordered[rows, np.ceil(places).astype(np.intp)]
    return 0.5 * (low + high)


def _tails(ordered: Floats, count: Counts | int, level: Floats) -> tuple[Floats, Floats]:
    """What the upper and the lower tail of sorted rows make of one sigma; 0 for rows with few samples."""
    share, to_sigma = _tail(count)
    upper = (quantile(ordered, count, share) - level) * to_sigma
    lower = (level - quantile(ordered, count, 1 - share)) * to_sigma
    enough = count >= _ENOUGH_FOR_TAILS
    return np.where(enough, upper, 0.0), np.where(enough, lower, 0.0)


def _tail(count: Counts | int) -> tuple[float | Floats, float | Floats]:
    """Which share of so many samples bounds their upper tail, and what makes one sigma of its distance."""
    far = count >= _ENOUGH_FOR_FAR_TAILS
    if isinstance(far, bool):
        return (0.99, _Q99_TO_SIGMA) if far else (0.95, _Q95_TO_SIGMA)
    return np.where(far, 0.99, 0.95), np.where(far, _Q99_TO_SIGMA, _Q95_TO_SIGMA)


def _least_spread(level: Floats, raw: Floats, scale: Floats, counts_things: Mask) -> Floats:
    """The least spread that matters; for whole numbers half of Poisson's, or a fifth of one step in a constant row."""
    least = material(level, scale)
    if not counts_things.any():
        return least
    whole = np.where(raw > 0, 0.5 * np.sqrt(np.maximum(np.abs(level), 1.0)), 0.2)
    return np.maximum(least, np.where(counts_things, whole, 0.0))

"""A series as a short row of digits that a model can read."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rootline.domain.signal import Floats

_TOP_DIGIT = 9
_ZERO, _GAP = ord("0"), ord(".")


def sparkline(values: Floats, width: int = 20) -> str:
    """Draw values as digits from 0 (lowest) to 9 (highest), gaps as dots.

    Args:
        values: Samples in time order, shape (n,), NaN where one is missing.
        width: The most characters to draw. Longer series are cut into `width` bins of equal count,
            each drawn as its extreme: the sample farthest from the median, so that spikes stay visible.

    Returns:
        min(n, width) characters; a constant series is a row of zeros.

    """
    return sparklines([values], width)[0]


def sparklines(series: Sequence[Floats], width: int = 20) -> list[str]:
    """Draw many series as `sparkline` draws one, those of the same length together."""
    drawn = [""] * len(series)
    for size in {one.size for one in series}:
        members = [at for at, one in enumerate(series) if one.size == size]
        for at, text in zip(members, _drawn(np.array([series[at] for at in members]), width), strict=True):
            drawn[at] = text
    return drawn


def _drawn(values: Floats, width: int) -> list[str]:
    """Draw the rows of a matrix, shape (m, n)."""
    cells = _bins(values, width)
    known = np.isfinite(cells)
    low = np.where(known, cells, np.inf).min(axis=1, keepdims=True, initial=np.inf)
    high = np.where(known, cells, -np.inf).max(axis=1, keepdims=True, initial=-np.inf)
    moves = high > low
    scale = np.divide(_TOP_DIGIT, np.subtract(high, low, where=moves, out=np.ones_like(low)))
    above = np.subtract(cells, low, where=known & moves, out=np.zeros_like(cells))
    codes = np.where(known, _ZERO + np.rint(above * scale), _GAP).astype(np.uint8)
    return [row.tobytes().decode("ascii") for row in codes]


def _bins(values: Floats, width: int) -> Floats:
    """Return the extreme of each bin: the first of those farthest from the median, NaN where a bin is empty."""
    if values.shape[1] <= width:
        return values
    finite = np.isfinite(values)
    distance = np.where(finite, np.abs(values - _medians(values, finite)), -1.0)
    places, inside = _places(values.shape[1], width)
    farthest = np.argmax(np.where(inside, distance[:, places], -2.0), axis=2)
    cells: Floats = np.take_along_axis(values, places[np.arange(width), farthest], axis=1)
    return np.where(np.isfinite(cells), cells, np.nan)


def _medians(values: Floats, finite: NDArray[np.bool_]) -> Floats:
    """Return the median of what is finite in each row, shape (m, 1); zero where nothing is."""
    count = finite.sum(axis=1)
    ordered = np.sort(np.where(finite, values, np.inf), axis=1)
    rows, last = np.arange(count.size), np.maximum(count - 1, 0)
    middle = 0.5 * (ordered[rows, last // 2] + ordered[rows, (last + 1) // 2])
    return np.where(count > 0, middle, 0.0)[:, None]


@lru_cache(maxsize=16)
def _places(size: int, width: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return which samples each bin holds, shape (width, most): bins of equal count, the first ones longer by one."""
    short, longer = divmod(size, width)
    counts = np.full(width, short) + (np.arange(width) < longer)
    starts = np.cumsum(counts) - counts
    offsets = np.arange(short + bool(longer))
    inside = offsets[None, :] < counts[:, None]
    return np.where(inside, starts[:, None] + offsets[None, :], 0).astype(np.intp), inside

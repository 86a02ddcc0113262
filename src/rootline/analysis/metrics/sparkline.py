"""A series as a short row of digits that a model can read."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rootline.domain.signal import Floats, is_complete, measured

_TOP_DIGIT = 9
# A row that reaches over less is constant: to divide by it would overflow.
_LEAST_REACH = 10 / np.finfo(np.float64).max
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
    cells = measured(_bins(values, width))
    known = np.isfinite(cells)
    low = np.where(known, cells, np.inf).min(axis=1, keepdims=True, initial=np.inf)
    high = np.where(known, cells, -np.inf).max(axis=1, keepdims=True, initial=-np.inf)
    scale = _TOP_DIGIT / np.maximum(high - low, _LEAST_REACH)
    codes = np.where(known, _ZERO + np.rint((cells - low) * scale), _GAP).astype(np.uint8)
    text, drawn = codes.tobytes().decode("ascii"), codes.shape[1]
    return [text[row * drawn : (row + 1) * drawn] for row in range(len(codes))]


def _bins(values: Floats, width: int) -> Floats:
    """Return the extreme of each bin: the first of those farthest from the median, no number where a bin is empty."""
    if values.shape[1] <= width:
        return values
    if is_complete(values):
        distance = values - _medians(values)
        np.abs(distance, out=distance)
    else:
        finite = np.isfinite(values)
        distance = np.where(finite, np.abs(values - _medians_of(values, finite)), -1.0)
    cells: Floats = values[np.arange(len(values))[:, None], _farthest(distance, width)]
    return cells


def _medians(values: Floats) -> Floats:
    """Return the median of each row of finite values, shape (m, 1).

    The lower ones of all stand where the ascending first half is paired with the descending second half, and numpy
    sorts two short rows much faster than a long one.
    """
    rows, samples = values.shape
    if samples % 2:
        return np.sort(values, axis=1)[:, samples // 2 : samples // 2 + 1]
    halves = np.sort(values.reshape(rows, 2, samples // 2), axis=2)
    first, second = halves[:, 0], halves[:, 1, ::-1]
    low: Floats = np.minimum(first, second).max(axis=1, keepdims=True)
    high: Floats = np.maximum(first, second).min(axis=1, keepdims=True)
    return 0.5 * (low + high)


def _medians_of(values: Floats, finite: NDArray[np.bool_]) -> Floats:
    """Return the median of what is finite in each row, shape (m, 1); zero where nothing is."""
    count = finite.sum(axis=1)
    ordered = np.sort(np.where(finite, values, np.inf), axis=1)
    rows, last = np.arange(count.size), np.maximum(count - 1, 0)
    middle = 0.5 * (ordered[rows, last // 2] + ordered[rows, (last + 1) // 2])
    return np.where(count > 0, middle, 0.0)[:, None]


def _farthest(distance: Floats, width: int) -> NDArray[np.intp]:
    """Return the place of the first greatest distance in each of so many bins, the first ones longer by one."""
    rows, samples = distance.shape
    short, longer = divmod(samples, width)
    edge = longer * (short + 1)
    parts = distance[:, :edge].reshape(rows, longer, short + 1), distance[:, edge:].reshape(rows, width - longer, short)
    found: NDArray[np.intp] = np.concatenate([part.argmax(axis=2) for part in parts], axis=1)
    return found + _starts(samples, width)


@lru_cache(maxsize=16)
def _starts(samples: int, width: int) -> NDArray[np.intp]:
    """Return the first sample of each bin."""
    short, longer = divmod(samples, width)
    return np.array([at * short + min(at, longer) for at in range(width)], dtype=np.intp)

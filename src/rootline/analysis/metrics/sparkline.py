"""A series as a short row of digits that a model can read."""

from functools import lru_cache
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from rootline.domain.signal import Floats

_TOP_DIGIT = 9


def sparkline(values: Floats, width: int = 20) -> str:
    """Draw values as digits from 0 (lowest) to 9 (highest), gaps as dots.

    Args:
        values: Samples in time order, shape (n,), NaN where one is missing.
        width: The most characters to draw. Longer series are cut into `width` bins of equal count,
            each drawn as its extreme: the sample farthest from the median, so that spikes stay visible.

    Returns:
        min(n, width) characters; a constant series is a row of zeros.

    """
    cells = _bins(values, width)
    known = cells[np.isfinite(cells)]
    if not known.size:
        return "." * cells.size
    low, high = float(known.min()), float(known.max())
    scale = _TOP_DIGIT / (high - low) if high > low else 0.0
    return "".join("." if not isfinite(cell) else str(round((cell - low) * scale)) for cell in cells.tolist())


def _bins(values: Floats, width: int) -> Floats:
    """Return the extreme of each bin: the first of those farthest from the median, NaN where a bin is empty."""
    if values.size <= width:
        return values
    finite = np.isfinite(values)
    if not finite.any():
        return np.full(width, np.nan)
    distance = np.where(finite, np.abs(values - np.median(values[finite])), -1.0)
    places, inside = _places(values.size, width)
    farthest = np.argmax(np.where(inside, distance[places], -2.0), axis=1)
    cells: Floats = values[places[np.arange(width), farthest]]
    return np.where(np.isfinite(cells), cells, np.nan)


@lru_cache(maxsize=16)
def _places(size: int, width: int) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return which samples each bin holds, shape (width, most): bins of equal count, the first ones longer by one."""
    short, longer = divmod(size, width)
    counts = np.full(width, short) + (np.arange(width) < longer)
    starts = np.cumsum(counts) - counts
    offsets = np.arange(short + bool(longer))
    inside = offsets[None, :] < counts[:, None]
    return np.where(inside, starts[:, None] + offsets[None, :], 0).astype(np.intp), inside

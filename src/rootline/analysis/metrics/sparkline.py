"""A series as a short row of digits that a model can read."""

import numpy as np

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
    return "".join("." if not np.isfinite(cell) else str(round((cell - low) * scale)) for cell in cells)


def _bins(values: Floats, width: int) -> Floats:
    if values.size <= width:
        return values
    finite = values[np.isfinite(values)]
    middle = float(np.median(finite)) if finite.size else 0.0
    return np.array([_extreme(part, middle) for part in np.array_split(values, width)])


def _extreme(part: Floats, middle: float) -> float:
    known = part[np.isfinite(part)]
    return float(known[np.argmax(np.abs(known - middle))]) if known.size else float("nan")

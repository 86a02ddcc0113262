"""Which samples of a window show the normal state, when nothing but the window is known."""

import numpy as np

from rootline.analysis.metrics.onset import inside, widest_contrast
from rootline.analysis.metrics.robust import Mask, quantile
from rootline.domain.signal import Floats, is_complete

_LEAST_SHARE = 0.05
_FEW = 3
# How many widths of the middle 80 % a sample may lie outside it before it is pulled in.
_FENCE = 3.0


def filled(values: Floats) -> Floats:
    """Carry the last known sample over gaps, and the first one back to the start; zero for empty rows."""
    if is_complete(values):
        return values
    known = np.isfinite(values)
    place = np.where(known, np.arange(values.shape[1]), -1)
    latest = np.maximum.accumulate(place, axis=1)
    first = np.argmax(known, axis=1)[:, None]
    carried = np.take_along_axis(values, np.where(latest < 0, first, latest), axis=1)
    return np.nan_to_num(carried, nan=0.0)


def fewest(samples: int) -> int:
    """The fewest samples that count as a normal state in a window of this many samples."""
    return max(min(_FEW, samples // 4), int(np.ceil(_LEAST_SHARE * samples)), 1)


def quiet_samples(values: Floats) -> Mask:
    """Mark the samples of each row that show its normal state.

    The stretch that contrasts most with the rest is found; the normal state is what lies outside it,
    or what came first where the stretch touches the start, or the larger part where the other is tiny.

    Args:
        values: Shape (m, n), n at least 2, without NaN.

    """
    samples = values.shape[1]
    least = fewest(samples)
    stretch = widest_contrast(fenced(values))
    length = stretch.stop - stretch.start
    from_start = stretch.start < least
    inside_is_normal = np.where(from_start, length >= least, samples - length < least)
    quiet: Mask = inside(stretch.start, stretch.stop, samples) == inside_is_normal[:, None]
    return quiet


def fenced(values: Floats) -> Floats:
    """Pull in samples that lie three widths of the middle 80 % outside it; shape (m, n) without NaN."""
    ordered = np.sort(values, axis=1)
    low, high = (quantile(ordered, ordered.shape[1], share) for share in (0.1, 0.9))
    reach = np.where(high > low, _FENCE * (high - low), np.inf)
    return np.clip(values, (low - reach)[:, None], (high + reach)[:, None])

"""Gradual changes: where a slow climb or slide began."""

from dataclasses import dataclass

import numpy as np

from rootline.analysis.metrics.onset import Places
from rootline.analysis.metrics.robust import Mask
from rootline.domain.signal import Floats

_SMOOTH = 5
_LEAST_SAMPLES = 6
_LEAST_SHARE = 0.08
_AT_ONCE = 0.5


@dataclass(frozen=True, kw_only=True)
class Ramp:
    """Whether each row changes gradually, and the first sample of the climb; shape (m,) each."""

    gradual: Mask
    start: Places


def find_ramp(values: Floats, onset: Places) -> Ramp:
    """Tell a climb from a step and extrapolate where the climb left the normal level.

    The climb is the way from a quarter to three quarters between the lowest level before the top and the
    top. It is gradual when it takes at least 6 samples and 8 % of the window, and a straight line fits the
    stretch around it at least twice as well as a step at `onset`.

    Args:
        values: Samples, negated where the change goes down, shape (m, n), without NaN.
        onset: Where a sudden change would have begun, shape (m,).

    """
    rows = values.shape[0]
    found = Ramp(gradual=np.zeros(rows, dtype=bool), start=onset.copy())
    slow = (~_jumps(values, onset)).nonzero()[0]
    if slow.size:
        climb = _climb(values[slow], onset[slow])
        found.gradual[slow], found.start[slow] = climb.gradual, climb.start
    return found


def _jumps(values: Floats, onset: Places) -> Mask:
    """Whether most of the way to the top is made at the onset itself: a cheap test before the exact one."""
    row = np.arange(values.shape[0])
    top = values.max(axis=1)
    before = values[row, np.maximum(onset - 1, 0)]
    at = np.minimum(values[row, onset], values[row, np.minimum(onset + 1, values.shape[1] - 1)])
    jumped: Mask = (onset > 0) & (at - before > _AT_ONCE * (top - before))
    return jumped


def _climb(values: Floats, onset: Places) -> Ramp:
    rows, samples = values.shape
    place = np.arange(samples)
    smooth = _smoothed(values)
    top = np.argmax(smooth, axis=1)
    rising = place <= top[:, None]
    high = smooth[np.arange(rows), top]
    low = np.where(rising, smooth, np.inf).min(axis=1)
    quarter = _last(rising & (smooth <= (low + 0.25 * (high - low))[:, None]))
    above = (place > quarter[:, None]) & (smooth >= (low + 0.75 * (high - low))[:, None])
    three_quarters = np.argmax(above, axis=1)
    width = three_quarters - quarter
    start = np.maximum(np.ceil(quarter - 0.5 * width), 0).astype(np.intp)
    end = np.minimum(three_quarters + 0.5 * width, samples - 1).astype(np.intp)
    long_enough = above.any(axis=1) & (width >= max(_LEAST_SAMPLES, _LEAST_SHARE * samples))
    gradual = np.zeros(rows, dtype=bool)
    slow = np.flatnonzero(long_enough)
    if slow.size:
        levels = np.stack([low[slow], high[slow]])
        gradual[slow] = _line_fits(values[slow], start[slow], end[slow], levels, onset[slow])
    return Ramp(gradual=gradual, start=start)


def _smoothed(values: Floats) -> Floats:
    if values.shape[1] < 2 * _SMOOTH:
        return values
    half = _SMOOTH // 2
    first, behind = 1 + half, 1 + half + values.shape[1]
    walk = np.zeros((values.shape[0], behind + half))
    walk[:, 1:first], walk[:, first:behind], walk[:, behind:] = values[:, :1], values, values[:, -1:]
    np.cumsum(walk, axis=1, out=walk)
    return (walk[:, _SMOOTH:] - walk[:, :-_SMOOTH]) / _SMOOTH


def _last(marks: Mask) -> Places:
    samples = marks.shape[1]
    last = samples - 1 - np.argmax(marks[:, ::-1], axis=1)
    return np.where(marks.any(axis=1), last, 0)


def _line_fits(values: Floats, start: Places, end: Places, levels: Floats, onset: Places) -> Mask:
    """Whether a line from the low to the high level leaves at most half a step's squared error."""
    place = np.arange(values.shape[1])
    low, high = levels[0][:, None], levels[1][:, None]
    climbed = (place - start[:, None]) / np.maximum(end - start, 1)[:, None]
    line = low + (high - low) * np.clip(climbed, 0.0, 1.0)
    step = np.where(place >= onset[:, None], high, low)
    around = place <= end[:, None]
    line_error = np.where(around, (values - line) ** 2, 0.0).sum(axis=1)
    step_error = np.where(around, (values - step) ** 2, 0.0).sum(axis=1)
    fits: Mask = 2 * line_error <= step_error
    return fits

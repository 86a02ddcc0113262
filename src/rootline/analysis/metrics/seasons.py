"""Rhythms: how long one is, and what it makes us expect at each sample."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rootline.analysis.metrics.baseline import fenced, filled
from rootline.analysis.metrics.robust import Mask
from rootline.domain.signal import Floats

Periods = NDArray[np.intp]

_SHORTEST = 6
_LEAST_CYCLES = 3
# A rhythm must explain at least this share of the variance to be worth removing.
_STRONG = 0.4
# Source: von Neumann's ratio is 2 for white noise and 2 (1 - cos 60 degrees) = 1 for a pure season of six samples.
_ROUGH = 1.2


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What seasons make us expect, as deviations from the level.

    `inside` has shape (m, n) for the judged samples, `before` (m, k) for the normal ones; rows without a
    season are zero. `doubt`, shape (m,), is by how much few cycles understate the spread that is left.
    """

    inside: Floats
    before: Floats
    doubt: Floats


def expect(history: Floats, inside: int, lead: int) -> Expectation | None:
    """Read the season from a history and continue it over the judged samples.

    Args:
        history: Samples of the normal state, or of the judged window itself, shape (m, k), NaN for gaps.
        inside: How many samples are judged.
        lead: How many samples after the history's first one the judged ones begin; 0 for the window itself.

    Returns:
        None where no row has a season.

    """
    carried = filled(history)
    rows = _smooth(carried).nonzero()[0]
    if not rows.size:
        return None
    found = np.zeros(history.shape[0], dtype=np.intp)
    found[rows] = periods(fenced(carried[rows]))
    if not found.any():
        return None
    samples = history.shape[1]
    whole = np.zeros((history.shape[0], max(samples, lead + inside)))
    doubt = np.ones(history.shape[0])
    for period in np.unique(found[found > 0]).tolist():
        same = found == period
        whole[same] = seasonal(history[same], period, ahead=whole.shape[1] - samples)
        doubt[same] = 1 + 2 * period / samples
    return Expectation(inside=whole[:, lead : lead + inside], before=whole[:, :samples], doubt=doubt)


def _smooth(values: Floats) -> Mask:
    steps = values[:, 1:] - values[:, :-1]
    rough = np.square(steps, out=steps).mean(axis=1) if steps.size else np.zeros(values.shape[0])
    variance = np.maximum(values.var(axis=1), np.finfo(np.float64).tiny)
    smooth: Mask = (rough < _ROUGH * variance) & (rough > 0)
    return smooth


def periods(values: Floats) -> Periods:
    """The length of each row's season in samples, 0 where there is none.

    Taken from the autocorrelation: its highest peak between 6 samples and a third of the row, if it
    reaches 0.4 and the autocorrelation has been lower in between.

    Args:
        values: Shape (m, n) without NaN; clip wild samples first.

    Source: Box and Jenkins, "Time Series Analysis" (1970), the biased autocorrelation through the
    Wiener-Khinchin theorem, corrected for the shrinking overlap.

    """
    samples = values.shape[1]
    longest = samples // _LEAST_CYCLES
    if longest < _SHORTEST:
        return np.zeros(values.shape[0], dtype=np.intp)
    matching = _autocorrelation(values, longest + 1)
    valley = np.minimum.accumulate(matching, axis=1)
    peak = np.zeros_like(matching, dtype=bool)
    peak[:, 1:-1] = (matching[:, 1:-1] >= matching[:, :-2]) & (matching[:, 1:-1] >= matching[:, 2:])
    peak[:, :_SHORTEST] = False
    usable = peak & (matching >= _STRONG) & (matching - valley >= _STRONG / 2)
    height = np.where(usable, matching, -np.inf)
    best = height.max(axis=1)
    first = np.argmax(usable & (matching >= 0.9 * best[:, None]), axis=1)
    return _refined(np.where(np.isfinite(best), first, 0).astype(np.intp), matching)


def seasonal(values: Floats, period: int, *, ahead: int = 0) -> Floats:
    """What the season alone makes us expect, as deviations from the middle of the row.

    Args:
        values: Shape (m, n), NaN allowed, n at least one period.
        period: Season length in samples.
        ahead: Samples to expect behind the end of the rows.

    Returns:
        Shape (m, n + ahead): the median of each phase over all cycles, less the median of those.

    """
    rows, samples = values.shape
    cycles = -(-samples // period)
    padded = np.full((rows, cycles * period), np.nan)
    padded[:, :samples] = values
    phases = np.sort(padded.reshape(rows, cycles, period), axis=1)
    count = cycles - np.isnan(phases).sum(axis=1)
    low = np.take_along_axis(phases, np.maximum((count - 1) // 2, 0)[:, None, :], axis=1)[:, 0]
    high = np.take_along_axis(phases, np.minimum(count // 2, cycles - 1)[:, None, :], axis=1)[:, 0]
    shape = 0.5 * (low + high)
    shape = np.nan_to_num(shape - np.median(np.nan_to_num(shape), axis=1, keepdims=True), nan=0.0)
    expected: Floats = shape[:, np.arange(samples + ahead) % period]
    return expected


def _refined(found: Periods, matching: Floats) -> Periods:
    """Divide the lag of the last cycle in reach by its number: noise moves one peak by more than their mean."""
    refined = found.copy()
    longest = matching.shape[1] - 1
    for period in np.unique(found[found > 0]).tolist():
        cycles = longest // period
        rows = np.flatnonzero(found == period)
        low = cycles * period - cycles
        around = matching[rows, low : cycles * period + cycles + 1]
        refined[rows] = np.round((low + np.argmax(around, axis=1)) / cycles)
    return refined


def _autocorrelation(values: Floats, lags: int) -> Floats:
    samples = values.shape[1]
    centred = values - values.mean(axis=1, keepdims=True)
    size = _smooth_size(samples + lags - 1)
    power = np.abs(np.fft.rfft(centred, size, axis=1)) ** 2
    together = np.fft.irfft(power, size, axis=1)[:, :lags]
    variance = np.maximum(together[:, :1], np.finfo(np.float64).tiny)
    matching: Floats = together / variance * (samples / (samples - np.arange(lags)))
    return matching


def _smooth_size(least: int) -> int:
    """The smallest size from `least` on that a fast Fourier transform likes: 1, 3 or 5 times a power of two."""
    sizes = (factor << (-(-least // factor) - 1).bit_length() for factor in (1, 3, 5))
    return min(sizes)

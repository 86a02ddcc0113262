"""How far a level moves inside a window, measured by how far it usually moves in such a time."""

from collections.abc import Sequence

import numpy as np

from rootline.analysis.metrics.baseline import filled
from rootline.analysis.metrics.counters import as_rates
from rootline.analysis.metrics.grids import Grid, grouped, stacked
from rootline.analysis.metrics.robust import Mask, counted, quantile
from rootline.analysis.metrics.spans import columns
from rootline.domain.signal import Floats, Series
from rootline.domain.window import Window

_LEAST_SAMPLES = 3
# Longer windows are averaged down to this many bins: a step is as clear, and the cost stays linear.
_MOST_BINS = 16
_LEAST_PAST = 20
_UNEVEN = 1.5
# Source: 98 % of the absolute values of a normal distribution lie under 2.326 standard deviations; their median
# is 0.6745 of one.
_RARE, _RARE_SIGMAS, _MIDDLE_TO_SIGMA = 0.98, 2.326, 1.4826
_MATERIAL = 0.01


def steps(series: Sequence[Series], window: Window) -> list[float]:
    """Return the strongest step of each series inside a window, signed, over the usual size of such steps.

    A step is the difference of the means after and before a split, weighted as in a test for a change in the mean;
    its usual size is that of stretches as long as the window in the time before it. A level that has drifted since
    long ago, and a metric that jumps all the time, have no step. It is 0 under three samples in the window or
    under twenty stretches before it.

    Source: Page, "A test for a change in a parameter occurring at an unknown point" (1955), against its own past.
    """
    found = [0.0] * len(series)
    for members in grouped(series):
        inside = columns(series[members[0]].times, window)
        if inside.stop - inside.start < _LEAST_SAMPLES or inside.start < _LEAST_PAST + inside.stop - inside.start:
            continue
        for grid in stacked(series, members):
            sizes = _steps([series[member].metric for member in grid.members.tolist()], grid, inside)
            for member, size in zip(grid.members.tolist(), sizes.tolist(), strict=True):
                found[member] = size
    return found


def _steps(metrics: Sequence[str], grid: Grid, inside: slice) -> Floats:
    count = inside.stop - inside.start
    values = as_rates(metrics, grid.values, grid.times)[1]
    wide = -(-count // _MOST_BINS)
    bins = count // wide
    now = filled(_binned(values[:, inside.stop - bins * wide : inside.stop], wide))
    before, even = _stretches(_binned(values[:, : inside.start], wide), grid.times[: inside.start], bins, wide)
    if even.sum() < _LEAST_PAST:
        return np.zeros(values.shape[0])
    usual = np.abs(_strongest(before[:, even]))
    moved = _strongest(now[:, None, :])[:, 0]
    known = np.isfinite(usual).sum(axis=1) >= _LEAST_PAST
    return np.where(known & np.isfinite(moved), moved / _usual_size(usual, values), 0.0)


def _binned(values: Floats, wide: int) -> Floats:
    """Average every so many samples, counted from the end."""
    if wide == 1:
        return values
    kept = values[:, values.shape[1] % wide :]
    mean: Floats = kept.reshape(kept.shape[0], -1, wide).mean(axis=2)
    return mean


def _stretches(before: Floats, times: Floats, bins: int, wide: int) -> tuple[Floats, Mask]:
    """Every stretch of so many bins before the window, and which of them are without a break in time."""
    stretches: Floats = np.lib.stride_tricks.sliding_window_view(before, bins, axis=1)
    ends = times[times.size % wide :].reshape(-1, wide)
    length = np.lib.stride_tricks.sliding_window_view(ends[:, -1], bins)
    lasted = length[:, -1] - length[:, 0]
    even: Mask = lasted <= _UNEVEN * np.median(lasted)
    return stretches, even


def _strongest(stretches: Floats) -> Floats:
    """Return the signed weighted difference of the means at the best split, for stretches of shape (m, s, n)."""
    bins = stretches.shape[2]
    best = np.zeros(stretches.shape[:2])
    for split in range(1, bins):
        weight = np.sqrt(split * (bins - split) / bins)
        away = (stretches[:, :, split:].mean(axis=2) - stretches[:, :, :split].mean(axis=2)) * weight
        best = np.where(np.abs(away) > np.abs(best), away, np.where(np.isnan(away), np.nan, best))
    return best


def _usual_size(usual: Floats, values: Floats) -> Floats:
    """One sigma of the steps of the past, and never under what is material: 1 % of the level."""
    ordered, level = np.sort(usual, axis=1), np.sort(np.abs(values), axis=1)
    past, known = counted(ordered), counted(level)
    rare = quantile(ordered, past, _RARE) / _RARE_SIGMAS
    middle = quantile(ordered, past, 0.5) * _MIDDLE_TO_SIGMA
    largest = quantile(level, known, 1.0)
    floor = _MATERIAL * np.maximum(quantile(level, known, 0.5), 2 * _MATERIAL * largest)
    sigma: Floats = np.fmax(np.fmax(rare, middle), np.fmax(floor, np.finfo(np.float32).tiny))
    return sigma

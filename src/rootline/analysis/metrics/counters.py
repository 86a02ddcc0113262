"""Counters become rates before anything else is asked of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rootline.analysis.metrics.units import CounterHint, counter_hint
from rootline.domain.signal import Floats

_LEAST_STEPS = 3
_LEAST_POINTS = 12
_RESETS = 0.02
_FEW_FALLS = 2


def counting(values: Floats, hints: Sequence[CounterHint]) -> NDArray[np.bool_]:
    """Which rows only count up.

    A row named like a counter counts when it rises at least three times and falls back in at most 2 % of
    its samples (resets); one without a telling name must hold whole numbers, never fall, and rise in most
    of its steps. A gauge by name never counts, so a leak stays a leak.

    Args:
        values: Shape (m, n), NaN where a sample is missing.
        hints: What each row's name promises, length m.

    """
    found = np.zeros(len(hints), dtype=bool)
    if "counter" not in hints and "unknown" not in hints:
        return found
    named = np.array([hint == "counter" for hint in hints], dtype=bool)
    unknown = np.array([hint == "unknown" for hint in hints], dtype=bool)
    start = values[:, : _LEAST_POINTS + 1]
    falls = (np.diff(start, axis=1) < 0).sum(axis=1)
    rows = np.flatnonzero(named & (falls <= _FEW_FALLS) | unknown & (falls == 0))
    if not rows.size or values.shape[1] < _LEAST_STEPS + 1:
        return found
    steps = np.diff(values[rows], axis=1)
    ups, downs = (steps > 0).sum(axis=1), (steps < 0).sum(axis=1)
    width = steps.shape[1]
    by_name = named[rows] & (ups >= _LEAST_STEPS) & (downs <= 1 + _RESETS * width)
    shaped = (downs == 0) & (2 * ups > width) & (width >= _LEAST_POINTS) & _whole(values[rows])
    found[rows] = by_name & (ups > downs) | unknown[rows] & shaped
    return found


def as_rates(metrics: Sequence[str], values: Floats, times: Floats) -> tuple[NDArray[np.bool_], Floats]:
    """Tell which rows, named by their metrics, only count up, and return all rows with those as rates per second."""
    counters = counting(values, [counter_hint(metric) for metric in metrics])
    if not counters.any():
        return counters, values
    known = values.copy()
    known[counters] = rates(known[counters], times)
    return counters, known


def rates(values: Floats, times: Floats) -> Floats:
    """Per-second increase between samples; after a reset the new value is the increase.

    Args:
        values: Counter values, shape (m, n).
        times: Unix seconds, shape (n,).

    Returns:
        Shape (m, n); the first column is NaN, as is any step from or to a missing sample.

    Source: the semantics of `rate()` in Prometheus, without its extrapolation.

    """
    increase = np.diff(values, axis=1)
    increase = np.where(increase < 0, values[:, 1:], increase)
    first = np.full((values.shape[0], 1), np.nan)
    return np.concatenate([first, increase / np.diff(times)], axis=1)


def _whole(values: Floats) -> NDArray[np.bool_]:
    known = np.nan_to_num(values, nan=0.0)
    whole: NDArray[np.bool_] = (known == np.round(known)).all(axis=1)
    return whole

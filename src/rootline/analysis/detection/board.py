"""Series of many services side by side on one axis of slots."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rootline.analysis.metrics.counters import counting, rates
from rootline.analysis.metrics.units import counter_hint
from rootline.domain.signal import Floats, Series


@dataclass(frozen=True, kw_only=True, eq=False)
class Board:
    """Samples by row and slot.

    `times` are Unix seconds, shape (n,): the latest sample of each slot. `values` have shape (m, n) and the
    unit of their row, NaN where a row has no sample in a slot; counters are rates a second.
    """

    series: tuple[Series, ...]
    times: Floats
    values: Floats
    step_s: float


def board(series: Sequence[Series], *, least_step_s: float = 1.0) -> Board:
    """Put series on common slots, one step long, that begin where the fewest samples lie.

    The step is the median distance of samples in the densest series, and `least_step_s` at least. Rows may be sampled
    at different seconds of a minute, each a little early or late. Of two samples of a row in one slot the later one
    counts.
    """
    usable = tuple(one for one in series if one.times.size)
    step_s = max(least_step_s, min((_step(one.times) for one in usable if one.times.size > 1), default=least_step_s))
    every = np.unique(np.concatenate([one.times for one in usable])) if usable else np.zeros(0)
    begin = _quietest(every, step_s)
    numbers = np.floor((every - begin) / step_s).astype(np.intp)
    known, last = np.unique(numbers[::-1], return_index=True)
    lasts = every[::-1][last]
    values = np.full((len(usable), known.size), np.nan)
    for row, one in enumerate(usable):
        places = np.searchsorted(known, np.floor((one.times - begin) / step_s).astype(np.intp))
        values[row, places] = np.where(np.isfinite(one.values), one.values, np.nan)
    return Board(series=usable, times=lasts, values=_gauges(usable, values, lasts), step_s=step_s)


def _step(times: Floats) -> float:
    return float(np.median(np.diff(times)))


def _quietest(every: Floats, step_s: float) -> float:
    """Return the middle of the widest stretch of a step in which no sample lies, in Unix seconds before the first."""
    if not every.size:
        return 0.0
    phases = np.unique(np.mod(every - every[0], step_s))
    gaps = np.diff(np.concatenate([phases, phases[:1] + step_s]))
    widest = int(np.argmax(gaps))
    middle = float(phases[widest] + gaps[widest] / 2)
    return float(every[0]) + middle - step_s


def _gauges(series: Sequence[Series], values: Floats, times: Floats) -> Floats:
    if not values.size:
        return values
    counters = counting(values, [counter_hint(one.metric) for one in series])
    if counters.any() and times.size > 1:
        values[counters] = rates(values[counters], times)
    return values

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
    """Put series on common slots: samples less than half a step after the first of a slot share it.

    The step is the median distance of samples in the densest series, and `least_step_s` at least. Of two samples
    of a row in one slot the later one counts.
    """
    usable = tuple(one for one in series if one.times.size)
    step_s = max(least_step_s, min((_step(one.times) for one in usable), default=least_step_s))
    every = np.unique(np.concatenate([one.times for one in usable])) if usable else np.zeros(0)
    firsts, lasts = _slots(every, step_s)
    values = np.full((len(usable), firsts.size), np.nan)
    for row, one in enumerate(usable):
        places = np.searchsorted(firsts, one.times, side="right") - 1
        values[row, places] = np.where(np.isfinite(one.values), one.values, np.nan)
    return Board(series=usable, times=lasts, values=_gauges(usable, values, lasts), step_s=step_s)


def _step(times: Floats) -> float:
    return float(np.median(np.diff(times))) if times.size > 1 else float("inf")


def _slots(every: Floats, step_s: float) -> tuple[Floats, Floats]:
    """Return the first and the last sample's time of each slot."""
    firsts: list[float] = []
    lasts: list[float] = []
    for at in every.tolist():
        if firsts and at - firsts[-1] < step_s / 2:
            lasts[-1] = at
        else:
            firsts.append(at)
            lasts.append(at)
    return np.array(firsts), np.array(lasts)


def _gauges(series: Sequence[Series], values: Floats, times: Floats) -> Floats:
    if not values.size:
        return values
    counters = counting(values, [counter_hint(one.metric) for one in series])
    if counters.any() and times.size > 1:
        values[counters] = rates(values[counters], times)
    return values

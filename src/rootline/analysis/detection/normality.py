"""What is normal for each row, told by its own history and moved by no minority of wild samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from rootline.analysis.detection.signals import sense_of
from rootline.analysis.metrics.robust import Counts, quantile
from rootline.analysis.metrics.views import view_of
from rootline.domain.signal import Floats, Series

# Source: the median absolute deviation of a normal distribution is 0.6745 of its standard deviation.
_MAD_TO_SIGMA = 1.4826
# Source: ours; the least change that a person would call one: a tenth of a duration, a fiftieth of anything else.
_LEAST_OF_DURATION, _LEAST_OF_LEVEL = 0.1, 0.02
_LEAST_OF_UNIT = {"ratio": 0.01, "percent": 1.0, "1/s": 0.05, "count": 1.0}
# Source: ours; a service that answers faster than this is not slow, whatever it answered before.
_SHORTEST = {"s": 1e-3, "ms": 1.0, "us": 1e3, "ns": 1e6}
_TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True, kw_only=True, eq=False)
class Normality:
    """Level and spread of each row, shape (m,), on the scale of `comparable`; `count` is on how many samples."""

    level: Floats
    spread: Floats
    count: Counts


def comparable(series: Sequence[Series], values: Floats) -> Floats:
    """Put durations on a logarithmic scale, as twice as slow hurts alike at 10 ms and at 1 s.

    Args:
        series: The rows' series, length m.
        values: Shape (m, n), NaN for gaps.

    """
    scaled = values.copy()
    for row, one in enumerate(series):
        if is_duration(one):
            scaled[row] = np.log(np.maximum(values[row], shortest(one, values[row])))
    return scaled


def is_duration(one: Series) -> bool:
    """Whether a row is judged on a logarithmic scale."""
    return view_of(one.metric) == "duration"


def shortest(one: Series, values: Floats) -> float:
    """Return the duration below which none is told from another, in the row's unit."""
    known = _SHORTEST.get(one.unit)
    positive = values[values > 0]
    return known or (0.1 * float(np.median(positive)) if positive.size else 1.0)


def learned(series: Sequence[Series], scaled: Floats, tail: float) -> Normality:
    """Learn level and spread.

    The level is the median. The spread is the wider one of the median absolute deviation and of the tail on the
    side that hurts, each as the standard deviation of a normal distribution that has it, and at least the least
    change that matters. A share of `1 - tail` of the samples may be wild without moving it.

    Args:
        series: The rows' series, length m.
        scaled: Their history on the scale of `comparable`, shape (m, n), NaN for gaps.
        tail: The quantile that marks the tail, between a half and 1.

    """
    ordered = np.sort(scaled, axis=1)
    count = np.isfinite(scaled).sum(axis=1)
    level = quantile(ordered, count, 0.5)
    deviation = np.sort(np.abs(scaled - level[:, None]), axis=1)
    sigma = _MAD_TO_SIGMA * quantile(deviation, count, 0.5)
    above = quantile(ordered, count, tail) - level
    below = level - quantile(ordered, count, 1 - tail)
    senses = np.array([sense_of(one.metric) for one in series], dtype=np.intp)
    side = np.select([senses > 0, senses < 0], [above, below], np.maximum(above, below))
    spread = np.maximum.reduce([sigma, side / NormalDist().inv_cdf(tail), _least(series, level)])
    return Normality(level=level, spread=spread, count=count)


def _least(series: Sequence[Series], level: Floats) -> Floats:
    least = [
        _LEAST_OF_DURATION if is_duration(one) else max(_LEAST_OF_LEVEL * abs(at), _LEAST_OF_UNIT.get(one.unit, 0.0))
        for one, at in zip(series, np.nan_to_num(level).tolist(), strict=True)
    ]
    return np.maximum(np.array(least, dtype=np.float64), _TINY)

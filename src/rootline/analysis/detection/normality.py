"""What is normal for each row, told by its own history and moved by no minority of wild samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from rootline.analysis.detection.signals import sense_of, signal_of
from rootline.analysis.metrics.robust import Counts, quantile
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
    return signal_of(one.metric).view == "duration"


def shortest(one: Series, values: Floats) -> float:
    """Return the duration below which none is told from another, in the row's unit."""
    known = _SHORTEST.get(one.unit)
    positive = values[values > 0]
    return known or (0.1 * float(np.median(positive)) if positive.size else 1.0)


def learned(series: Sequence[Series], scaled: Floats, tail: float, before: Sequence[Floats] = ()) -> Normality:
    """Learn level and spread.

    The level is the median. The spread is the widest of the median absolute deviation, of the tail on the side that
    hurts, and of the tail of what has held as long as a deviation must last, each as the standard deviation of normal
    samples that have it; and at least the least change that matters. So a row that stays wild for longer than chance
    would have it must deviate by more. A share of `1 - tail` of the samples may be wild without moving it.

    Args:
        series: The rows' series, length m.
        scaled: Their history on the scale of `comparable`, shape (m, n), NaN for gaps.
        tail: The quantile that marks the tail, between a half and 1.
        before: What stood in the bins before each of the history's that must agree with it, nearest first, each of
            the same shape.

    """
    count = np.isfinite(scaled).sum(axis=1)
    level = quantile(np.sort(scaled, axis=1), count, 0.5)
    deviation = np.sort(np.abs(scaled - level[:, None]), axis=1)
    sigma = _MAD_TO_SIGMA * quantile(deviation, count, 0.5)
    alone = _hurting(series, _tail(scaled, tail) - level, level + _tail(-scaled, tail))
    least, most = np.minimum.reduce([scaled, *before]), np.maximum.reduce([scaled, *before])
    held = np.nan_to_num(_hurting(series, _tail(least, tail) - level, level + _tail(-most, tail)))
    usual = NormalDist().inv_cdf(tail), NormalDist().inv_cdf(_lasting(tail, 1 + len(before)))
    spread = np.maximum.reduce([sigma, alone / usual[0], held / usual[1], _least(series, level)])
    return Normality(level=level, spread=spread, count=count)


def _lasting(tail: float, bins: int) -> float:
    """Return the quantile of one sample that so many in a row reach together as often as one reaches `tail`.

    Source: ours; half way, on a logarithmic scale of chances, between samples that know nothing of each other and
    samples that repeat each other, as those of overlapping rates do.
    """
    return 1.0 - float((1.0 - tail) ** (2 / (1 + bins)))


def _tail(values: Floats, tail: float) -> Floats:
    """Return the upper tail of each row, NaN for rows without a sample."""
    return quantile(np.sort(values, axis=1), np.isfinite(values).sum(axis=1), tail)


def _hurting(series: Sequence[Series], above: Floats, below: Floats) -> Floats:
    """Return of each row the side that hurts, the wider one where both may."""
    senses = np.array([sense_of(one.metric) for one in series], dtype=np.intp)
    return np.select([senses > 0, senses < 0], [above, below], np.maximum(above, below))


def _least(series: Sequence[Series], level: Floats) -> Floats:
    least = [
        _LEAST_OF_DURATION if is_duration(one) else max(_LEAST_OF_LEVEL * abs(at), _LEAST_OF_UNIT.get(one.unit, 0.0))
        for one, at in zip(series, np.nan_to_num(level).tolist(), strict=True)
    ]
    return np.maximum(np.array(least, dtype=np.float64), _TINY)

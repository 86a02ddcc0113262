"""How sure a score is."""

import random
from collections.abc import Callable, Sequence
from math import isnan
from typing import TypeVar

from rootline.evals.suite import Score

SAMPLES = 2000
SEED = 20261122
NOTHING = Score(value=0.0, low=0.0, high=1.0)
T = TypeVar("T")


def interval(values: Sequence[float]) -> Score:
    """Return the mean with its 95 % percentile bootstrap interval; 0 to 1 around nothing."""
    if not values:
        return NOTHING
    return bootstrap(values, lambda found: sum(found) / len(found))


def bootstrap(items: Sequence[T], measure: Callable[[Sequence[T]], float]) -> Score:
    """Return a measure over items with the 95 % interval that resampling the items gives.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13; 2,000 resamples, fixed seed.
    Resamples that the measure says nothing about (NaN) are left out; nothing at all is 0, from 0 to 1.
    """
    value = measure(items)
    draw = random.Random(SEED)  # noqa: S311 a fixed seed makes the interval repeatable
    drawn = (measure(draw.choices(items, k=len(items))) for _ in range(SAMPLES))
    found = sorted(one for one in drawn if not isnan(one))
    if isnan(value) or not found:
        return NOTHING
    low, high = found[int(0.025 * len(found))], found[int(0.975 * len(found))]
    return Score(value=round(value, 4), low=round(low, 4), high=round(high, 4))

"""How sure a score is."""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from rootline.evals.suite import Score

SAMPLES = 2000
SEED = 20261122
T = TypeVar("T")


def interval(values: Sequence[float]) -> Score:
    """Return the mean with its 95 % percentile bootstrap interval; 0 to 1 around nothing."""
    if not values:
        return Score(value=0.0, low=0.0, high=1.0)
    return bootstrap(values, lambda found: sum(found) / len(found))


def bootstrap(items: Sequence[T], measure: Callable[[Sequence[T]], float]) -> Score:
    """Return a measure over items with the 95 % interval that resampling the items gives.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13; 2,000 resamples, fixed seed.
    """
    draw = random.Random(SEED)  # noqa: S311 a fixed seed makes the interval repeatable
    found = sorted(measure(draw.choices(items, k=len(items))) for _ in range(SAMPLES))
    low, high = found[int(0.025 * SAMPLES)], found[int(0.975 * SAMPLES)]
    return Score(value=round(measure(items), 4), low=round(low, 4), high=round(high, 4))

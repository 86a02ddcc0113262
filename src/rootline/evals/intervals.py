"""How sure a mean is."""

import random
from collections.abc import Sequence

from rootline.evals.suite import Score

SAMPLES = 2000
SEED = 20261122


def interval(values: Sequence[float]) -> Score:
    """Return the mean with its 95 % percentile bootstrap interval.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13; 2,000 resamples, fixed seed.
    """
    if not values:
        return Score(value=0.0, low=0.0, high=1.0)
    draw = random.Random(SEED)  # noqa: S311 a fixed seed makes the interval repeatable
    means = sorted(sum(draw.choices(values, k=len(values))) / len(values) for _ in range(SAMPLES))
    low, high = means[int(0.025 * SAMPLES)], means[int(0.975 * SAMPLES)]
    return Score(value=round(sum(values) / len(values), 4), low=round(low, 4), high=round(high, 4))

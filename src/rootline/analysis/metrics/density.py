"""How probable a sample is under the density of what came before it."""

from dataclasses import dataclass

import numpy as np

from rootline.analysis.metrics.baseline import filled
from rootline.analysis.metrics.robust import Mask
from rootline.domain.signal import Floats, Series

# Source: Silverman, "Density Estimation for Statistics and Data Analysis" (1986), equation 3.31.
_SILVERMAN = 0.9
_RANGE_TO_SIGMA = 1 / 1.34
_LEAST_HISTORY = 20
_CENTRES = 64
_RARE = 1e-3


@dataclass(frozen=True, kw_only=True)
class Rarity:
    """`probability` of a value at least as far out, 0 to 1, and the samples under one in a thousand; shape (n,)."""

    probability: Floats
    flags: Mask


def kde(series: Series, *, history: int = 1000, rare: float = _RARE) -> Rarity:
    """Score samples by a kernel density of their past.

    The past is summed up in 64 quantiles, each the centre of a logistic kernel of Silverman's width; the
    probability of a sample is twice the smaller tail. It takes several normal levels as they are: a value
    between two of them is rare too far from both only.

    Args:
        series: Gaps repeat the last sample before them.
        history: How many samples the past reaches back; it is summed up anew after every 2 % of growth.
        rare: Probability under which a sample is flagged.

    """
    values = filled(np.where(np.isfinite(series.values), series.values, np.nan)[None, :])[0]
    probability = np.ones(values.size)
    place = _LEAST_HISTORY
    while place < values.size:
        past = values[max(0, place - history) : place]
        until = place + max(1, past.size // 50)
        probability[place:until] = _two_tails(values[place:until], past)
        place = until
    return Rarity(probability=probability, flags=probability < rare)


def _two_tails(samples: Floats, past: Floats) -> Floats:
    centres = np.quantile(past, (np.arange(_CENTRES) + 0.5) / _CENTRES)
    spread = min(float(past.std()), _RANGE_TO_SIGMA * float(centres[47] - centres[16])) or float(past.std())
    width = max(_SILVERMAN * spread * past.size**-0.2, 0.01 * float(np.abs(centres).max()), 1e-12)
    # The logistic kernel has a closed tail; its scale matches a normal kernel's deviation at 0.551.
    steps = np.clip((samples[:, None] - centres) / (0.551 * width), -500, 500)
    below = (1 / (1 + np.exp(-steps))).mean(axis=1)
    two: Floats = 2 * np.minimum(below, 1 - below)
    return two

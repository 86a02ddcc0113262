"""How far a sample lies outside what its own past shows, measured by the past's tails."""

from dataclasses import dataclass

import numpy as np

from rootline.domain.signal import Floats

# Source: 99 % of a normal distribution lie below its mean plus 2.326 standard deviations.
_TAIL_SHARE, _TAIL_SIGMAS = 0.99, 2.326
# Source: the interquartile range of a normal distribution is 1.349 standard deviations.
_QUARTILES_TO_SIGMA = 1 / 1.349
_LEAST_HISTORY = 20
_MATERIAL = 0.01
# Over a past of zeros a sample's own size is the only scale there is: it scores 100.
_LEAST_SHARE = 0.01
# The past is summed up again whenever it has grown by 2 %: often enough to follow it, seldom enough to be fast.
_REFRESH = 50


@dataclass(frozen=True, kw_only=True)
class Tails:
    """What the past makes likely: the middle, and one tail sigma up and down, for the samples that follow."""

    middle: float
    up: float
    down: float


def tail_scores(values: Floats, *, resolution: int, history: int) -> Floats:
    """Score each sample by its distance from the median of its past, in sigmas of the past's own tails.

    A tail sigma is the distance from the median to the 99th (or 1st) percentile over 2.326, so a metric that
    often spikes needs a larger spike to stand out, and a normal one is scored as by its standard deviation.
    Only the past counts: the score of sample t never depends on a sample after t.

    Args:
        values: Samples in time order, shape (n,), without NaN.
        resolution: Samples that are averaged before they are scored: 1 sees spikes, 12 sees shifts.
        history: How many samples back the past reaches.

    Returns:
        Signed scores, shape (n,); zero for the first 20 samples.

    Source: quantile-based scale estimates, Huber, "Robust Statistics" (1981), section 5.1.

    """
    means = _trailing_mean(values, resolution)
    samples = means.size
    middle, up, down = np.zeros(samples), np.full(samples, np.inf), np.full(samples, np.inf)
    place = _LEAST_HISTORY + resolution
    while place < samples:
        end = place - resolution + 1
        past = means[max(0, end - history) : end]
        until = place + max(1, past.size // _REFRESH)
        tails = _tails(past)
        middle[place:until], up[place:until], down[place:until] = tails.middle, tails.up, tails.down
        place = until
    away = means - middle
    sigma = np.maximum(np.where(away > 0, up, down), _LEAST_SHARE * np.abs(means))
    scores: Floats = away / np.maximum(sigma, np.finfo(np.float64).tiny)
    return scores


def _tails(past: Floats) -> Tails:
    shares = (1 - _TAIL_SHARE, 0.05, 0.25, 0.5, 0.75, 0.95, _TAIL_SHARE)
    last = past.size - 1
    ordered = np.sort(past)
    low, rarely, quarter, middle, three_quarters, mostly, high = (
        float(ordered[round(share * last)]) for share in shares
    )
    sigma = _QUARTILES_TO_SIGMA * (three_quarters - quarter)
    material = _MATERIAL * max(abs(middle), abs(mostly), abs(rarely))
    least = max(sigma, material, float(np.finfo(np.float32).tiny))
    return Tails(
        middle=middle, up=max((high - middle) / _TAIL_SIGMAS, least), down=max((middle - low) / _TAIL_SIGMAS, least)
    )


def _trailing_mean(values: Floats, width: int) -> Floats:
    if width == 1:
        return values
    walk = np.concatenate([[0.0], np.cumsum(values)])
    stop = np.arange(1, values.size + 1)
    start = np.maximum(stop - width, 0)
    mean: Floats = (walk[stop] - walk[start]) / (stop - start)
    return mean

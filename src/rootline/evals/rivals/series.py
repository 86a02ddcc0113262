"""Services ranked by how far their metrics moved, and nothing else."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from rootline.domain.signal import Floats, Series

_LEAST = 3
Strength = Callable[[Floats, Floats], float]
"""How far a series moved: from its values before, and those since, both without gaps."""


def n_sigma(before: Floats, since: Floats) -> float:
    """Return the largest distance from the mean before, in standard deviations of the time before.

    Source: the three-sigma rule of statistical process control, as rivals in the literature use it.
    """
    return _largest(since - before.mean(), float(before.std()))


def baro(before: Floats, since: Floats) -> float:
    """Return the largest distance from the median before, in interquartile ranges of the time before.

    Source: Pham, Ha and Zhang, BARO: Robust Root Cause Analysis for Microservices via Multivariate Bayesian Online
    Change Point Detection (FSE 2024), its robust scorer; the change point is given by the window in question.
    """
    low, middle, high = np.percentile(before, [25, 50, 75])
    return _largest(since - middle, float(high - low))


def by_service(series: Sequence[Series], start: float, strength: Strength) -> Mapping[str, float]:
    """Score each service by its furthest series since `start`, in Unix seconds; too short ones count 0."""
    found: dict[str, float] = defaultdict(float)
    for one in series:
        known = np.isfinite(one.values)
        before, since = one.values[known & (one.times < start)], one.values[known & (one.times >= start)]
        moved = strength(before, since) if before.size >= _LEAST and since.size else 0.0
        found[one.service] = max(found[one.service], moved)
    return dict(found)


def _largest(away: Floats, spread: float) -> float:
    """Return the largest deviation over a spread; without any spread, over one unit of it."""
    return float(np.abs(away).max()) / (spread or 1.0)

"""Shares of success are judged by what is missing from their ceiling."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from rootline.analysis.metrics.units import is_up, words
from rootline.domain.signal import Floats

_SUCCESS = frozenset(("availability", "success", "successful", "uptime", "healthy"))


@lru_cache(maxsize=4096)
def is_success(metric: str) -> bool:
    """Whether more of the metric is better because it counts what went right, or is 1 where something is up."""
    return bool(_SUCCESS.intersection(words(metric))) or is_up(metric)


def ceilings(metrics: Sequence[str], values: Floats) -> Floats:
    """What to take off each row before it is judged: 1 or 100 for a share of success, else 0.

    Half a percent of failures hides in the rounding of 99.5 and stands out against 0.5, so shares of success
    are measured downwards from their ceiling.

    Args:
        metrics: The rows' names, length m.
        values: Samples, shape (m, n), NaN for gaps.

    """
    tops = np.zeros(len(metrics))
    rows = [row for row, metric in enumerate(metrics) if is_success(metric)]
    if rows:
        highest = np.nan_to_num(values[rows], nan=0.0).max(axis=1, initial=0.0)
        tops[rows] = np.select([highest > 100, highest > 1, highest > 0], [0.0, 100.0, 1.0], 0.0)  # noqa: PLR2004
    return tops

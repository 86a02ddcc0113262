"""Which series have no samples any more, or had none before, which is no level but an end or a beginning."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from rootline.domain.signal import Series
from rootline.domain.window import Window

STALE_S = 300.0
"""Source: Prometheus, "Staleness": what has no sample for five minutes is gone."""


def stopped(series: Sequence[Series], window: Window) -> Mapping[int, datetime]:
    """Return when series had their last sample, by place, where the window or another series goes on for longer."""
    lasts = [_last(one) for one in series]
    ends = window.end.timestamp() if len(lasts) == 1 else max(lasts, default=0.0)
    return {at: datetime.fromtimestamp(last, UTC) for at, last in enumerate(lasts) if 0.0 < last < ends - STALE_S}


def begun(series: Sequence[Series], window: Window) -> Mapping[int, datetime]:
    """Return when series had their first sample, by place, where that is in the window and others go further back."""
    firsts = [_first(one) for one in series]
    start = window.start.timestamp()
    since = max(start, start if len(firsts) == 1 else min(firsts, default=0.0)) + STALE_S
    return {at: datetime.fromtimestamp(first, UTC) for at, first in enumerate(firsts) if since < first < inf}


def _first(one: Series) -> float:
    """The moment of the first sample, Unix seconds; infinite where there is none."""
    if not one.values.size:
        return inf
    if isfinite(one.values[0]):
        return float(one.times[0])
    there = _there(one)
    return float(one.times[there[0]]) if there.size else inf


def _last(one: Series) -> float:
    """The moment of the last sample, Unix seconds; zero where there is none."""
    if not one.values.size:
        return 0.0
    if isfinite(one.values[-1]):
        return float(one.times[-1])
    there = _there(one)
    return float(one.times[there[-1]]) if there.size else 0.0


def _there(one: Series) -> NDArray[np.intp]:
    """Return the places of all samples; an infinite one is there as well."""
    known = np.isfinite(one.values)
    return np.flatnonzero(known if one.infinite is None else known | np.isinf(one.infinite))

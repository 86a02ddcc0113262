"""Two readings of one series become one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from rootline.domain.signal import Series
from rootline.domain.window import Window

Labels = tuple[tuple[str, str], ...]
Identity = tuple[str, str, Labels]


def identity(series: Series) -> Identity:
    """What makes two readings the same series: service, metric and labels."""
    return series.service, series.metric, tuple(sorted(series.labels.items()))


def joined(before: Series | None, during: Series) -> Series:
    """Both readings on one time axis; where they overlap, the later reading counts."""
    if before is None or not before.times.size or not during.times.size:
        return during
    apart = (before.times < during.times[0]) | (before.times > during.times[-1])
    times = np.concatenate([before.times[apart], during.times])
    values = np.concatenate([before.values[apart], during.values])
    order = np.argsort(times, kind="stable")
    return replace(during, times=times[order], values=values[order])


def span(series: Sequence[Series]) -> Window:
    """The shortest window that holds every sample; at least one series must have one."""
    known = [line.times for line in series if line.times.size]
    first, last = min(times[0] for times in known), max(times[-1] for times in known)
    start, end = (datetime.fromtimestamp(float(moment), UTC) for moment in (first, last))
    return Window(start=start, end=end + timedelta(seconds=1))

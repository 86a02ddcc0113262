"""When incidents would have been opened, from metrics alone and without looking ahead."""

from collections import deque
from collections.abc import Iterable, Sequence

import numpy as np

from rootline.analysis.metrics.alarms import held
from rootline.analysis.metrics.harm import is_own
from rootline.analysis.metrics.spikes import DEFAULT, robust_spikes
from rootline.analysis.metrics.views import view_of
from rootline.domain.signal import Series

WARM_UP = 30
TOGETHER_S = 60.0
APART_S = 300.0
AGREEING = 2
_VIEWS = frozenset(("errors", "duration", "saturation", "utilisation"))

Rise = tuple[float, str, str]


def openings(series: Sequence[Series]) -> list[float]:
    """Return the times (Unix seconds) at which an incident opens, in order.

    One opens when alarms of two metrics of a service, measured at the service itself, begin upwards within a
    minute, at the shipped page threshold; another one five minutes after the last at the earliest. The first
    30 samples warm up.
    """
    recent: deque[Rise] = deque()
    opened: list[float] = []
    for rise in sorted(_rises(series)):
        recent.append(rise)
        while recent[0][0] < rise[0] - TOGETHER_S:
            recent.popleft()
        agreeing = {metric for _, service, metric in recent if service == rise[1]}
        if len(agreeing) >= AGREEING and (not opened or rise[0] - opened[-1] > APART_S):
            opened.append(rise[0])
    return opened


def _rises(series: Iterable[Series]) -> Iterable[Rise]:
    for one in series:
        if is_own(one.metric) and view_of(one.metric) in _VIEWS:
            yield from ((float(one.times[at]), one.service, one.metric) for at in _beginnings(one))


def _beginnings(one: Series) -> list[int]:
    """Return where alarms upwards begin."""
    scores = robust_spikes(one).scores
    flags = held(scores, threshold=DEFAULT.page_threshold, release=DEFAULT.release)
    begins = flags & ~np.concatenate([[False], flags[:-1]]) & (scores > 0)
    return [at for at in np.flatnonzero(begins).tolist() if at >= WARM_UP]

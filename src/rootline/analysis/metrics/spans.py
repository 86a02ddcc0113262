"""Which samples of a grid are judged, and which show the normal state."""

from datetime import datetime

import numpy as np

from rootline.analysis.metrics.onset import Places
from rootline.domain.signal import Floats
from rootline.domain.window import Window

_LEAST_HISTORY = 5
_LEAST_BEFORE_HINT = 4
_UNEVEN = 0.5
_RECENT_STEPS = 40
_LEAST_RECENT = 5


def columns(times: Floats, window: Window) -> slice:
    """The samples inside a window, its end excluded."""
    bounds = (window.start.timestamp(), window.end.timestamp())
    first, last = np.searchsorted(times, bounds, side="left")
    return slice(int(first), int(last))


def normal_columns(
    times: Floats, window: Window, *, baseline: Window | None, onset_hint: datetime | None
) -> Places | None:
    """The samples that show the normal state, or None where only the window itself can tell.

    They are those of `baseline` outside the window, else all before the window if there are at least five,
    else the earlier half of those between the window's start and `onset_hint` (an alert fires some time
    after the onset).

    """
    inside = columns(times, window)
    if baseline is not None:
        asked = columns(times, baseline)
        places = np.arange(asked.start, asked.stop)
        outside: Places = places[(places < inside.start) | (places >= inside.stop)]
        if outside.size:
            return outside
    if inside.start >= _LEAST_HISTORY:
        return np.arange(inside.start)
    if onset_hint is None:
        return None
    ahead = int(np.searchsorted(times, onset_hint.timestamp())) - inside.start
    return np.arange(inside.start, inside.start + ahead // 2) if ahead >= _LEAST_BEFORE_HINT else None


def recent_columns(times: Floats, normal: Places, inside: slice) -> Places:
    """The normal samples of the last forty steps before the judged ones; none under five of them.

    They tell a level that had already moved before the window from one that moves inside it.

    """
    if normal.size < _LEAST_RECENT:
        return normal[:0]
    step = float(np.median(np.diff(times[normal])))
    age = times[inside.start] - times[normal]
    recent: Places = normal[(age > 0) & (age <= _RECENT_STEPS * step)]
    return recent if recent.size >= _LEAST_RECENT else recent[:0]


def lead(times: Floats, normal: Places, inside: slice) -> int | None:
    """How many regular steps the judged samples begin after the first normal one.

    None when any normal sample comes later, or when they are sampled unevenly, so that a season cannot be
    counted in samples.

    """
    known = times[normal]
    if known.size < 2 or known[-1] >= times[inside.start]:  # noqa: PLR2004  two samples make a step
        return None
    steps = np.diff(known)
    step = float(np.median(steps))
    uneven = np.abs(steps - step).max() > _UNEVEN * step
    return None if uneven else round(float(times[inside.start] - known[0]) / step)

"""Which samples of a grid are judged, and which show the normal state."""

from dataclasses import dataclass
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
    first, last = times.searchsorted(bounds)
    return slice(int(first), int(last))


def normal_columns(
    times: Floats, inside: slice, *, baseline: Window | None, onset_hint: datetime | None
) -> Places | None:
    """The samples that show the normal state, or None where only those inside the window themselves can tell.

    They are those of `baseline` outside the window, else all before the window if there are at least five,
    else the earlier half of those between the window's start and `onset_hint` (an alert fires some time
    after the onset).

    """
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


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How far apart samples usually are, and by how much a step is off that at most; seconds."""

    step_s: float
    off_s: float


def pace(times: Floats) -> Pace | None:
    """Read the pace of samples at some times; None under two of them."""
    if times.size < 2:  # noqa: PLR2004  two samples make a step
        return None
    steps = times[1:] - times[:-1]
    if (steps == steps[0]).all():
        return Pace(step_s=float(steps[0]), off_s=0.0)
    step_s = float(np.median(steps))
    return Pace(step_s=step_s, off_s=float(np.abs(steps - step_s).max()))


def recent_columns(times: Floats, normal: Places, inside: slice, usual: Pace | None) -> Places:
    """The normal samples of the last forty steps before the judged ones; none under five of them.

    They tell a level that had already moved before the window from one that moves inside it.

    """
    if usual is None or normal.size < _LEAST_RECENT:
        return normal[:0]
    age = times[inside.start] - times[normal]
    recent: Places = normal[(age > 0) & (age <= _RECENT_STEPS * usual.step_s)]
    return recent if recent.size >= _LEAST_RECENT else recent[:0]


def lead(times: Floats, normal: Places, inside: slice, usual: Pace | None) -> int | None:
    """How many regular steps the judged samples begin after the first normal one.

    None when any normal sample comes later, or when they are sampled unevenly, so that a season cannot be
    counted in samples.

    """
    if usual is None:
        return None
    first, last, judged = (float(times[place]) for place in (normal[0], normal[-1], inside.start))
    if last >= judged or usual.off_s > _UNEVEN * usual.step_s:
        return None
    return round((judged - first) / usual.step_s)

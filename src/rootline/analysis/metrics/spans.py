"""Which samples of a grid are judged, and which show the normal state."""

from datetime import datetime

import numpy as np

from rootline.domain.signal import Floats
from rootline.domain.window import Window

_LEAST_HISTORY = 5
_LEAST_BEFORE_HINT = 4
_UNEVEN = 0.5


def columns(times: Floats, window: Window) -> slice:
    """The samples inside a window, its end excluded."""
    bounds = (window.start.timestamp(), window.end.timestamp())
    first, last = np.searchsorted(times, bounds, side="left")
    return slice(int(first), int(last))


def normal_columns(
    times: Floats, window: Window, *, baseline: Window | None, onset_hint: datetime | None
) -> slice | None:
    """The samples that show the normal state, or None where only the window itself can tell.

    They are those of `baseline`, else all before the window if there are at least five, else the earlier
    half of those between the window's start and `onset_hint` (an alert fires some time after the onset).

    """
    inside = columns(times, window)
    if baseline is not None:
        asked = columns(times, baseline)
        if asked.stop > asked.start:
            return asked
    if inside.start >= _LEAST_HISTORY:
        return slice(0, inside.start)
    if onset_hint is None:
        return None
    ahead = int(np.searchsorted(times, onset_hint.timestamp())) - inside.start
    return slice(inside.start, inside.start + ahead // 2) if ahead >= _LEAST_BEFORE_HINT else None


def lead(times: Floats, before: slice, inside: slice) -> int | None:
    """How many regular steps the judged samples begin after the first normal one.

    None when the normal samples come later, or when either span is sampled unevenly, so that a season
    cannot be counted in samples.

    """
    normal, judged = times[before], times[inside]
    if normal.size < 2 or not judged.size or judged[0] < normal[0]:  # noqa: PLR2004  two samples make a step
        return None
    steps = np.diff(times[min(before.start, inside.start) : max(before.stop, inside.stop)])
    step = float(np.median(steps))
    uneven = np.abs(np.diff(normal) - step).max() > _UNEVEN * step
    return None if uneven else round(float(judged[0] - normal[0]) / step)

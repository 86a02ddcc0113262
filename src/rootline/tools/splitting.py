"""Where spans and lines are split into before and after, when the onset is told by numbers that are a step apart."""

from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np

from rootline.domain.signal import Floats
from rootline.domain.window import Window
from rootline.tools.observation import Observation

ENOUGH = 20
"""Source: own choice; with fewer spans or lines on a side, what is new there and what is rare look alike."""


def split_of(seen: Observation, window: Window, moments: Iterable[datetime]) -> datetime | None:
    """Return the moment from which spans or lines count as after the onset; None where no onset is known.

    A number tells of the time since the one before it, so what it shows may have begun a step earlier, though not
    before what was asked about. Where that leaves too little on one side, the onset itself is tried, and then the
    window's start.
    """
    if seen.onset is None or seen.since is None:
        return None
    known = np.sort(np.array([one.timestamp() for one in moments], dtype=np.float64))
    known = known[known < window.end.timestamp()]
    sooner = max(seen.since, min(window.start, seen.onset))
    tried = (sooner, seen.onset, window.start)
    sides = [_smaller_side(known, one.timestamp()) for one in tried]
    enough = next((at for at, size in enumerate(sides) if size >= ENOUGH), None)
    return tried[sides.index(max(sides)) if enough is None else enough].astimezone(UTC)


def _smaller_side(ordered: Floats, split: float) -> int:
    before = int(np.searchsorted(ordered, split))
    return min(before, ordered.size - before)

"""From scores to alarms: when one starts, when it ends, and when a new one would only repeat it."""

import numpy as np

from rootline.analysis.metrics.robust import Mask
from rootline.domain.signal import Floats


def held(scores: Floats, *, threshold: float, release: float) -> Mask:
    """Mark alarms that start at a threshold and last until the score has returned below a lower one.

    Args:
        scores: Signed scores, shape (n,).
        threshold: Absolute score that starts an alarm.
        release: An alarm ends before the first score under this on its own side.

    Source: the Schmitt trigger, hysteresis against flapping.

    """
    flags = np.zeros(scores.size, dtype=bool)
    until = 0
    for start in np.flatnonzero(np.abs(scores) >= threshold).tolist():
        if start < until:
            continue
        side = scores[start:] * np.sign(scores[start])
        below = np.flatnonzero(side < release)
        until = start + int(below[0]) if below.size else scores.size
        flags[start:until] = True
    return flags


def first_of_each(scores: Floats, *, threshold: float, quiet: int) -> Mask:
    """Mark the samples that reach a threshold when none has been marked in the `quiet` samples before.

    One mark an episode, as a person would want to be paged; a lasting episode is marked again after `quiet`.

    """
    flags = np.zeros(scores.size, dtype=bool)
    last = -quiet - 1
    for place in np.flatnonzero(np.abs(scores) >= threshold).tolist():
        if place - last >= quiet:
            flags[place] = True
            last = place
    return flags

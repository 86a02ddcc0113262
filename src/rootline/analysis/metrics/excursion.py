"""The strongest excursion of each row from its normal state: direction, start, end, suddenness."""

from dataclasses import dataclass, replace

import numpy as np

from rootline.analysis.metrics.onset import Places, Stretch, run
from rootline.analysis.metrics.ramps import find_ramp
from rootline.analysis.metrics.robust import Mask, Normal
from rootline.domain.signal import Floats

# Source: for independent normal noise, 5 joint sigmas leave fewer than one false run in 10^6 samples.
_SIGNIFICANT = 5.0
_WORTH_A_LOOK = 4.0
_DRIFT = 1.5
# Deviations beyond this add nothing, so that one wild sample does not outweigh a lasting shift.
_REACH = 30.0


@dataclass(frozen=True, kw_only=True)
class Excursion:
    """The anomalous run of each row; shape (m,) each.

    `sign` is 1 for up and -1 for down; the run is `start` to `stop` (exclusive). `significance` is its
    joint deviation in sigmas, `gradual` tells a climb from a step; `changed` tells a run from noise.
    """

    sign: Floats
    start: Places
    stop: Places
    significance: Floats
    gradual: Mask
    changed: Mask


def deviations(carried: Floats, state: Normal) -> Floats:
    """Standardised deviations from the normal level, NaN-free; shape (m, n)."""
    away = carried - state.level[:, None]
    spread = np.where(away > 0, state.upward[:, None], state.downward[:, None])
    return np.nan_to_num(away / spread, nan=0.0)


def strongest_excursion(carried: Floats, state: Normal) -> Excursion:
    """Find the run of samples that deviates most, up or down.

    Args:
        carried: The samples, shape (m, n) without NaN.
        state: What is normal for each row.

    """
    near = np.clip(deviations(carried, state), -_REACH, _REACH)
    sign, rough = _either_way(near)
    joint, mean = _inside(near * sign[:, None], rough)
    start, stop, gradual = rough.start.copy(), rough.stop.copy(), np.zeros(sign.size, dtype=bool)
    rows = np.flatnonzero(joint >= _WORTH_A_LOOK)
    if rows.size:
        positive = near[rows] * sign[rows, None]
        exact = run(positive, np.maximum(_DRIFT, 0.5 * mean[rows]))
        ramp = find_ramp(carried[rows] * sign[rows, None], exact.start)
        joint[rows] = _inside(positive, exact)[0]
        start[rows] = np.where(ramp.gradual, np.minimum(ramp.start, exact.start), exact.start)
        stop[rows], gradual[rows] = exact.stop, ramp.gradual
    changed = joint >= _SIGNIFICANT
    return Excursion(sign=sign, start=start, stop=stop, significance=joint, gradual=gradual & changed, changed=changed)


def second_look(found: Excursion, rows: Places, carried: Floats, state: Normal) -> Excursion:
    """Date some rows again, against a better normal state; their direction and their climbs stand.

    Args:
        found: The first look at all rows.
        rows: Which of them to date again.
        carried: The samples of those rows, without NaN.
        state: What is normal for those rows.

    """
    near = np.clip(deviations(carried, state), -_REACH, _REACH) * found.sign[rows, None]
    first = Stretch(start=found.start[rows], stop=found.stop[rows], strength=found.significance[rows])
    exact = run(near, np.maximum(_DRIFT, 0.5 * _inside(near, first)[1]))
    start, stop, significance = found.start.copy(), found.stop.copy(), found.significance.copy()
    start[rows] = np.where(found.gradual[rows], first.start, exact.start)
    stop[rows], significance[rows] = exact.stop, _inside(near, exact)[0]
    return replace(
        found,
        start=np.minimum(start, stop),
        stop=stop,
        significance=significance,
        changed=found.changed & (significance >= _SIGNIFICANT),
    )


def _either_way(standardised: Floats) -> tuple[Floats, Stretch]:
    drift = np.full(standardised.shape[0], _DRIFT)
    up, down = run(standardised, drift), run(-standardised, drift)
    upward = up.strength >= down.strength
    chosen = Stretch(
        start=np.where(upward, up.start, down.start),
        stop=np.where(upward, up.stop, down.stop),
        strength=np.where(upward, up.strength, down.strength),
    )
    return np.where(upward, 1.0, -1.0), chosen


def _inside(values: Floats, stretch: Stretch) -> tuple[Floats, Floats]:
    """The joint deviation of the samples inside each stretch, and their mean."""
    walk = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=walk[:, 1:])
    rows = np.arange(values.shape[0])
    length = np.maximum(stretch.stop - stretch.start, 1)
    mean: Floats = (walk[rows, stretch.stop] - walk[rows, stretch.start]) / length
    return mean * np.sqrt(length), mean

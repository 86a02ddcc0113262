"""The strongest excursion of each row from its normal state: direction, start, end, suddenness."""

from dataclasses import dataclass

import numpy as np

from rootline.analysis.metrics.onset import Places, Stretch, run
from rootline.analysis.metrics.ramps import find_ramp
from rootline.analysis.metrics.robust import Mask, Normal
from rootline.domain.signal import Floats

# Source: for independent normal noise, 5 joint sigmas leave fewer than one false run in 10^6 samples.
_SIGNIFICANT = 5.0
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
    positive = near * sign[:, None]
    exact = run(positive, np.maximum(_DRIFT, 0.5 * _mean_inside(positive, rough)))
    joint = _mean_inside(positive, exact) * np.sqrt(exact.stop - exact.start)
    changed = joint >= _SIGNIFICANT
    start, gradual = exact.start.copy(), np.zeros(changed.size, dtype=bool)
    rows = np.flatnonzero(changed)
    if rows.size:
        ramp = find_ramp(carried[rows] * sign[rows, None], exact.start[rows])
        gradual[rows] = ramp.gradual
        start[rows] = np.where(ramp.gradual, np.minimum(ramp.start, start[rows]), start[rows])
    return Excursion(sign=sign, start=start, stop=exact.stop, significance=joint, gradual=gradual, changed=changed)


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


def _mean_inside(values: Floats, stretch: Stretch) -> Floats:
    walk = np.concatenate([np.zeros((values.shape[0], 1)), np.cumsum(values, axis=1)], axis=1)
    rows = np.arange(values.shape[0])
    length = np.maximum(stretch.stop - stretch.start, 1)
    mean: Floats = (walk[rows, stretch.stop] - walk[rows, stretch.start]) / length
    return mean

"""Moments at which a level leaves its course at once and stays away: what a change does by beginning to run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from rootline.analysis.metrics.baseline import filled
from rootline.analysis.metrics.counters import as_rates
from rootline.analysis.metrics.grids import by_grid
from rootline.analysis.metrics.robust import Mask
from rootline.domain.signal import Floats, Series

WIDE = 5
"""Source: ours; samples on either side, so that one or two odd ones make no jump."""
_LEAST_SAMPLES, _MOST_SAMPLES = 3 * WIDE, 480
# Source: own choices: eight times the usual difference of neighbouring stretches, and a third of the larger level.
_CLEAR, _MATERIAL = 8.0, 0.33
_STAYS = 0.5
_MOST = 3
_NOISE_FLOOR = 0.02
# Source: the median absolute deviation of a normal distribution is 0.6745 of its standard deviation.
_MAD_TO_SIGMA = 1.4826


@dataclass(frozen=True, kw_only=True)
class Jump:
    """A jump of one metric; `before` and `after` are the medians beside it, of counters those of their rate."""

    service: str
    metric: str
    at: datetime
    before: float
    after: float


def jumps(series: Sequence[Series], until: datetime) -> list[Jump]:
    """Find the jumps of every series before a moment, each series' clearest first and three at most.

    A jump is a difference between the medians of neighbouring stretches that is far beyond what is usual between such
    stretches of the same series, so that trends and rhythms have none, and of which half remains until the moment.
    Of long series, neighbouring samples are averaged until at most 480 are left.
    """
    found: list[Jump] = []
    for grid in by_grid(series):
        inside = grid.times <= until.timestamp()
        rates = as_rates([series[member].metric for member in grid.members], grid.values, grid.times)[1]
        wide = -(-int(inside.sum()) // _MOST_SAMPLES) or 1
        times, values = _binned(grid.times[None, inside], wide)[0], _binned(rates[:, inside], wide)
        if times.size >= _LEAST_SAMPLES:
            found += _of_grid([series[member] for member in grid.members.tolist()], times, filled(values))
    return found


def _binned(values: Floats, wide: int) -> Floats:
    """Average every so many samples, counted from the end."""
    kept = values[:, values.shape[1] % wide :]
    mean: Floats = kept.reshape(kept.shape[0], -1, wide).mean(axis=2)
    return mean


def _of_grid(series: Sequence[Series], times: Floats, values: Floats) -> list[Jump]:
    middles = np.median(np.lib.stride_tricks.sliding_window_view(values, WIDE, axis=1), axis=2)
    before, after = middles[:, :-WIDE], middles[:, WIDE:]
    clear = np.where(_is_material(before, after), _clearness(values, after - before), 0.0)
    return [
        Jump(
            service=series[row].service,
            metric=series[row].metric,
            at=datetime.fromtimestamp(_edge(times, values[row], at, before[row, at], after[row, at]), UTC),
            before=float(before[row, at]),
            after=float(after[row, at]),
        )
        for row in np.flatnonzero((clear >= _CLEAR).any(axis=1)).tolist()
        for at in _peaks(clear[row])
        if _stays(values[row], at + WIDE, before[row, at], after[row, at])
    ]


def _is_material(before: Floats, after: Floats) -> Mask:
    larger = np.maximum(np.abs(before), np.abs(after))
    return (np.abs(after - before) >= _MATERIAL * larger) & (larger > 0)


def _clearness(values: Floats, away: Floats) -> Floats:
    """How far each difference is from the series' usual one, in robust standard deviations of them."""
    usual = np.median(away, axis=1, keepdims=True)
    noise = _MAD_TO_SIGMA * np.median(np.abs(away - usual), axis=1, keepdims=True)
    floor = _NOISE_FLOOR * np.median(np.abs(values), axis=1, keepdims=True)
    least = np.finfo(np.float32).tiny
    found: Floats = np.nan_to_num(np.abs(away - usual) / np.maximum(np.maximum(noise, floor), least), posinf=np.inf)
    return found


def _peaks(clear: Floats) -> list[int]:
    """The clearest places of a series, far enough from each other to be jumps of their own."""
    left: Floats = np.where(clear >= _CLEAR, clear, 0.0)
    found: list[int] = []
    while len(found) < _MOST and left.any():
        at = int(left.argmax())
        found.append(at)
        left[max(at - 2 * WIDE, 0) : at + 2 * WIDE] = 0.0
    return found


def _stays(values: Floats, at: int, before: float, after: float) -> bool:
    """Whether half of a jump remains in what follows it, and leads away from the usual level of all before it."""
    rest = float(np.median(values[at:]))
    return all((rest - level) / (after - before) >= _STAYS for level in (before, float(np.median(values[:at]))))


def _edge(times: Floats, values: Floats, at: int, before: float, after: float) -> float:
    """The first sample of the two stretches that is nearer to the later level, as the next one is."""
    both_sides = values[at : at + 2 * WIDE]
    near = np.abs(both_sides - after) < np.abs(both_sides - before)
    both = near[:-1] & near[1:]
    return float(times[at + int(both.argmax()) if both.any() else at + WIDE])

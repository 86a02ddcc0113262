"""How far every row is from normal, at every slot and in every window, for as long as it has held."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from rootline.analysis.detection.board import Board
from rootline.analysis.detection.normality import Normality, comparable, is_duration, learned
from rootline.analysis.detection.policy import Horizon, Policy
from rootline.analysis.detection.signals import sense_of
from rootline.analysis.metrics.robust import Mask, quantile
from rootline.domain.signal import Floats

MOST_GROWING_S = 3600.0
"""Source: ours; the history of 25 hours holds this hour of the day twice."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """One window's view of a board.

    `observed` and `expected` are in the rows' units, shape (m, n) and (m,); `held` are signed scores in spreads,
    shape (m, n), positive where a row is higher than normal: the least of the last `hold` bins on one side, 0 where
    one of them is normal or missing or where the deviation does not hurt.
    """

    window: Horizon
    observed: Floats
    expected: Floats
    held: Floats


@dataclass(frozen=True, kw_only=True)
class _Held:
    """How long a deviation must last: so many bins, each so many samples wide."""

    width: int
    bins: int

    def scores(self, scores: Floats) -> Floats:
        """The least score on either side over the last bins; 0 before there are as many."""
        least, most = scores.copy(), scores.copy()
        for back in range(1, self.bins):
            shifted = np.zeros_like(scores)
            shifted[:, back * self.width :] = scores[:, : -back * self.width]
            least, most = np.minimum(least, shifted), np.maximum(most, shifted)
        return np.maximum(least, 0.0) + np.minimum(most, 0.0)


def survey(board: Board, policy: Policy, usual: Mask, tail: float) -> tuple[Reading, ...]:
    """Read a board through each window of a policy; its last bins, which a watch judges, teach nothing.

    Args:
        board: The samples.
        policy: Which windows, and how long a deviation must hold.
        usual: The slots from which is learned what is normal, shape (n,).
        tail: How much of them is taken to be usual indeed; see `learned`.

    Returns:
        One reading a window, without those whose history is too short for any row.

    """
    scaled = comparable(board.series, board.values)
    found = []
    for window in policy.windows:
        width = max(1, round(window.bin_s / board.step_s))
        places = np.arange(width - 1, usual.size - _judged(board, policy, window, width), width)
        places = places[usual[places]]
        if board.series and places.size >= window.history_bins:
            binned = _medians(scaled, width)
            before = [_earlier(binned, places, back * width) for back in range(1, policy.hold)]
            normal = learned(board.series, binned[:, places], tail, before)
            found.append(_reading(board, window, binned, normal, _Held(width=width, bins=policy.hold)))
    return tuple(found)


def _judged(board: Board, policy: Policy, window: Horizon, width: int) -> int:
    """Return how many of the last samples teach nothing: those that must hold, and of what creeps twice the window.

    Else what grows slowly is learned as usual while it grows. It is an hour at most, which the day before teaches.
    """
    growing_s = 0.0 if window == policy.windows[0] else min(2 * window.length_s, MOST_GROWING_S)
    return max(policy.hold * width, round(growing_s / board.step_s))


def _earlier(binned: Floats, places: NDArray[np.intp], by: int) -> Floats:
    """Return what stood so many samples before each place, the place's own where nothing did."""
    return binned[:, np.where(places >= by, places - by, places)]


def _reading(board: Board, window: Horizon, binned: Floats, normal: Normality, held: "_Held") -> Reading:
    level = np.where(normal.count >= window.history_bins, normal.level, np.nan)
    logs = np.array([is_duration(one) for one in board.series], dtype=bool)
    return Reading(
        window=window,
        observed=np.where(logs[:, None], np.exp(np.where(logs[:, None], binned, 0.0)), binned),
        expected=np.where(logs, np.exp(np.where(logs, level, 0.0)), level),
        held=_hurting(board, held.scores(_scores(binned, level, normal))),
    )


def _scores(binned: Floats, level: Floats, normal: Normality) -> Floats:
    with np.errstate(over="ignore"):
        return np.nan_to_num((binned - level[:, None]) / normal.spread[:, None], nan=0.0, posinf=0.0, neginf=0.0)


def _hurting(board: Board, held: Floats) -> Floats:
    senses = np.array([sense_of(one.metric) for one in board.series], dtype=np.intp)[:, None]
    return np.where(senses * held < 0, 0.0, held)


def _medians(values: Floats, width: int) -> Floats:
    """The median of the last `width` samples at each sample, NaN where fewer than half of them are known."""
    if width == 1:
        return values
    padded = np.concatenate([np.full((values.shape[0], width - 1), np.nan), values], axis=1)
    found = np.empty_like(values)
    for row in range(values.shape[0]):
        ordered = np.sort(sliding_window_view(padded[row], width), axis=1)
        count = np.isfinite(ordered).sum(axis=1)
        found[row] = np.where(2 * count >= width, quantile(ordered, count, 0.5), np.nan)
    return found

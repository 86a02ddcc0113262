"""What comes every day at the same hour: a peak, a batch. Failures never count as usual, however regular."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from rootline.analysis.detection.board import Board
from rootline.analysis.detection.features import Feature
from rootline.analysis.detection.policy import Daily, Policy
from rootline.analysis.detection.signals import place_of

_DAY_S = 86_400.0


def as_the_day_before(board: Board, features: Iterable[Feature], policy: Policy) -> list[Feature]:
    """Return features of a board's last slot, those marked that the day before had as much of at about this hour."""
    limit = policy.daily
    return [*features] if limit is None else [_marked(board, one, limit, policy) for one in features]


def _marked(board: Board, one: Feature, limit: Daily, policy: Policy) -> Feature:
    if one.signal.view == "errors" or not one.deviation:
        return one
    then, horizon = one.at - _DAY_S, next(known for known in policy.windows if known.name == one.window)
    first, last = np.searchsorted(board.times, (then - limit.within_s, then + limit.within_s))
    rows = [
        row for row, known in enumerate(board.series) if known.metric == one.metric and place_of(known) == one.service
    ]
    around = board.values[rows, first:last]
    reached = ((around - one.expected) / one.deviation >= limit.share).any(axis=0)
    lasting = policy.hold * max(1, round(horizon.bin_s / board.step_s))
    return replace(one, is_daily=int(reached.sum()) >= lasting)

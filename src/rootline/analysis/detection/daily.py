"""What comes every day at the same hour: a peak, a batch. Failures never count as usual, however regular."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from rootline.analysis.detection.board import Board
from rootline.analysis.detection.features import Feature
from rootline.analysis.detection.policy import Daily, Policy
from rootline.analysis.detection.signals import place_of
from rootline.domain.signal import Series

_DAY_S = 86_400.0
_SATURDAY = 5
_FEWEST = 2
"""Source: ours; days that make a habit."""


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


def like_today(at: float, days: int) -> list[int]:
    """Return how many days ago days of its kind were, by UTC: of a weekend for a weekend, others for others."""
    today = datetime.fromtimestamp(at, UTC).weekday()
    return [ago for ago in range(1, days + 1) if ((today - ago) % 7 >= _SATURDAY) == (today >= _SATURDAY)]


def is_as_on(one: Feature, days: Sequence[Sequence[Series]], policy: Policy) -> bool:
    """Whether most of some days had something like a feature, and one of them as much.

    Args:
        one: What deviates now.
        days: The same signal of each day, around this hour; a day without samples is not known and does not count.
        policy: The numbers.

    """
    limit = policy.daily
    if limit is None or one.signal.view == "errors" or not one.deviation:
        return False
    reached = [known for day in days if (known := _reached(one, day, policy)) is not None]
    habitual = sum(share >= limit.habit for share in reached)
    return len(reached) >= _FEWEST and max(reached) >= limit.share and 2 * habitual > len(reached)


def _reached(one: Feature, day: Sequence[Series], policy: Policy) -> float | None:
    """Return the share of a deviation that was held for as long on a day; None where it is not known."""
    shares = [share for each in day if (share := _held(one, each, policy)) is not None]
    return max(shares, default=None)


def _held(one: Feature, series: Series, policy: Policy) -> float | None:
    known = np.isfinite(series.values)
    times, values = series.times[known], series.values[known]
    if times.size <= policy.hold:
        return None
    horizon = next(each for each in policy.windows if each.name == one.window)
    lasting = policy.hold * max(1, round(horizon.bin_s / float(np.median(np.diff(times)))))
    shares = np.sort((values - one.expected) / one.deviation)
    return float(shares[-lasting]) if shares.size >= lasting else None

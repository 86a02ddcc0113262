"""Work that piles up: what waits becomes more and more, and far more than there ever was."""

from collections.abc import Iterator

import numpy as np

from rootline.analysis.detection.board import Board
from rootline.analysis.detection.policy import Piling
from rootline.analysis.detection.signals import is_watched, sense_of, signal_of
from rootline.analysis.metrics.units import words
from rootline.domain.signal import Floats, Series

# Source: how exporters of queues and brokers call what nobody has taken yet.
_WAITING = frozenset({"queue", "queued", "backlog", "lag", "pending", "waiting"})
_SECONDS = "s"
_COUNTED = frozenset({"", "count"})


def least_of(one: Series, limit: Piling) -> float | None:
    """Return how much must wait at least, in the unit of the series; None where it does not count what waits."""
    waits = signal_of(one.metric).view == "saturation" and not _WAITING.isdisjoint(words(one.metric))
    if not waits or not is_watched(one.metric) or sense_of(one.metric) < 1:
        return None
    return limit.least if one.unit in _COUNTED else limit.least_s if one.unit == _SECONDS else None


def rows_of(board: Board, limit: Piling) -> Iterator[tuple[int, float]]:
    """Return the rows that count what waits, each with how much that must be at least."""
    for row, one in enumerate(board.series):
        least = least_of(one, limit)
        if least is not None:
            yield row, least


def most_before(values: Floats, least: float, a_bin: int, limit: Piling) -> float | None:
    """Return the most that waited before it began to pile up; None where nothing piles up at the last slot.

    It goes on for as long as so much waits, whether or not it still becomes more, and is over when that was taken.
    Slots of which nothing is known are passed over.

    Args:
        values: What waited, by slot, shape (n,), NaN where that is not known.
        least: Less than this is no pile.
        a_bin: How many slots make one bin.
        limit: The numbers of the policy.

    """
    known = values[np.isfinite(values)]
    if not np.isfinite(values[-1:]).all() or known.size <= limit.slots:
        return None
    since = _since(known, max(least, limit.times * float(np.median(known))))
    before, pile = known[:since], known[max(since - 1, 0) :: a_bin]
    if since >= known.size or before.size < limit.slots or not _grew(pile, limit.bins):
        return None
    most = float(before.max())
    return most if known[-1] >= max(least, limit.times * most) else None


def _since(values: Floats, level: float) -> int:
    """Return the slot since which more than a level waits; behind the end where no more does."""
    low = np.flatnonzero(~(values > level))
    return int(low[-1]) + 1 if low.size else 0


def _grew(bins: Floats, times: int) -> bool:
    """Whether it became more so often in a row."""
    rises = np.diff(bins) > 0
    return any(rises[at : at + times].all() for at in range(rises.size - times + 1))

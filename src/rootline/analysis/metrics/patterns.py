"""Series that keep their level and lose their rhythm: frozen values, bursts of noise."""

from functools import lru_cache

import numpy as np

from rootline.analysis.metrics.baseline import fenced
from rootline.analysis.metrics.onset import Stretch, inside, widest_contrast
from rootline.analysis.metrics.robust import Mask
from rootline.domain.signal import Floats

_LEAST_SAMPLES = 24
_LEAST_RUN = 6
# A stretch that begins in the first tenth shows how it was, so what follows it is the break.
_HEAD = 0.1
# A stretch at least this many times as restless as the rest, or as calm.
_FACTOR = 3.0
# Source: measured; with the factor of 3 beside it, none of 10,000 rows of 240 normal samples breaks its pattern,
# and 4 of 10,000 rows of 60.
_SIGNIFICANT = 4.5


def broken_pattern(values: Floats, known: Mask | None = None) -> tuple[Mask, Stretch]:
    """Find the stretch whose samples move far more, or far less, from one to the next than all others.

    Args:
        values: Shape (m, n) without NaN; rows with a changed level are not for this test.
        known: Which samples were measured, shape (m, n); None when all were. A gap is neither calm nor restless.

    Returns:
        Which rows break their pattern, and where; nothing in windows under 24 samples.

    """
    rows, samples = values.shape
    nothing = np.zeros(rows, dtype=np.intp)
    broken = np.zeros(rows, dtype=bool)
    stretch = Stretch(start=nothing, stop=nothing.copy(), strength=np.zeros(rows))
    if samples < _LEAST_SAMPLES:
        return broken, stretch
    moves = _moves(values, known)
    suspects = _uneven(moves).nonzero()[0]
    if suspects.size:
        found = widest_contrast(fenced(moves[suspects]))
        broken[suspects] = _clear(moves[suspects], found)
        from_start = found.start <= _HEAD * samples
        stretch.start[suspects] = np.where(from_start, found.stop, found.start) + 1
        stretch.stop[suspects] = np.where(from_start, samples, found.stop + 1)
        stretch.strength[suspects] = found.strength
    return broken, stretch


def _moves(values: Floats, known: Mask | None) -> Floats:
    """How far each sample lies from the one before it; the row's mean where either was not measured."""
    moves: Floats = np.abs(values[:, 1:] - values[:, :-1])
    if known is None:
        return moves
    both = known[:, 1:] & known[:, :-1]
    usual = np.where(both, moves, 0.0).sum(axis=1) / np.maximum(both.sum(axis=1), 1)
    return np.where(both, moves, usual[:, None])


def _uneven(moves: Floats) -> Mask:
    """Whether one quarter of the window moves far more than another: a cheap test before the exact one."""
    parts = (moves[:, quarter] for quarter in _quarters(moves.shape[1]))
    quarters: Floats = np.array([part.sum(axis=1) / part.shape[1] for part in parts])
    uneven: Mask = quarters.max(axis=0) > _FACTOR * quarters.min(axis=0)
    return uneven


@lru_cache(maxsize=64)
def _quarters(samples: int) -> tuple[slice, ...]:
    """Cut so many samples into four parts, of which the first ones may be longer by one."""
    short, longer = divmod(samples, 4)
    edges = [part * short + min(part, longer) for part in range(5)]
    return tuple(map(slice, edges[:-1], edges[1:]))


def _clear(moves: Floats, found: Stretch) -> Mask:
    chosen = inside(found.start, found.stop, moves.shape[1])
    length = chosen.sum(axis=1)
    rest = moves.shape[1] - length
    within, noise_within = _mean_and_deviation(moves, chosen)
    outside, noise_outside = _mean_and_deviation(moves, ~chosen)
    noise = np.where(within > outside, noise_within, noise_outside)
    apart = (within > _FACTOR * outside) | (outside > _FACTOR * within)
    contrast = np.abs(within - outside) * np.sqrt(length * rest / moves.shape[1])
    clear: Mask = apart & (contrast > _SIGNIFICANT * noise) & (length >= _LEAST_RUN) & (rest >= _LEAST_RUN)
    return clear


def _mean_and_deviation(moves: Floats, chosen: Mask) -> tuple[Floats, Floats]:
    count = np.maximum(chosen.sum(axis=1), 1)
    mean = np.where(chosen, moves, 0.0).sum(axis=1) / count
    square = np.where(chosen, moves**2, 0.0).sum(axis=1) / count
    return mean, np.sqrt(np.maximum(square - mean**2, 0.0))

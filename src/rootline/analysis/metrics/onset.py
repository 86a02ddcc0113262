"""When a change began and ended: the stretch of samples that differs most from the rest."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rootline.domain.signal import Floats

Places = NDArray[np.intp]
Mask = NDArray[np.bool_]

# Coarse borders for the exhaustive search: 136 stretches a row, whose borders are then moved to the exact sample.
_BINS = 16


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A run of samples in each row: first sample, first sample behind it, and its strength; shape (m,) each."""

    start: Places
    stop: Places
    strength: Floats


def widest_contrast(values: Floats) -> Stretch:
    """The stretch whose mean differs most from the mean of everything outside it.

    Args:
        values: Shape (m, n) without NaN; clip wild samples first, a mean follows them.

    Returns:
        Strength is the difference of the means times sqrt(L (n - L) / n), in the values' unit, signed.

    Source: the epidemic-change likelihood ratio, Levin and Kline, "The CUSUM test of homogeneity with an
    application in spontaneous abortion epidemiology" (1985), searched from coarse to fine.

    """
    rows, samples = values.shape
    edges, first, last, weight = _stretches(samples)
    walk = np.zeros((rows, samples + 1))
    np.cumsum(values - values.mean(axis=1, keepdims=True), axis=1, out=walk[:, 1:])
    coarse = walk[:, edges]
    best = np.argmax(np.abs((coarse[:, last] - coarse[:, first]) * weight), axis=1)
    start, stop = edges[first[best]], edges[last[best]]
    start = _sharpened(walk, start, other=stop)
    stop = _sharpened(walk, stop, other=start)
    inside = stop - start
    row = np.arange(rows)
    strength = (walk[row, stop] - walk[row, start]) * np.sqrt(samples / (inside * (samples - inside)))
    return Stretch(start=start, stop=stop, strength=strength)


def _sharpened(walk: Floats, border: Places, *, other: Places) -> Places:
    """Move one border of each stretch by up to one coarse bin to where the contrast is greatest."""
    samples = walk.shape[1] - 1
    width = -(-samples // _BINS) if samples > _BINS else 0
    places = np.clip(border[:, None] + np.arange(-width, width + 1), 0, samples)
    inside = np.abs(places - other[:, None])
    proper = (inside > 0) & (inside < samples)
    spread = np.where(proper, inside * (samples - inside), 1)
    row = np.arange(border.size)
    risen = np.abs(walk[row[:, None], places] - walk[row, other][:, None])
    contrast = np.where(proper & ((places > other[:, None]) == (border > other)[:, None]), risen**2 / spread, -1.0)
    moved: Places = places[row, np.argmax(contrast, axis=1)]
    return moved


def inside(start: Places, stop: Places, samples: int) -> Mask:
    """Which of so many samples lie in the stretch of each row, shape (m, samples)."""
    place = np.arange(samples)
    within: Mask = (place >= start[:, None]) & (place < stop[:, None])
    return within


def run(deviations: Floats, drift: Floats, known: Mask | None = None) -> Stretch:
    """The run of samples whose deviations over a drift add up to the most.

    Args:
        deviations: Standardised deviations, positive where anomalous, shape (m, n), without NaN.
        drift: What each sample must exceed to add to the run, shape (m,). Half the expected shift makes
            the start of a clean step exact.
        known: Which samples were measured, shape (m, n); None when all were. The others add nothing: a run goes on
            over a gap, begins with a sample, and lasts until the next sample behind it.

    Returns:
        The run and its sum; an empty run (start equal to stop) where no sample exceeds the drift.

    Source: Page, "Continuous Inspection Schemes" (1954), with its reference value at half the shift.

    """
    rows, samples = deviations.shape
    row = np.arange(rows)
    whole = np.zeros((rows, samples + 1))
    over = deviations - drift[:, None]
    (over if known is None else np.where(known, over, 0.0)).cumsum(axis=1, out=whole[:, 1:])
    before, walk = whole[:, :-1], whole[:, 1:]
    lowest = np.minimum.accumulate(before, axis=1)
    climbed = walk - lowest
    last = climbed.argmax(axis=1)
    strength = climbed[row, last]
    start = (before == lowest[row, last][:, None]).argmax(axis=1)
    empty = strength <= 0
    stop = last + 1
    if known is not None:
        ahead = _next_known(known)
        start, stop = ahead[row, start], ahead[row, stop]
    return Stretch(start=np.where(empty, 0, start), stop=np.where(empty, 0, stop), strength=np.maximum(strength, 0.0))


def _next_known(known: Mask) -> Places:
    """The first measured sample at or behind each place, shape (m, n + 1); n where there is none."""
    rows, samples = known.shape
    place = np.where(known, np.arange(samples), samples)
    ahead = np.full((rows, samples + 1), samples, dtype=np.intp)
    ahead[:, :-1] = np.minimum.accumulate(place[:, ::-1], axis=1)[:, ::-1]
    return ahead


@lru_cache(maxsize=64)
def _stretches(samples: int) -> tuple[Places, Places, Places, Floats]:
    bins = min(_BINS, samples)
    edges = np.unique(np.round(np.linspace(0, samples, bins + 1)).astype(np.intp))
    first, last = np.triu_indices(edges.size, k=1)
    proper = (first > 0) | (last < edges.size - 1)
    first, last = first[proper], last[proper]
    length = (edges[last] - edges[first]).astype(np.float64)
    weight = np.sqrt(samples / (length * (samples - length)))
    return edges, first, last, weight

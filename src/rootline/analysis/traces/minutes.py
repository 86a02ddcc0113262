"""Figures of many keys, minute by minute: the one in question against all the others."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rootline.analysis.traces.periods import Periods
from rootline.domain.signal import Floats

Ids = NDArray[np.intp]
_MINUTE_S = 60.0
_MOST_MINUTES = 30
_MAD_TO_SIGMA = 1.4826
_PARTS = (1.0, 0.5, 0.25)
_LEAST_NOW, _LEAST_BEFORE = 2, 8
# Source: own choice: a tenth of the calls, and more than chance: four sigmas of a share, never under 3 %.
_LEAST_SHARE, _SIGMAS, _LEAST_NOISE = 0.1, 4.0, 0.03
_HALF_SIGMAS = 6.0


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """Which minute each span belongs to: 0 from the onset on, 1 and more for those of the baseline, -1 for neither."""

    of: Ids
    count: int

    @classmethod
    def split(cls, starts: Floats, periods: Periods) -> Self:
        """Cut the baseline into minutes, counted back from the onset; over thirty of them, into thirty parts.

        `starts` are Unix seconds, shape (n,).
        """
        ago = np.maximum(periods.split - starts, 0.0)
        width = max(_MINUTE_S, (float(ago.max()) if ago.size else 0.0) / _MOST_MINUTES)
        past = np.minimum(1 + (ago / width).astype(np.intp), _MOST_MINUTES)
        known, place = np.unique(np.where(starts < periods.split, past, 0), return_inverse=True)
        shift = 0 if known.size and known[0] == 0 else 1
        return cls(of=np.where(starts < periods.end, place + shift, -1), count=int(known.size) + shift)

    def latest(self, starts: Floats) -> Iterator["Minutes"]:
        """Yield the same, then with only the latest half and the latest quarter of what is in question.

        What has just begun is diluted by what came before it in the same minute.
        """
        now = self.of == 0
        if not now.any():
            return
        first, last = float(starts[now].min()), float(starts[now].max())
        for part in _PARTS:
            early = now & (starts < last - (last - first) * part)
            yield replace(self, of=np.where(early, -1, self.of))


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A figure of each key: now, what it usually is, how much it usually differs from that, and how often it was seen.

    All have shape (k,). `usual` and `noise` are the median over the minutes of the baseline and their robust sigma,
    so that a minute in which something else was wrong moves neither; NaN where no minute of the baseline has any.
    """

    now: Floats
    usual: Floats
    noise: Floats
    seen: Floats
    seen_before: Floats


def figures(values: Floats, counts: Floats) -> Figures:
    """Compare the first column with the others.

    Args:
        values: A figure for each key and minute, shape (k, m), NaN where the minute says nothing.
        counts: How many spans it rests on, shape (k, m).

    """
    past = np.sort(values[:, 1:], axis=1)
    known = np.isfinite(past).sum(axis=1)
    usual = _middle(past, known)
    noise = _MAD_TO_SIGMA * _middle(np.sort(np.abs(past - usual[:, None]), axis=1), known)
    return Figures(now=values[:, 0], usual=usual, noise=noise, seen=counts[:, 0], seen_before=counts[:, 1:].sum(axis=1))


def surprise(shares: Figures) -> Floats:
    """Return how sure and how large a change of a share is, 0 to 1; 0 where it may be chance. Shape (k,).

    Source: the normal approximation of a binomial share around its usual value, smoothed by half a success and
    half a failure (Jeffreys), with the difference between minutes on top. What one call less would undo is chance.
    """
    usual, before = np.nan_to_num(shares.usual), shares.seen_before
    expected = (usual * before + 0.5) / (before + 1)
    chance = expected * (1 - expected) / np.maximum(shares.seen, 1)
    noise = np.sqrt(chance + np.nan_to_num(shares.noise) ** 2 + _LEAST_NOISE**2)
    away = np.maximum(np.abs(np.nan_to_num(shares.now) - usual) - 1 / np.maximum(shares.seen, 1), 0.0)
    sigmas = away / noise
    enough = (shares.seen >= _LEAST_NOW) & (before >= _LEAST_BEFORE) & np.isfinite(shares.usual)
    sure = enough & (away >= _LEAST_SHARE) & (sigmas >= _SIGMAS)
    larger = np.maximum(np.maximum(np.nan_to_num(shares.now), usual), _LEAST_SHARE)
    found: Floats = np.where(sure, sigmas / (sigmas + _HALF_SIGMAS) * away / larger, 0.0)
    return found


def quantiles(keys: Ids, values: Floats, size: int, share: float = 0.5) -> tuple[Floats, Floats]:
    """Return a quantile of the values of each key, NaN for a key without any, and how many there are; shape (size,).

    Between two ranks it is their mean, as a median is.
    """
    order = np.lexsort((values, keys))
    counts = np.bincount(keys, minlength=size)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    ordered = values[order]
    found = np.full(size, np.nan)
    some = np.flatnonzero(counts)
    place = (counts[some] - 1) * share
    low, high = first[some] + np.floor(place).astype(np.intp), first[some] + np.ceil(place).astype(np.intp)
    found[some] = 0.5 * (ordered[low] + ordered[high])
    return found, counts.astype(np.float64)


def _middle(ordered: Floats, known: Ids) -> Floats:
    if not ordered.shape[1]:
        return np.full(ordered.shape[0], np.nan)
    rows = np.arange(ordered.shape[0])
    last = np.maximum(known - 1, 0)
    middle: Floats = 0.5 * (ordered[rows, last // 2] + ordered[rows, (last + 1) // 2])
    return middle

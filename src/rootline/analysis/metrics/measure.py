"""One window of many rows, measured: normal state, anomalous run, and how far it went."""

from dataclasses import dataclass, replace

import numpy as np

from rootline.analysis.metrics.baseline import fewest, filled, quiet_samples
from rootline.analysis.metrics.excursion import Excursion, second_look, strongest_excursion
from rootline.analysis.metrics.onset import Places
from rootline.analysis.metrics.patterns import broken_pattern
from rootline.analysis.metrics.robust import Mask, Normal, normal, quantile, replaced, with_noise
from rootline.analysis.metrics.seasons import expect
from rootline.domain.signal import Floats

# A frozen part shrinks the spread, so a level that seems to move by less than this may only be the noise before.
_CLEAR_CHANGE = 10.0
_MOVED = 3.0


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Normal state, excursion and levels of each row; floats have shape (m,) and the metric's unit.

    `effect` is the median deviation from what was expected over `spread`, on the side of the excursion; for a
    row without one, `current` is the median and `peak` the extreme of the whole window. `broken` marks rows
    whose level holds and whose pattern breaks.
    """

    excursion: Excursion
    baseline: Floats
    spread: Floats
    current: Floats
    peak: Floats
    effect: Floats
    broken: Mask


def measure(
    window: Floats, before: Floats | None = None, *, lead: int | None = None, latest: Floats | None = None
) -> Measured:
    """Find the strongest deviation from normal in each row.

    Args:
        window: The samples to judge, shape (m, n), n at least 1, NaN for gaps.
        before: Samples of the normal state, shape (m, k), or None: then the window's own quiet part is it.
        lead: How many samples after the first normal one the window begins; None where seasons cannot
            be continued from there to here.
        latest: The normal samples right before the window, shape (m, j), if they are known. Where their level
            lies outside what all of them call normal, it had moved before the window and counts as normal.

    """
    history, offset = (window, 0) if before is None else (before, lead)
    season = None if offset is None else expect(history, window.shape[1], offset)
    if season is None:
        return _measure(window, before, np.zeros_like(window), np.ones(window.shape[0]), latest)
    clean = None if before is None else before - season.before
    tail = None if clean is None or latest is None else clean[:, -latest.shape[1] :]
    return _measure(window, clean, season.inside, season.doubt, tail)


def lifted(measured: Measured, offset: Floats) -> Measured:
    """The same with an offset per row, shape (m,), added back to every level."""
    if not offset.any():
        return measured
    return replace(
        measured,
        baseline=measured.baseline + offset,
        current=measured.current + offset,
        peak=measured.peak + offset,
    )


def _measure(window: Floats, before: Floats | None, expected: Floats, doubt: Floats, latest: Floats | None) -> Measured:
    adjusted = window - expected
    carried, known = filled(adjusted), _known(adjusted)
    normal_samples = _quiet(adjusted, carried) if before is None else before
    state = _state(carried, normal_samples, doubt)
    if latest is not None:
        state = _moved_before(state, _state(carried, latest, doubt))
    found = strongest_excursion(carried, state, known)
    if before is None:
        rows = _misjudged(found, normal_samples)
        state, found = _before_onset(adjusted, carried, state, found, doubt, rows)
    found, broken = _with_patterns(found, carried, known)
    return _levels(window, expected, state, found, broken)


def _known(window: Floats) -> Mask | None:
    """Which samples were measured; None when all were, which is the usual case and cheaper."""
    known = np.isfinite(window)
    return None if known.all() else known


def _quiet(window: Floats, carried: Floats) -> Floats:
    if window.shape[1] < 2:  # noqa: PLR2004  a single sample has no rest to differ from
        return window
    return np.where(quiet_samples(carried), window, np.nan)


def _state(carried: Floats, samples: Floats, doubt: Floats) -> Normal:
    scale = np.abs(carried).max(axis=1)
    counts = (carried == np.round(carried)).all(axis=1)
    state = with_noise(normal(samples, scale, counts), carried)
    return replace(state, upward=state.upward * doubt, downward=state.downward * doubt)


def _moved_before(state: Normal, latest: Normal) -> Normal:
    """Take the latest level where it lies three of its own spreads off the long-term one, with the wider spread."""
    away = latest.level - state.level
    moved = np.abs(away) > _MOVED * np.where(away > 0, latest.downward, latest.upward)
    return Normal(
        level=np.where(moved, latest.level, state.level),
        upward=np.where(moved, np.maximum(latest.upward, state.upward), state.upward),
        downward=np.where(moved, np.maximum(latest.downward, state.downward), state.downward),
        count=state.count,
    )


def _misjudged(found: Excursion, normal_samples: Floats) -> Places:
    """The changed rows whose normal samples reach into the run found, or leave out much beside it."""
    place = np.arange(normal_samples.shape[1])
    inside = (place >= found.start[:, None]) & (place < found.stop[:, None])
    least = fewest(place.size)
    off = (np.isfinite(normal_samples) == inside).sum(axis=1) >= least
    return np.flatnonzero(found.changed & (found.gradual | off & (found.start >= least)))


def _before_onset(
    window: Floats, carried: Floats, state: Normal, found: Excursion, doubt: Floats, rows: Places
) -> tuple[Normal, Excursion]:
    """Take the normal state of some rows from before their onset, and look at them again."""
    if not rows.size:
        return state, found
    least = fewest(window.shape[1])
    until = np.maximum(found.start[rows], least)[:, None]
    samples = np.where(np.arange(window.shape[1]) < until, window[rows], np.nan)
    fresh, known = _state(carried[rows], samples, doubt[rows]), _known(window[rows])
    return replaced(state, rows, fresh), second_look(found, rows, carried[rows], fresh, known)


def _with_patterns(found: Excursion, carried: Floats, known: Mask | None) -> tuple[Excursion, Mask]:
    """Look at the rows whose level holds, or all but holds, for a break in their pattern."""
    broken = np.zeros(found.changed.size, dtype=bool)
    rows = np.flatnonzero(found.significance < _CLEAR_CHANGE)
    if not rows.size:
        return found, broken
    is_broken, stretch = broken_pattern(carried[rows], None if known is None else known[rows])
    broken[rows] = is_broken & (stretch.start < stretch.stop)
    start, stop = found.start.copy(), found.stop.copy()
    start[rows] = np.where(broken[rows], stretch.start, start[rows])
    stop[rows] = np.where(broken[rows], stretch.stop, stop[rows])
    return replace(found, start=start, stop=stop, changed=found.changed & ~broken), broken


def _levels(window: Floats, expected: Floats, state: Normal, found: Excursion, broken: Mask) -> Measured:
    place = np.arange(window.shape[1])
    inside = (place >= found.start[:, None]) & (place < found.stop[:, None])
    judged = inside | ~(found.changed | broken)[:, None]
    current, low, high = _middle_and_ends(window, judged)
    away = _middle_and_ends(window - expected, judged)[0] - state.level
    sign = np.where(found.changed, found.sign, np.where(away >= 0, 1.0, -1.0))
    spread = np.where(sign > 0, state.upward, state.downward)
    return Measured(
        excursion=replace(found, sign=sign),
        baseline=current - away,
        spread=spread,
        current=current,
        peak=np.where(sign > 0, high, low),
        effect=away / spread,
        broken=broken,
    )


def _middle_and_ends(values: Floats, judged: Mask) -> tuple[Floats, Floats, Floats]:
    ordered = np.sort(np.where(judged, values, np.nan), axis=1)
    count = np.isfinite(ordered).sum(axis=1)
    return quantile(ordered, count, 0.5), ordered[:, 0], quantile(ordered, count, 1.0)

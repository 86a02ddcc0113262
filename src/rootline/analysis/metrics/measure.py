"""One window of many rows, measured: normal state, anomalous run, and how far it went."""

from dataclasses import dataclass, replace

import numpy as np

from rootline.analysis.metrics.baseline import fewest, quiet_samples
from rootline.analysis.metrics.excursion import Excursion, second_look, strongest_excursion
from rootline.analysis.metrics.judged import Judged
from rootline.analysis.metrics.onset import Places, inside
from rootline.analysis.metrics.patterns import broken_pattern
from rootline.analysis.metrics.robust import Mask, Normal, counted, material, middle, quantile, replaced
from rootline.analysis.metrics.seasons import Expectation, expect
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
    if season is None or before is None:
        return _measure(window, before, latest, season)
    clean = before - season.before
    return _measure(window, clean, None if latest is None else clean[:, -latest.shape[1] :], season)


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


def _measure(window: Floats, before: Floats | None, latest: Floats | None, season: Expectation | None) -> Measured:
    judged = Judged.of(window, season)
    normal_samples = _quiet(judged) if before is None else before
    state = judged.state(normal_samples)
    if latest is not None:
        state = _moved_before(judged, state, latest)
    found = strongest_excursion(judged.carried, state, judged.known)
    if before is None:
        state, found = _before_onset(judged, state, found, _misjudged(found, normal_samples))
    found, broken = _with_patterns(found, judged)
    return _levels(window, season, state, found, broken)


def _quiet(judged: Judged) -> Floats:
    if judged.adjusted.shape[1] < 2:  # noqa: PLR2004  a single sample has no rest to differ from
        return judged.adjusted
    return np.where(quiet_samples(judged.carried), judged.adjusted, np.nan)


def _moved_before(judged: Judged, state: Normal, latest: Floats) -> Normal:
    """Take the latest level where it lies three of its own spreads off the long-term one, with the wider spread.

    Most are not three times off the least spread there can be, and need no other look.
    """
    level = middle(latest)
    rows = (np.abs(level - state.level) > _MOVED * material(level, judged.scale)).nonzero()[0]
    if not rows.size:
        return state
    fresh, old = judged.rows(rows).state(latest[rows]), state.rows(rows)
    away = fresh.level - old.level
    moved = np.abs(away) > _MOVED * np.where(away > 0, fresh.downward, fresh.upward)
    wider = Normal(
        level=fresh.level,
        upward=np.maximum(fresh.upward, old.upward),
        downward=np.maximum(fresh.downward, old.downward),
        count=old.count,
    )
    return replaced(state, rows[moved], wider.rows(moved))


def _misjudged(found: Excursion, normal_samples: Floats) -> Places:
    """The changed rows whose normal samples reach into the run found, or leave out much beside it."""
    samples = normal_samples.shape[1]
    least = fewest(samples)
    off = (np.isfinite(normal_samples) == inside(found.start, found.stop, samples)).sum(axis=1) >= least
    return np.flatnonzero(found.changed & (found.gradual | off & (found.start >= least)))


def _before_onset(judged: Judged, state: Normal, found: Excursion, rows: Places) -> tuple[Normal, Excursion]:
    """Take the normal state of some rows from before their onset, and look at them again."""
    if not rows.size:
        return state, found
    some, samples = judged.rows(rows), judged.adjusted.shape[1]
    until = np.maximum(found.start[rows], fewest(samples))[:, None]
    fresh = some.state(np.where(np.arange(samples) < until, some.adjusted, np.nan))
    return replaced(state, rows, fresh), second_look(found, rows, some.carried, fresh, some.known)


def _with_patterns(found: Excursion, judged: Judged) -> tuple[Excursion, Mask]:
    """Look at the rows whose level holds, or all but holds, for a break in their pattern."""
    broken = np.zeros(found.changed.size, dtype=bool)
    rows = (found.significance < _CLEAR_CHANGE).nonzero()[0]
    if not rows.size:
        return found, broken
    known = None if judged.known is None else judged.known[rows]
    is_broken, stretch = broken_pattern(judged.carried.take(rows, axis=0), known)
    if not is_broken.any():
        return found, broken
    broken[rows] = is_broken & (stretch.start < stretch.stop)
    start, stop = found.start.copy(), found.stop.copy()
    start[rows] = np.where(broken[rows], stretch.start, start[rows])
    stop[rows] = np.where(broken[rows], stretch.stop, stop[rows])
    return replace(found, start=start, stop=stop, changed=found.changed & ~broken), broken


def _levels(window: Floats, season: Expectation | None, state: Normal, found: Excursion, broken: Mask) -> Measured:
    runs = _runs(found, found.changed | broken, window.shape[1])
    current, low, high = _middle_and_ends(window, runs)
    plain = current if season is None else _middle_and_ends(window - season.inside, runs)[0]
    away = plain - state.level
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


def _runs(found: Excursion, marked: Mask, samples: int) -> Mask | None:
    """The runs of the marked rows, and the other rows as a whole; None where no row is marked."""
    if not marked.any():
        return None
    return inside(np.where(marked, found.start, 0), np.where(marked, found.stop, samples), samples)


def _middle_and_ends(values: Floats, chosen: Mask | None) -> tuple[Floats, Floats, Floats]:
    ordered = values.copy() if chosen is None else np.where(chosen, values, np.nan)
    ordered.sort(axis=1)
    count = counted(ordered) if chosen is None else np.isfinite(ordered).sum(axis=1)
    return quantile(ordered, count, 0.5), ordered[:, 0], quantile(ordered, count, 1.0)

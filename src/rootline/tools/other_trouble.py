"""Two troubles of one series told apart: the one that goes on, or else the stronger, and the other beside it.

A series is judged by its strongest excursion. Where it deviates elsewhere, too, or was quiet for long inside of it,
each is judged again without the samples of the other. Of one trouble that costs one look at all samples together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.joining import Identity, identity
from rootline.analysis.metrics.scoring import score
from rootline.domain.signal import Series
from rootline.domain.window import Window

Mask = NDArray[np.bool_]
FAR, NEAR = 6.0, 3.0
"""Source: ours; in spreads. Beyond the first a sample may belong to a trouble, within the second to none."""
FEWEST = 3
"""Source: ours; samples of a trouble, since fewer may be the edge of another."""
QUIET = 0.1
"""Source: ours; share of the window for which a series is quiet between two troubles; a shorter lull is part of one."""
LEAST = 0.25
"""Source: ours; the score from which a trouble is worth to be told beside another."""
MOST = 10


@dataclass(frozen=True)
class Trouble:
    """What was found of a series, and the samples that show it."""

    finding: MetricFinding
    series: Series


@dataclass(frozen=True)
class _Twice:
    """A series with the samples of two stretches that may each be a trouble."""

    judged: Trouble
    first: Mask
    second: Mask

    def without(self, stretch: Mask) -> Series:
        """The series without the samples of a stretch."""
        return replace(self.judged.series, values=np.where(stretch, np.nan, self.judged.series.values))


def told_apart(judged: Sequence[Trouble], window: Window) -> tuple[list[Trouble], list[Trouble]]:
    """Return one trouble for each series, strongest first, and the others of those that had two, strongest first.

    Args:
        judged: Each series in the form in which it was judged.
        window: What is asked about.

    """
    torn = (one for group in _on_one_axis(judged) for one in _torn(group, window))
    twice = {identity(one.series): found for one in torn if (found := _twice(one, window)) is not None}
    if not twice:
        return [*judged], []
    firsts, seconds = (_again(twice, window, is_first=is_first) for is_first in (True, False))
    pairs = {key: pair for key, one in twice.items() if (pair := _pair(one, firsts[key], seconds[key])) is not None}
    mains = [pairs[key][0] if (key := identity(one.series)) in pairs else one for one in judged]
    others = [other for _, other in pairs.values()]
    return sorted(mains, key=_strength), sorted(others, key=_strength)[:MOST]


def _on_one_axis(judged: Sequence[Trouble]) -> Iterable[list[Trouble]]:
    """Put those that moved together by their times, which series of one read share."""
    groups: dict[int, list[Trouble]] = {}
    for one in judged:
        found = one.finding
        if found.direction != "flat" and not found.as_rate and found.onset is not None and found.spread:
            groups.setdefault(id(one.series.times), []).append(one)
    return groups.values()


def _torn(group: Sequence[Trouble], window: Window) -> list[Trouble]:
    """Return those whose far samples stand apart for long enough that they may be of two troubles."""
    inside = _inside(group[0].series, window)
    level = np.array([[one.finding.baseline] for one in group])
    spread = np.array([[one.finding.spread] for one in group])
    values = np.array([one.series.values for one in group])[:, inside]
    far = np.abs(values - level) > FAR * spread
    place = np.arange(1, far.shape[1] + 1)
    last = np.maximum.accumulate(np.where(far, place, 0), axis=1)
    apart = np.where(far[:, 1:] & (last[:, :-1] > 0), place[1:] - last[:, :-1], 0)
    is_torn = apart.max(axis=1, initial=0) > QUIET * far.shape[1]
    return [one for one, is_one in zip(group, is_torn.tolist(), strict=True) if is_one]


def _inside(one: Series, window: Window) -> Mask:
    inside: Mask = (one.times >= window.start.timestamp()) & (one.times < window.end.timestamp())
    return inside


def _strength(one: Trouble) -> float:
    return -one.finding.score


def _again(twice: Mapping[Identity, _Twice], window: Window, *, is_first: bool) -> dict[Identity, Trouble]:
    """Judge each series without the other stretch."""
    rests = [one.without(one.second if is_first else one.first) for one in twice.values()]
    by_key = {identity(one): one for one in rests}
    found = {(one.service, one.metric, tuple(sorted(one.labels.items()))): one for one in score(rests, window)}
    return {key: Trouble(found[key], rest) for key, rest in by_key.items()}


def _pair(one: _Twice, first: Trouble, second: Trouble) -> tuple[Trouble, Trouble] | None:
    """Return which of two troubles is told, and the other; None where they are not two."""
    own = one.judged.finding
    is_each = all(each.finding.direction != "flat" and each.finding.score >= LEAST for each in (first, second))
    begins, ends = second.finding.onset, first.finding.ended
    if not is_each or begins is None or ends is None or begins <= ends:
        return None
    goes_on = second.finding.ended is None
    main, other = (second, first) if goes_on or _strength(second) < _strength(first) else (first, second)
    whole = replace(main.finding, points=own.points, gaps=own.gaps)
    return Trouble(whole, one.judged.series), other


def _twice(one: Trouble, window: Window) -> _Twice | None:
    """Find two stretches of a series that deviate and are quiet in between; None where there are not two."""
    found, times = one.finding, one.series.times
    away = np.abs(one.series.values - found.baseline)
    inside = _inside(one.series, window)
    places = np.flatnonzero(inside & (away > FAR * found.spread))
    if places.size < 2 * FEWEST:
        return None
    gaps = np.diff(places)
    widest = int(gaps.argmax())
    before, behind = int(places[widest]), int(places[widest + 1])
    between = away[before + 1 : behind]
    known = between[np.isfinite(between)]
    is_quiet = known.size >= max(FEWEST, QUIET * inside.sum()) and np.median(known) <= NEAR * found.spread
    if not is_quiet or min(widest + 1, places.size - widest - 1) < FEWEST:
        return None
    middle = (before + behind) // 2
    place = np.arange(times.size)
    return _Twice(judged=one, first=inside & (place <= middle), second=inside & (place > middle))

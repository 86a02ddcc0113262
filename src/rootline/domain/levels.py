"""How high a series stood before and after its onset, computed from its stored points alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, median_low
from typing import Literal

from rootline.domain.fact import Fact, SeriesFact

USUAL_TOLERANCE = 0.01
# Source: own choice. Two readings, each within the usual tolerance, must not be told apart by less.
_LEAST_MOVE = 2 * USUAL_TOLERANCE
_FEWEST_BEFORE = 2
_FEW = 5
# What moves within few samples stands clear of its level at once; a trend and a broken pattern begin inside the noise.
_SUDDEN = frozenset({"spike", "drop"})
_CLOCK_S = 0.001
_KNOWN_WITHIN = timedelta(minutes=2)
"""Source: ours; the most by which an onset that numbers tell is taken to be off."""
# Source: the median absolute deviation of a normal distribution is 0.6745 of its standard deviation.
_MAD_TO_SIGMA = 1.4826


def near(actual: float, expected: float, tolerance: float = USUAL_TOLERANCE) -> bool:
    """Whether expected differs from actual by at most that share of actual; zero agrees with zero alone."""
    return abs(actual - expected) <= tolerance * abs(actual)


def heading(before: float, after: float, noise: float = 0.0) -> Literal["up", "down", "flat"]:
    """Where a level went: flat when the move is within the noise, or at most 2 % of the larger level."""
    move, larger = after - before, max(abs(before), abs(after))
    if abs(move) <= max(_LEAST_MOVE * larger, noise):
        return "flat"
    return "up" if move > 0 else "down"


@dataclass(frozen=True, kw_only=True)
class Level:
    """Samples around their median, in the series' unit.

    `low` and `high` bound the middle half of the samples, `sample` is the one in their middle (of two, the lower).
    """

    low: float
    middle: float
    high: float
    sample: float
    spread: float

    def bears(self, value: float) -> bool:
        """Whether the value lies in the middle half of the samples, or within the tolerance of it.

        A level that climbs has no single value; where in it the analysis reads one depends on its own onset.
        """
        slack = USUAL_TOLERANCE * abs(self.middle)
        return self.low - slack <= value <= self.high + slack


@dataclass(frozen=True, kw_only=True)
class Levels:
    """The level before the onset, and from the onset to the end of the anomaly or of the series."""

    before: Level
    after: Level

    @property
    def direction(self) -> Literal["up", "down", "flat"]:
        """Where the level went, beyond the noise before."""
        return heading(self.before.middle, self.after.middle, self.before.spread)


def level(values: Sequence[float]) -> Level:
    """Describe samples (at least one) by their median and robust standard deviation."""
    middle = median(values)
    spread = _MAD_TO_SIGMA * median([abs(value - middle) for value in values])
    ordered, cut = sorted(values), (len(values) + 1) // 4
    return Level(low=ordered[cut], middle=middle, high=ordered[-1 - cut], sample=median_low(values), spread=spread)


def samples(fact: SeriesFact, start: float = -math.inf, stop: float = math.inf) -> list[float]:
    """The known values from `start` up to, not including, `stop` (Unix seconds), in order."""
    return [
        value
        for at, value in fact.points
        if value is not None and math.isfinite(value) and start - _CLOCK_S <= at < stop - _CLOCK_S
    ]


def nearest(fact: SeriesFact, at_s: float) -> tuple[float, float] | None:
    """The known point nearest to a moment (Unix seconds) as (moment, value), the earlier of two equally near."""
    known = [(at, value) for at, value in fact.points if value is not None and math.isfinite(value)]
    return min(known, key=lambda one: abs(one[0] - at_s), default=None)


def is_after(fact: SeriesFact, at_s: float) -> bool:
    """Whether a moment (Unix seconds) is at the onset or later."""
    return fact.onset is not None and at_s >= fact.onset.timestamp() - _CLOCK_S


def levels(fact: SeriesFact) -> Levels | None:
    """Compute both levels; None without an onset, two samples before it or one after it."""
    if fact.onset is None:
        return None
    onset = fact.onset.timestamp()
    ended = math.inf if fact.ended is None else fact.ended.timestamp()
    before, after = samples(fact, stop=onset), samples(fact, start=onset, stop=ended)
    if len(before) < _FEWEST_BEFORE or not after:
        return None
    return Levels(before=level(before), after=level(after))


def summary_bears(fact: SeriesFact, field: str, value: float) -> bool:
    """Whether the points give the value as `baseline`, `current` or `peak`; a flat series has one level throughout."""
    values = samples(fact)
    if not values:
        return False
    if field == "peak":
        extremes = {"up": [max(values)], "down": [min(values)], "flat": [min(values), max(values)]}[fact.direction]
        return any(near(extreme, value) for extreme in extremes)
    found = levels(fact)
    if found is None:
        return fact.onset is None and level(values).bears(value)
    return (found.before if field == "baseline" else found.after).bears(value)


def move_fault(fact: SeriesFact) -> str:
    """Why the stored points do not show that the series moved to its level; empty where they do."""
    found = levels(fact)
    if found is None:
        return "it has no onset with points before and after it"
    if fact.direction == "flat" or found.direction != fact.direction:
        return f"the series goes {fact.direction} and its points {found.direction}"
    if fact.current is None or not found.after.bears(fact.current):
        return "its points do not give its level"
    return ""


def first_from(fact: SeriesFact, start: datetime, stop: datetime | None = None) -> float:
    """The median of the first few known samples from a moment on, before another; at least one has to be there."""
    until = math.inf if stop is None else stop.timestamp()
    return median(samples(fact, start=start.timestamp(), stop=until)[:_FEW])


def start_fault(fact: SeriesFact) -> str:
    """Why the stored points do not show that the series leaves its level at its onset; empty where they do.

    A broken pattern keeps its level, so there only samples on both sides are asked for.
    """
    found = levels(fact)
    if fact.onset is None or found is None:
        return "the evidence has no points on both sides of the onset"
    if fact.direction == "flat":
        return "the series is flat" if fact.anomaly == "none" else ""
    if found.direction != fact.direction:
        return f"the points go {found.direction} from there"
    near_onset = heading(found.before.middle, first_from(fact, fact.onset, fact.ended))
    if near_onset != fact.direction and fact.anomaly in _SUDDEN:
        return "the points do not move there yet"
    return ""


def may_be_earlier(later: Fact, first: Fact, began: datetime) -> bool:
    """Whether a series that tells the earliest moment of its beginning may have begun before another fact began.

    Of two series neither may overlap the other; what else is dated to the second is told apart from a beginning that is
    known within two minutes as it is from any onset of numbers.
    """
    if not isinstance(later, SeriesFact) or later.since is None or later.onset is None:
        return False
    is_close = later.onset - later.since <= _KNOWN_WITHIN and not isinstance(first, SeriesFact)
    return not is_close and began > later.since

"""When calls began to be slow or to fail: between which two moments, as far as single calls can tell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import sqrt

import numpy as np

from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.scoring import score
from rootline.analysis.traces.timeline import FAILED, Calls, calls_of, timeline
from rootline.domain.signal import Floats, Series, Span
from rootline.domain.window import Window

_WITHIN = 3.0
"""Source: Wilks (1938): half of the 95 % quantile of chi square with two degrees of freedom, one for each share."""
_CLEAR, _SHORTEST_S = 0.5, 6.0
_LEAST_DIFFERENCE = 0.3
"""Source: ours; where the share of slow calls changed by less, single calls do not tell when."""
_WIDER, _SIGMAS = 4, 3.0
"""Source: ours; intervals in which a change that comes by and by may have begun, and deviations beyond chance."""
_GRADUAL = frozenset({"trend_change", "pattern_break"})


@dataclass(frozen=True, kw_only=True, eq=False)
class Traced:
    """One series of spans, how it changed, and the earliest moment at which that may have begun; None without one."""

    series: Series
    finding: MetricFinding
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Changing:
    """A service whose calls clearly changed, and between which moments they began to."""

    service: str
    between: Window


def changing(spans: Sequence[Span], window: Window) -> Changing | None:
    """Return the service that changed most clearly, and when; None where none did, or that is known to the second."""
    for one in traced(calls_of(spans), window):
        onset, since = one.finding.onset, one.since
        if onset and since and one.finding.score >= _CLEAR and (onset - since).total_seconds() >= _SHORTEST_S:
            return Changing(service=one.finding.service, between=Window(start=since, end=onset))
        if onset and one.finding.score >= _CLEAR:
            return None
    return None


def traced(calls: Sequence[Calls], window: Window) -> list[Traced]:
    """Judge what spans tell over time as any other series, the strongest change first.

    The onset is the latest moment at which a change may have begun and `since` the earliest: of a step, the ends of
    the 95 % interval of the likelihood of each single call; of anything else, and at the least, the interval in which
    it shows and the one before it.
    """
    by_service = {one.service: one for one in calls}
    series = [row for one in calls for row in timeline(one)]
    rows = {_key(one.service, one.metric, one.labels): one for one in series}
    found = []
    for finding in score(series, window):
        row = rows[_key(finding.service, finding.metric, finding.labels)]
        calls_there = by_service[finding.service]
        if not _may_be_chance(finding, calls_there):
            found.append(_dated(row, finding, calls_there))
    return found


def _may_be_chance(finding: MetricFinding, calls: Calls) -> bool:
    """Whether so many of a few calls may fail, or fail no more, without anything being wrong."""
    if finding.metric != FAILED or finding.onset is None:
        return False
    stop = finding.ended.timestamp() if finding.ended else np.inf
    inside = (calls.starts >= finding.onset.timestamp()) & (calls.starts < stop)
    within, usual = calls.failed[inside], _share(calls.failed[~inside])
    expected = usual * within.size
    return bool(abs(within.sum() - expected) < _SIGMAS * sqrt(expected * (1 - usual) + 1))


def _key(service: str, metric: str, labels: object) -> tuple[str, str, str]:
    return service, metric, str(labels)


def _dated(row: Series, finding: MetricFinding, calls: Calls) -> Traced:
    if finding.onset is None:
        return Traced(series=row, finding=finding)
    at = int(np.searchsorted(row.times, finding.onset.timestamp() - 1e-3))
    is_gradual = finding.kind in _GRADUAL
    before, after = at - (_WIDER if is_gradual else 2), min(at + (2 if is_gradual else 1), row.times.size - 1)
    widest = float(row.times[before] if before >= 0 else calls.starts[0]), float(row.times[after])
    since, onset = widest if is_gradual else _narrowed(finding, calls, max(before, 0), after, widest)
    dated = replace(finding, onset=datetime.fromtimestamp(onset, UTC))
    return Traced(series=row, finding=dated, since=datetime.fromtimestamp(since, UTC))


def _narrowed(
    finding: MetricFinding, calls: Calls, before: int, at: int, widest: tuple[float, float]
) -> tuple[float, float]:
    """Return between which moments single calls changed, among those of the interval it shows in and the two before."""
    unlike = _unlike(finding, calls)
    first = calls.lasts[before - 1] + 1 if before else 0
    last = calls.lasts[at] + 1
    usual, now = _share(unlike[:first]), _share(unlike[last : last + max(last - first, 20)])
    if not first or last >= unlike.size or now - usual < _LEAST_DIFFERENCE:
        return widest
    near = unlike[first:last]
    gain = np.where(near > 0, np.log(now / usual), np.log((1 - now) / (1 - usual)))
    # Of a change at place k, everything from k on counts as changed: its likelihood against none is the sum from there.
    support = np.concatenate([np.cumsum(gain[::-1])[::-1], [0.0]])
    likely = np.flatnonzero(support >= support.max() - _WITHIN)
    earliest, latest = first + int(likely[0]), min(first + int(likely[-1]), last - 1)
    since = float(calls.starts[max(earliest - 1, 0)])
    onset = min(float(calls.starts[latest] + calls.durations[latest]), widest[1])
    return (since, onset) if since < onset else widest


def _unlike(finding: MetricFinding, calls: Calls) -> Floats:
    """Return of each call whether it is more like those after the change than like those before, 0 or 1."""
    if finding.metric == FAILED:
        return calls.failed if finding.direction == "up" else 1 - calls.failed
    middle = sqrt(max(finding.baseline, 1e-9) * max(finding.current, 1e-9))
    slow = calls.durations > middle
    found: Floats = np.where(slow if finding.direction == "up" else ~slow, 1.0, 0.0)
    return found


def _share(unlike: Floats) -> float:
    """Return the share of unlike calls, never 0 nor 1.

    Source: Jeffreys' prior of a binomial share, half a success and half a failure more than were seen.
    """
    return float((unlike.sum() + 0.5) / (unlike.size + 1))

"""Durations and failures of calls over time, service by service: series that spans tell where nobody counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rootline.analysis.traces.forest import linked
from rootline.domain.signal import Floats, Series, Span

DURATION, FAILED = "span_duration_seconds", "span_error_share"
QUANTILES = (0.5, 0.9)
MOST_SERVICES = 60
_MOST_INTERVALS, _FEWEST_CALLS, _FEWEST_INTERVALS, _BY_ROOT = 60, 5, 6, 1.5
"""Source: ours; a minute of an hour; of few calls fewer intervals, each the steadier, and of a handful none."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Calls:
    """The calls of one service from outside of it, in order of their start; shape (n,).

    `starts` are Unix seconds, `durations` seconds, `failed` 0 or 1. An interval is so many calls in a row, and `lasts`
    holds the place of the last one of each, shape (k,): all intervals rest on as many calls, however unevenly they came
    or were sampled.
    """

    service: str
    starts: Floats
    durations: Floats
    failed: Floats
    lasts: Sequence[int]

    def times(self) -> Floats:
        """When the last call of each interval began, Unix seconds, shape (k,)."""
        return self.starts[list(self.lasts)]


def calls_of(spans: Sequence[Span]) -> list[Calls]:
    """Return the calls of each service that has enough of them, the busiest service first, sixty at most."""
    unique, starts, parent = linked(sorted(spans, key=lambda one: (one.start, one.trace_id, one.span_id)))
    places: dict[str, list[int]] = {}
    for at, span in enumerate(unique):
        if parent[at] < 0 or unique[parent[at]].service != span.service:
            places.setdefault(span.service, []).append(at)
    busiest = sorted(places, key=lambda service: (-len(places[service]), service))[:MOST_SERVICES]
    return [
        _calls(service, [unique[at] for at in places[service]], [starts[at] for at in places[service]])
        for service in busiest
        if len(places[service]) >= _FEWEST_CALLS * _FEWEST_INTERVALS
    ]


def _calls(service: str, spans: Sequence[Span], starts: Sequence[float]) -> Calls:
    intervals = min(_MOST_INTERVALS, _BY_ROOT * len(spans) ** 0.5)
    width = max(_FEWEST_CALLS, round(len(spans) / intervals))
    return Calls(
        service=service,
        starts=np.array(starts, dtype=np.float64),
        durations=np.array([one.duration_s for one in spans], dtype=np.float64),
        failed=np.array([one.status == "error" or bool(one.error) for one in spans], dtype=np.float64),
        lasts=_distinct(starts, range(width - 1, len(spans), width)),
    )


def _distinct(starts: Sequence[float], lasts: Sequence[int]) -> list[int]:
    """Leave out an interval whose last call began with that of the one before, as times must increase."""
    kept: list[int] = []
    for at in lasts:
        if not kept or starts[at] > starts[kept[-1]]:
            kept.append(at)
    return kept


def timeline(calls: Calls) -> list[Series]:
    """Return the durations of calls, the median and the slow tenth of each interval, and the share that failed."""
    firsts = [0, *(at + 1 for at in calls.lasts[:-1])]
    parts = [slice(first, last + 1) for first, last in zip(firsts, calls.lasts, strict=True)]
    rows = [(DURATION, "s", {"quantile": f"{share:g}"}, [np.quantile(calls.durations[one], share) for one in parts])
            for share in QUANTILES]  # fmt: skip
    rows.append((FAILED, "ratio", {}, [calls.failed[one].mean() for one in parts]))
    times = calls.times()
    return [
        Series(
            service=calls.service,
            metric=metric,
            unit=unit,
            labels=labels,
            times=times,
            values=np.array(values, dtype=np.float64),
        )
        for metric, unit, labels, values in rows
    ]

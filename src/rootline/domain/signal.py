"""Observed facts in time, as sources deliver them: series, log lines, spans, alerts, edges.

These stay inside the process, so they are plain frozen dataclasses. Times are aware datetimes,
except inside a series, where they are Unix seconds in an array.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rootline.domain.moment import Moment
from rootline.domain.untrusted import Untrusted

Severity = Literal["critical", "high", "medium", "low", "info"]
SpanStatus = Literal["ok", "error", "unset"]
Floats = NDArray[np.float64]
VERSION = "service.version"
"""Source: OpenTelemetry semantic conventions 1.x, resource attributes of a service."""


def is_complete(values: Floats) -> bool:
    """Tell whether all values are finite numbers; to count is much faster than `all`."""
    return int(np.count_nonzero(np.isfinite(values))) == values.size


def measured(values: Floats) -> Floats:
    """Return values with NaN in place of what is no finite number; the same array where all are finite."""
    return values if is_complete(values) else np.where(np.isfinite(values), values, np.nan)


def infinite_in(values: Floats) -> Floats | None:
    """Return the infinite ones among values, NaN in place of all others; None where there are none."""
    marks = np.isinf(values)
    return np.where(marks, values, np.nan) if marks.any() else None


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """One metric of one service over time.

    `times` are Unix seconds, strictly increasing, shape (n,); `values` are in `unit`, shape (n,),
    NaN where a sample is missing. `labels` are what tells two series of one metric apart. `infinite` is None, or +inf
    or -inf where the source answered that, NaN elsewhere, shape (n,): such a sample is there and has no level.
    """

    service: str
    metric: str
    times: Floats
    values: Floats
    unit: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    infinite: Floats | None = None


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """One line of a log. `text` is untrusted."""

    at: Moment
    service: str
    text: Untrusted
    severity: str = ""
    trace_id: str = ""
    instance: str = ""


@dataclass(frozen=True, kw_only=True)
class LogPattern:
    """A log template that the source itself has counted over the whole window.

    A source that samples its lines still counts them all here, so these counts are the true ones.
    `baseline_count` is None where the source does not know it.
    """

    service: str
    template: Untrusted
    count: int
    baseline_count: int | None = None
    severity: str = ""


@dataclass(frozen=True, kw_only=True)
class Span:
    """One operation of one service inside a trace. Durations are seconds.

    The attribute `service.version` is of the process that ran it.
    """

    trace_id: str
    span_id: str
    parent_id: str | None
    service: str
    operation: str
    start: Moment
    duration_s: float
    status: SpanStatus = "unset"
    error: Untrusted = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A signal sent by an alerting system. `summary` is untrusted."""

    name: str
    service: str
    severity: Severity
    fired_at: Moment
    summary: Untrusted = ""
    metric: str = ""
    threshold: float | None = None
    observed: float | None = None
    fingerprint: str = ""
    resolved_at: Moment | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


TOLD_BY_METRICS = "metrics"
"""What `Edge.found_in` is where nothing but numbers tells of a dependency."""


@dataclass(frozen=True, kw_only=True)
class Edge:
    """`caller` depends on `callee`; `found_in` names what told us (traces, declared, cluster, metrics)."""

    caller: str
    callee: str
    found_in: str
    calls: int = 0

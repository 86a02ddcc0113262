"""A judged series as a fact that claims can point into."""

from collections.abc import Mapping
from datetime import datetime
from math import isfinite

from rootline.analysis.metrics.finding import MetricFinding
from rootline.domain.fact import Infinite, SeriesFact
from rootline.domain.points import Points
from rootline.domain.signal import Series


def subject_of(service: str, metric: str, labels: Mapping[str, str]) -> str:
    """Name a series as `service metric{label=value}`, labels in order."""
    pairs = ",".join(f"{key}={value}" for key, value in sorted(labels.items()))
    return f"{service} {metric}" + (f"{{{pairs}}}" if pairs else "")


def series_fact(  # one series, what was found in it, and how it is drawn become one fact
    subject: str,
    finding: MetricFinding,
    series: Series,
    *,
    step: float,
    drawn: str,
    since: datetime | None = None,
    infinite: Infinite | None = None,
) -> SeriesFact:
    """Make the fact; levels that are not known are None, and samples are those of the series."""
    return SeriesFact(
        subject=subject,
        service=finding.service,
        metric=finding.metric,
        unit=finding.unit,
        labels=dict(finding.labels),
        direction=finding.direction,
        anomaly=finding.kind,
        baseline=_known(finding.baseline),
        current=_known(finding.current),
        peak=_known(finding.peak),
        onset=finding.onset,
        since=since,
        ended=finding.ended,
        effect=round(_known(finding.effect) or 0.0, 3),
        score=round(_known(finding.score) or 0.0, 4),
        step=round(step, 2),
        sparkline=drawn,
        infinite=infinite,
        points=Points(series.times, series.values),
    )


def _known(value: float) -> float | None:
    return value if isfinite(value) else None

"""What the analysis says about one series."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Direction = Literal["up", "down", "flat"]
Kind = Literal["spike", "drop", "trend_change", "pattern_break", "threshold_breach", "none"]


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricFinding:
    """How one series behaved in a window, measured against its own normal level.

    Levels are in `unit`; for a counter they are rates per second and `as_rate` is true.
    `kind` says what happened: a `spike` rises and a `drop` falls within few samples (whether it lasts is
    told by `ended`), a `trend_change` moves gradually, a `threshold_breach` fills a resource, a
    `pattern_break` keeps its level and loses its usual rhythm or noise, `none` is noise.

    Attributes:
        baseline: Robust level before the onset; NaN without samples.
        spread: Robust standard deviation around the baseline, never below what is material.
        current: Median level from the onset to the end of the anomaly.
        peak: Most extreme value in the direction of the change.
        onset: First anomalous sample, None when nothing changed.
        ended: First normal sample after the anomaly, None while it lasts.
        effect: (current - baseline) / spread.
        ratio: current / baseline, None over a zero baseline.
        score: Strength from 0 to 1, comparable between metrics.
        significance: Joint deviation of the anomalous samples in robust sigmas.
        points: Samples with a value inside the window.
        gaps: Share of the window's samples without a value, 0 to 1.

    """

    service: str
    metric: str
    unit: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    direction: Direction
    kind: Kind
    baseline: float
    spread: float
    current: float
    peak: float
    onset: datetime | None
    ended: datetime | None
    effect: float
    ratio: float | None
    score: float
    significance: float
    points: int
    gaps: float
    as_rate: bool = False

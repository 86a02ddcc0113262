"""Numbers that are read against those of the same hour before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.scoring import score
from rootline.analysis.metrics.usual import plain_of
from rootline.domain.signal import Series
from rootline.domain.window import Window

EIGHT = datetime(2026, 3, 5, 8, tzinfo=UTC)
MORNING = Window(start=EIGHT - timedelta(hours=1), end=EIGHT + timedelta(hours=1))
TIMES = np.arange(MORNING.start.timestamp(), MORNING.end.timestamp(), 60.0)


def series(metric: str, before: float, after: float, service: str = "tills") -> Series:
    noise = 1 + 0.01 * np.sin(np.arange(TIMES.size) * 2.1)
    values = np.where(EIGHT.timestamp() > TIMES, before, after) * noise
    return Series(service=service, metric=metric, times=TIMES, values=values)


def found(*lines: Series) -> dict[str, MetricFinding]:
    return {f"{one.metric} of {one.service}": one for one in score(lines, MORNING)}


@pytest.mark.parametrize(
    ("metric", "plain"),
    [
        ("requests_per_min_same_day_last_week", "requests_per_min"),
        ("requests_per_min_yesterday", "requests_per_min"),
        ("p95_ms_week_ago", "p95_ms"),
        ("p95_ms_7d_ago", "p95_ms"),
        ("orders_forecast", "orders"),
        ("requests_per_min", ""),
        ("messages_expected", "messages"),
        ("last_week", ""),
    ],
)
def test_a_metric_that_keeps_what_is_usual_is_known_by_its_name(metric: str, plain: str) -> None:
    assert plain_of(metric) == plain


def test_what_moved_as_it_does_every_morning_is_unchanged() -> None:
    seen = found(series("requests_per_min", 4000, 16000), series("requests_per_min_yesterday", 3900, 15000))

    assert [(one.direction, one.score, one.onset) for one in seen.values()] == [("flat", 0.0, None)] * 2


def test_what_moved_more_than_usual_keeps_its_finding_with_the_growth_beyond_the_usual() -> None:
    alone = found(series("requests_per_min", 4000, 32000))["requests_per_min of tills"]

    seen = found(series("requests_per_min", 4000, 32000), series("requests_per_min_yesterday", 4000, 8000))

    now = seen["requests_per_min of tills"]
    assert now.ratio == pytest.approx(4.0, rel=0.05)
    assert replace(now, ratio=alone.ratio) == alone
    assert seen["requests_per_min_yesterday of tills"].direction == "flat"


def test_a_forecast_that_nobody_measures_stays_a_number_of_its_own() -> None:
    seen = found(series("orders_forecast", 100, 900))

    assert seen["orders_forecast of tills"].direction == "up"


def test_the_usual_hour_of_another_service_says_nothing() -> None:
    seen = found(series("requests_per_min", 4000, 16000), series("requests_per_min_yesterday", 1, 4, "kiosk"))

    assert seen["requests_per_min of tills"].direction == "up"

"""What services keep for others, and when it was gone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rootline.analysis.metrics.finding import MetricFinding
from rootline.tools.emptying import emptied

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FELL = MetricFinding(
    service="keep",
    metric="cache_entries",
    labels={},
    direction="down",
    kind="drop",
    baseline=96.0,
    spread=1.0,
    current=57.0,
    peak=32.0,
    onset=NOON,
    ended=None,
    effect=-39.0,
    ratio=0.6,
    score=0.2,
    significance=9.0,
    points=60,
    gaps=0.0,
)


@pytest.mark.parametrize("metric", ["cache_entries", "redis_db_keys", "memcached_current_items", "user_cache_size"])
def test_what_is_kept_and_gone_at_once_is_told_with_figures(metric: str) -> None:
    (one,) = emptied([replace(FELL, metric=metric)])

    assert (one.service, one.at, one.told) == ("keep", NOON, f"{metric} of keep fell from 96 to 32")


@pytest.mark.parametrize(
    "other",
    [
        replace(FELL, peak=60.0),
        replace(FELL, kind="trend_change"),
        replace(FELL, kind="none", onset=None),
        replace(FELL, metric="queue_items"),
        replace(FELL, metric="cache_hits"),
        replace(FELL, as_rate=True),
    ],
    ids=["less than half", "by and by", "not at all", "no keeper", "nothing kept", "a rate"],
)
def test_nothing_else_was_kept_and_is_gone(other: MetricFinding) -> None:
    assert emptied([other]) == ()


def test_who_lost_it_first_stands_first() -> None:
    later = replace(FELL, service="attic", onset=NOON.replace(minute=1))

    assert [one.service for one in emptied([later, FELL])] == ["keep", "attic"]

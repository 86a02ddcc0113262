"""Numbers that tell by themselves, however they went before."""

import math

import pytest

from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.harm import harm, is_crowded, is_few, is_used_up

WAITS, ROOM = "process_cpu_waiting_seconds_per_second", "volume_available_bytes"


def finding(metric: str, before: float, now: float, *, unit: str = "") -> MetricFinding:
    return MetricFinding(
        service="web",
        metric=metric,
        unit=unit,
        labels={},
        direction="up" if now > before else "down",
        kind="trend_change",
        baseline=before,
        spread=1.0,
        current=now,
        peak=now,
        onset=None,
        ended=None,
        effect=1.0,
        ratio=None,
        score=0.3,
        significance=1.0,
        points=60,
        gaps=0.0,
        as_rate=bool(unit),
    )


@pytest.mark.parametrize(
    ("metric", "before", "now", "unit", "crowded"),
    [
        (WAITS, 0.04, 0.91, "s/s", True),
        ("container_cpu_steal_seconds_rate", 0.0, 0.5, "s/s", True),
        (WAITS, 0.04, 0.49, "s/s", False),
        (WAITS, 0.6, 0.9, "s/s", False),
        (WAITS, 0.9, 0.6, "s/s", False),
        ("process_cpu_seconds_per_second", 0.1, 0.9, "s/s", False),
        (WAITS, 0.04, 0.91, "s", False),
        ("lock_waiting_seconds_per_second", 0.0, 0.9, "s/s", False),
    ],
    ids=["most", "steal", "less than half", "as before", "less", "own work", "no rate", "for a lock"],
)
def test_who_waits_for_a_cpu_half_of_the_time_is_crowded(
    metric: str, before: float, now: float, unit: str, *, crowded: bool
) -> None:
    assert is_crowded(finding(metric, before, now, unit=unit)) is crowded


@pytest.mark.parametrize(
    ("metric", "before", "now", "gone"),
    [
        (ROOM, 6e7, 0.0, True),
        ("db_connections_free", 40, 1, True),
        (ROOM, 6e7, 6e6, False),
        ("volume_used_bytes", 6e7, 0.0, False),
        (ROOM, 0.0, 6e7, False),
        (ROOM, math.nan, 0.0, False),
        (ROOM, 6e7, math.nan, False),
    ],
    ids=["all", "nearly all", "a tenth left", "used", "more", "unknown before", "unknown now"],
)
def test_room_that_is_all_but_gone_is_used_up(metric: str, before: float, now: float, *, gone: bool) -> None:
    assert is_used_up(finding(metric, before, now)) is gone


@pytest.mark.parametrize(
    ("metric", "now", "unit", "little"),
    [
        ("process_resident_memory_bytes", 120.0, "bytes", True),
        ("process_resident_memory_bytes", 160.0, "bytes", False),
        ("redis_memory_utilisation", 120.0, "ratio", False),
        ("received_bytes", 120.0, "bytes", False),
    ],
    ids=["a fifth more", "much more", "a share", "no memory"],
)
def test_somewhat_more_memory_of_an_unknown_whole_hardly_hurts(
    metric: str, now: float, unit: str, little: bool
) -> None:
    grown, whole = (harm(finding(metric, 100.0, level, unit=unit)) for level in (now, now * 10))

    assert (grown < whole) is little


@pytest.mark.parametrize(
    ("metric", "most", "few"),
    [
        ("process_open_fds", 21, True),
        ("process_open_fds", 511, True),
        ("process_open_fds", 512, False),
        ("nodejs_open_descriptors", 40, True),
        ("process_max_fds", 40, False),
        ("open_orders", 40, False),
    ],
)
def test_fewer_open_descriptors_than_half_of_any_limit_are_few(metric: str, most: float, *, few: bool) -> None:
    assert is_few(finding(metric, 10, most)) is few


def test_a_few_more_open_descriptors_hardly_speak_against_a_service() -> None:
    few, many = (harm(finding("process_open_fds", 10, most)) for most in (20, 2000))

    assert few < many / 5

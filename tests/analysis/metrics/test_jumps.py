from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from rootline.analysis.metrics.jumps import Jump, jumps
from rootline.domain.signal import Floats, Series

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTES = 120
END = START + timedelta(minutes=MINUTES)
Course = Callable[[Floats], Floats]


def series(course: Course, *, noise: float = 0.05, metric: str = "wait_seconds", step_s: float = 60.0) -> Series:
    times = START.timestamp() + np.arange(0, MINUTES * 60, step_s)
    minutes = (times - START.timestamp()) / 60
    values = course(minutes) * (1 + noise * np.random.default_rng(5).standard_normal(minutes.size))
    return Series(service="cart", metric=metric, times=times, values=values)


def found(course: Course, until: datetime = END, **how: float) -> list[Jump]:
    return jumps([series(course, **how)], until)  # type: ignore[arg-type]


def minute(jump: Jump) -> float:
    return (jump.at - START).total_seconds() / 60


def test_a_level_that_moves_at_once_and_stays_has_jumped_there() -> None:
    (one,) = found(lambda m: np.where(m >= 40, 9.0, 3.0))

    assert (one.service, one.metric, minute(one)) == ("cart", "wait_seconds", 40)
    assert one.before == pytest.approx(3, rel=0.1)
    assert one.after == pytest.approx(9, rel=0.1)


def test_several_jumps_are_told_apart_and_the_clearest_comes_first() -> None:
    two = found(lambda m: np.select([m >= 90, m >= 30], [400.0, 12.0], 3.0))

    assert [minute(one) for one in two] == [90, 30]


@pytest.mark.parametrize(
    "course",
    [
        lambda m: 3.0 + 0 * m,
        lambda m: 3.0 + m / 10,
        lambda m: 5.0 + 3 * np.sin(m / 15),
        lambda m: np.where((m >= 40) & (m < 48), 9.0, 3.0),
        lambda m: np.where(m == 40, 90.0, 3.0),
        lambda m: np.where(m >= 40, 3.3, 3.0),
        lambda m: 0 * m,
    ],
    ids=["level", "trend", "rhythm", "comes back", "one odd sample", "immaterial", "nothing at all"],
)
def test_what_does_not_leave_its_course_for_good_has_no_jump(course: Course) -> None:
    assert found(course) == []


def test_a_jump_on_a_trend_is_seen() -> None:
    assert [minute(one) for one in found(lambda m: np.where(m >= 60, 40.0, 5.0) + m / 20)] == [60]


def test_what_comes_after_the_moment_is_not_read() -> None:
    assert found(lambda m: np.where(m >= 80, 9.0, 3.0), START + timedelta(minutes=75)) == []


def test_counters_jump_with_their_rate() -> None:
    (one,) = found(lambda m: np.cumsum(np.where(m >= 50, 600.0, 60.0)), noise=0.0, metric="requests_total")  # type: ignore[arg-type]

    assert minute(one) == pytest.approx(50, abs=1)
    assert one.after / one.before == pytest.approx(10, rel=0.2)


def test_gaps_are_no_jumps() -> None:
    one = series(lambda m: 3.0 + 0 * m)
    one.values[30:45] = np.nan

    assert jumps([one], END) == []


def test_fine_samples_are_averaged_and_the_jump_keeps_its_place() -> None:
    (one,) = found(lambda m: np.where(m >= 40, 9.0, 3.0), step_s=2.0)

    assert minute(one) == pytest.approx(40, abs=0.5)


def test_a_few_samples_are_too_few() -> None:
    times: Floats = START.timestamp() + 60.0 * np.arange(12, dtype=np.float64)
    few = Series(service="cart", metric="wait_seconds", times=times, values=np.where(times > times[5], 9.0, 3.0))

    assert jumps([few], END) == []
    assert jumps([], END) == []

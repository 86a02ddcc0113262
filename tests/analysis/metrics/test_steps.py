"""Steps inside a window against the steps of the past."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from rootline.analysis.metrics.steps import steps
from rootline.domain.signal import Floats, Series
from rootline.domain.window import Window

START = datetime(2026, 3, 2, tzinfo=UTC)
PAST = 200
NOISE = np.random.default_rng(3).normal(0.0, 1.0, PAST)


def series(past: Floats, now: list[float], metric: str = "cpu") -> Series:
    values = np.concatenate([past, np.array(now)])
    return Series(
        service="cart",
        metric=metric,
        times=START.timestamp() + 60.0 * np.arange(values.size, dtype=np.float64),
        values=values,
    )


def window(samples: int) -> Window:
    begin = START + timedelta(minutes=PAST)
    return Window(start=begin, end=begin + timedelta(minutes=samples))


def test_a_step_inside_the_window_counts_in_sizes_of_the_past_with_its_sign() -> None:
    up, down = steps([series(100 + NOISE, [100, 150, 150, 150]), series(100 + NOISE, [100, 50, 50, 50])], window(4))

    assert up > 10
    assert down == pytest.approx(-up, rel=1e-6)


def test_a_level_that_moved_before_the_window_has_no_step() -> None:
    assert abs(steps([series(100 + NOISE, [150, 150, 150, 150])], window(4))[0]) < 1


def test_a_metric_that_jumps_all_the_time_has_no_step() -> None:
    jumping = np.where(np.arange(PAST) // 3 % 2, 100.0, 150.0)

    assert abs(steps([series(jumping, [100, 150, 150, 150])], window(4))[0]) < 3


def test_a_change_of_less_than_a_hundredth_is_not_material() -> None:
    assert abs(steps([series(np.full(PAST, 100.0), [100, 100.1, 100.1, 100.1])], window(4))[0]) < 1


def test_a_step_in_a_constant_metric_is_measured_by_its_level() -> None:
    assert steps([series(np.full(PAST, 100.0), [100, 150, 150, 150])], window(4))[0] > 20


def test_a_counter_is_read_as_its_rate() -> None:
    steady = np.cumsum(np.full(PAST, 60.0))
    last = float(steady[-1])

    kept, faster = steps(
        [
            series(steady, [last + 60, last + 120, last + 180, last + 240], "requests_total"),
            series(steady, [last + 60, last + 660, last + 1260, last + 1860], "requests_total"),
        ],
        window(4),
    )

    assert abs(kept) < 1
    assert faster > 5


def test_long_windows_are_read_in_few_bins() -> None:
    now = [*(100 + NOISE[:40]), *(120 + NOISE[40:80])]

    assert steps([series(np.tile(100 + NOISE, 4)[:PAST], now)], window(80))[0] > 5


@pytest.mark.parametrize("now", [[], [1.0], [1.0, 9.0]])
def test_too_few_samples_have_no_step(now: list[float]) -> None:
    assert steps([series(np.ones(PAST), now)], window(4)) == [0.0]


def test_without_enough_past_there_is_no_step() -> None:
    short = Series(
        service="a",
        metric="cpu",
        times=START.timestamp() + 60.0 * np.arange(8, dtype=np.float64),
        values=np.arange(8.0),
    )
    inside = Window(start=START + timedelta(minutes=4), end=START + timedelta(minutes=8))

    assert steps([short], inside) == [0.0]


def test_gaps_neither_hide_a_step_nor_make_one() -> None:
    past = 100 + NOISE
    past[::7] = np.nan
    nan = float("nan")

    found, nothing, absent = steps(
        [series(past, [100, nan, 150, 150]), series(past, [nan, 100, nan, 100]), series(past * nan, [nan] * 4)],
        window(4),
    )

    assert found > 10
    assert abs(nothing) < 2
    assert absent == 0.0

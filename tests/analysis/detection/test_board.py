import numpy as np
import pytest

from rootline.analysis.detection.board import board
from rootline.domain.signal import Floats, Series

START = 1_700_000_000.0


def series(times: Floats, values: Floats, *, service: str = "web", metric: str = "cpu_usage") -> Series:
    return Series(service=service, metric=metric, times=times, values=values)


def every_minute(phase: float, *, jitter: float = 0.0, seed: int = 0, count: int = 100) -> Floats:
    late = jitter * np.random.default_rng(seed).uniform(-1, 1, count)
    return START + phase + 60.0 * np.arange(count, dtype=np.float64) + late


def test_rows_sampled_at_other_seconds_of_a_minute_share_each_slot() -> None:
    rows = [
        series(every_minute(phase, jitter=1.0, seed=at), np.arange(100.0), service=f"s{at}")
        for at, phase in enumerate((2.0, 11.0, 19.0, 31.0, 38.0, 47.0))
    ]

    slots = board(rows)

    assert slots.values.shape == (6, 100)
    assert np.array_equal(slots.values, np.tile(np.arange(100.0), (6, 1)))
    assert slots.step_s == pytest.approx(60, abs=1)


@pytest.mark.parametrize("phase", [0.0, 0.5, 29.9, 30.0, 59.5])
def test_jitter_around_any_second_keeps_one_sample_a_slot(phase: float) -> None:
    slots = board([series(every_minute(phase, jitter=2.0), np.arange(100.0))])

    assert np.array_equal(slots.values, np.arange(100.0)[None, :])


def test_a_slots_time_is_that_of_its_latest_sample() -> None:
    early, late = every_minute(10.0), every_minute(20.0)

    slots = board([series(early, np.zeros(100)), series(late, np.zeros(100), service="cart")])

    assert np.array_equal(slots.times, late)


def test_what_is_sampled_more_often_than_a_slot_counts_with_its_latest_sample() -> None:
    often = START + 10.0 * np.arange(60, dtype=np.float64)

    slots = board([series(often, np.arange(60.0))], least_step_s=60)

    assert np.array_equal(slots.values[0, 1:10], 6.0 * np.arange(1, 10))
    assert np.array_equal(np.diff(slots.times)[:9], np.full(9, 60.0))


def test_one_row_far_from_all_others_in_time_adds_slots_and_moves_nobody() -> None:
    slots = board([series(every_minute(0.0), np.ones(100)), series(every_minute(9e6), np.ones(100), service="far")])

    assert slots.values.shape == (2, 200)
    assert np.isfinite(slots.values[0, :100]).all()
    assert np.isnan(slots.values[0, 100:]).all()


def test_counters_become_rates_and_what_is_not_finite_is_missing() -> None:
    times = every_minute(0.0)
    counter = series(times, 120.0 * np.arange(100.0), metric="http_requests_total")
    odd = series(times, np.where(np.arange(100) == 5, np.inf, 1.0))

    slots = board([counter, odd])

    assert np.allclose(slots.values[0, 1:], 2.0)
    assert np.isnan(slots.values[1, 5])


def test_empty_series_make_no_rows() -> None:
    empty = series(np.zeros(0), np.zeros(0))

    assert board([empty]).series == ()
    assert board([]).values.shape == (0, 0)

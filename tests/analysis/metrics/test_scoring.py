from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import ArrayLike

from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.scoring import compare, score
from rootline.domain.signal import Series
from rootline.domain.window import Window

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(minute: int) -> datetime:
    return START + minute * MINUTE


def series(values: ArrayLike, metric: str = "latency_seconds", service: str = "checkout", first: int = 0) -> Series:
    samples = np.asarray(values, dtype=np.float64)
    times = np.array([at(first + minute).timestamp() for minute in range(samples.size)])
    return Series(service=service, metric=metric, times=times, values=samples)


def only(values: ArrayLike, metric: str = "latency_seconds", first: int = 0) -> MetricFinding:
    line = series(values, metric)
    (found,) = score([line], Window(start=at(first), end=at(line.times.size)))
    return found


def noise(level: float, sigma: float, count: int, seed: int = 7) -> list[float]:
    return [float(value) for value in np.random.default_rng(seed).normal(level, sigma, count)]


def test_a_clean_step_is_dated_to_its_first_sample() -> None:
    found = only(noise(10, 1, 30) + noise(20, 1, 30, seed=8))

    assert (found.direction, found.kind, found.onset, found.ended) == ("up", "spike", at(30), None)
    assert found.baseline == pytest.approx(10, abs=0.6)
    assert found.current == pytest.approx(20, abs=0.6)


@pytest.mark.parametrize("onset", [20, 73, 111, 200])
def test_the_onset_of_a_step_is_exact_wherever_it_lies(onset: int) -> None:
    found = only(noise(10, 1, onset) + noise(18, 1, 240 - onset, seed=8))

    assert found.onset == at(onset)


@pytest.mark.parametrize("values", [[5.0] * 30, [0.0] * 30, [3.0] * 5, [1.0], [10, 11, 10, 12, 11]])
def test_a_quiet_series_has_no_change(values: list[float]) -> None:
    found = only(values)

    assert (found.direction, found.kind, found.onset, found.ended) == ("flat", "none", None, None)


def test_noise_alone_rarely_looks_like_a_change() -> None:
    lines = [series(noise(10, 1, 240, seed=seed), f"m{seed}") for seed in range(300)]

    changed = [found for found in score(lines, Window(start=at(0), end=at(240))) if found.kind != "none"]

    assert len(changed) <= 6


def test_errors_that_appear_over_a_zero_baseline_are_a_spike_without_a_ratio() -> None:
    found = only([0] * 20 + [5, 6, 5, 7, 5], "request_errors")

    assert (found.kind, found.onset, found.baseline, found.current, found.ratio) == ("spike", at(20), 0, 5, None)
    assert found.score > 0.4


def test_replicas_that_go_to_zero_are_a_drop() -> None:
    found = only([3] * 30 + [0] * 30, "replicas")

    assert (found.direction, found.kind, found.onset, found.current, found.peak) == ("down", "drop", at(30), 0, 0)


def test_five_samples_are_enough_to_see_a_step_and_a_spike() -> None:
    step, spike = only([10, 11, 30, 31, 29]), only([1, 1, 9, 1, 1])

    assert (step.kind, step.onset, step.ended) == ("spike", at(2), None)
    assert (spike.kind, spike.onset, spike.ended) == ("spike", at(2), at(3))


def test_a_value_that_recovers_inside_the_window_has_ended() -> None:
    found = only(noise(10, 1, 20) + noise(30, 2, 25, seed=8) + noise(10, 1, 15, seed=9))

    assert (found.onset, found.ended) == (at(20), at(45))


def test_a_lasting_shift_scores_above_a_lone_spike_of_the_same_height() -> None:
    shift = only(noise(10, 1, 30) + noise(30, 1, 30, seed=8))
    lone = only([*noise(10, 1, 30), 30.0, *noise(10, 1, 29, seed=8)])

    assert (lone.onset, lone.ended) == (at(30), at(31))
    assert shift.score > lone.score > 0


def test_a_leak_starts_where_it_leaves_the_baseline() -> None:
    leak = [100 + 0.5 * max(0, minute - 60) + wobble for minute, wobble in enumerate(noise(0, 1, 240))]

    found = only(leak, "process_resident_memory_bytes")

    assert (found.kind, found.unit, found.as_rate) == ("trend_change", "bytes", False)
    assert found.onset is not None
    assert abs(found.onset - at(60)) <= 6 * MINUTE


def test_a_climb_onto_a_plateau_lasts_until_the_window_ends() -> None:
    climb = [100.0] * 60 + [100.0 + minute for minute in range(60)] + [160.0] * 60

    found = only(climb, "queue_depth")

    assert (found.kind, found.ended) == ("trend_change", None)
    assert found.onset is not None
    assert abs(found.onset - at(60)) <= 6 * MINUTE


def test_a_full_resource_is_a_threshold_breach() -> None:
    found = only(noise(0.5, 0.02, 30) + noise(0.97, 0.005, 30, seed=8), "disk_used_ratio")

    assert found.kind == "threshold_breach"


def test_a_counter_is_judged_by_its_rate() -> None:
    steps = [6.0, 5, 7] * 20 + [60.0] * 30

    found = only(np.cumsum(steps), "http_requests_total")

    assert (found.as_rate, found.unit, found.onset) == (True, "1/s", at(60))
    assert found.baseline == pytest.approx(0.1)
    assert found.current == pytest.approx(1.0)


def test_a_season_is_no_change_and_hides_none() -> None:
    hours = np.arange(240)
    rhythm = 10 + 5 * np.sin(hours * 2 * np.pi / 24) + noise(0, 0.5, 240)
    shifted = rhythm + np.where(hours >= 200, 5, 0)

    assert only(rhythm).kind == "none"
    assert (only(shifted).kind, only(shifted).onset) == ("spike", at(200))


def test_a_frozen_value_breaks_its_pattern() -> None:
    found = only(noise(10, 1, 60) + [10.0] * 60)

    assert (found.direction, found.kind, found.ended) == ("flat", "pattern_break", None)
    assert found.onset is not None
    assert abs(found.onset - at(60)) <= 3 * MINUTE


def test_gaps_neither_hide_a_step_nor_count_as_samples() -> None:
    values = np.array(noise(10, 1, 30) + noise(20, 1, 30, seed=8))
    values[1::3] = np.nan

    found = only(values)

    assert (found.kind, found.onset, found.points) == ("spike", at(30), 40)
    assert found.gaps == pytest.approx(1 / 3)


def test_a_sample_that_is_carried_over_a_gap_is_no_evidence_of_a_change() -> None:
    rows = np.random.default_rng(3).normal(100, 1, (200, 60))
    rows[:, 25:45] = np.nan

    found = [only(row) for row in rows]

    assert sum(one.kind != "none" for one in found) <= 2


def test_a_series_that_stops_reporting_is_not_frozen() -> None:
    rows = np.random.default_rng(4).normal(100, 1, (50, 120))
    rows[:, 80:] = np.nan

    found = [only(row) for row in rows]

    assert {one.kind for one in found} == {"none"}
    assert all(abs(one.current - 100) < 1 for one in found)


def test_a_series_that_is_lost_while_high_has_not_recovered() -> None:
    values = np.array(noise(10, 1, 30) + noise(30, 1, 30, seed=8))
    values[50:] = np.nan

    found = only(values)

    assert (found.kind, found.onset, found.ended) == ("spike", at(30), None)


def test_a_spike_before_a_gap_ends_with_the_next_sample() -> None:
    values = np.array(noise(10, 1, 30) + noise(30, 1, 20, seed=8) + noise(10, 1, 10, seed=9))
    values[40:50] = np.nan

    found = only(values)

    assert (found.kind, found.onset, found.ended) == ("spike", at(30), at(50))


def test_a_change_that_begins_inside_a_gap_is_dated_to_the_first_sample_behind_it() -> None:
    values = np.array(noise(10, 1, 30) + noise(30, 1, 30, seed=8))
    values[20:40] = np.nan

    assert only(values).onset == at(40)


def test_a_resource_that_fills_slowly_breaches_its_threshold_too() -> None:
    disk = np.r_[noise(0.6, 0.004, 20), np.linspace(0.6, 0.97, 40)]

    assert only(disk, "disk_used_ratio").kind == "threshold_breach"
    assert only(disk - 0.2, "disk_used_ratio").kind == "trend_change"


def test_a_series_without_samples_in_the_window_says_so() -> None:
    (found,) = score([series([1.0, 2.0])], Window(start=at(100), end=at(110)))

    assert (found.kind, found.points, found.gaps, found.onset) == ("none", 0, 1.0, None)
    assert np.isnan(found.baseline)


def test_history_before_the_window_is_the_baseline() -> None:
    found = only(noise(10, 1, 300) + noise(15, 1, 5, seed=8), first=300)

    assert (found.kind, found.onset, found.points) == ("spike", at(300), 5)


def test_a_named_baseline_wins_over_the_history() -> None:
    line = series(noise(30, 1, 60) + noise(10, 1, 60, seed=8) + noise(10, 1, 10, seed=9))

    (found,) = score([line], Window(start=at(120), end=at(130)), baseline=Window(start=at(60), end=at(120)))

    assert found.kind == "none"


def test_a_hint_tells_which_part_was_normal() -> None:
    line = series(noise(10, 1, 10) + noise(20, 1, 50, seed=8))

    (found,) = score([line], Window(start=at(0), end=at(60)), onset_hint=at(12))

    assert (found.direction, found.onset) == ("up", at(10))


def test_two_readings_compare_like_one_series_with_a_history() -> None:
    before, during = series(noise(10, 1, 60)), series(noise(20, 1, 5, seed=8), first=600)

    (found,) = compare([before], [during])

    assert (found.kind, found.onset, found.points) == ("spike", at(600), 5)


def test_findings_come_strongest_first_and_ties_by_name() -> None:
    lines = [series([1.0] * 9, "b"), series([1.0] * 9, "a"), series([1.0] * 5 + [9.0] * 4, "z")]

    found = score(lines, Window(start=at(0), end=at(9)))

    assert [finding.metric for finding in found] == ["z", "a", "b"]


def test_the_order_of_the_series_changes_nothing() -> None:
    lines = [series(noise(10, 1, 60 + seed % 3, seed=seed), f"m{seed}") for seed in range(12)]
    window = Window(start=at(0), end=at(60))

    assert score(lines, window) == score(lines[::-1], window)

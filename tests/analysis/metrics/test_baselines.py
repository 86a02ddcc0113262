import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.scoring import score
from rootline.analysis.metrics.seasons import periods, seasonal
from rootline.domain.signal import Series
from rootline.domain.window import Window

START = datetime(2026, 3, 1, tzinfo=UTC)


def noise(level: float, count: int, seed: int = 5) -> list[float]:
    return [float(value) for value in np.random.default_rng(seed).normal(level, 1, count)]


def judged(
    values: list[float], first: int, metric: str = "latency", normal: tuple[int, int] | None = None
) -> MetricFinding:
    times = np.array([START.timestamp() + 60 * place for place in range(len(values))], dtype=np.float64)
    line = Series(service="a", metric=metric, times=times, values=np.array(values))
    minute = timedelta(minutes=1)
    baseline = None if normal is None else Window(start=START + normal[0] * minute, end=START + normal[1] * minute)
    window = Window(start=START + first * minute, end=START + len(values) * minute)
    (found,) = score([line], window, baseline=baseline)
    return found


def of_all(rows: list[list[float]], first: int) -> list[MetricFinding]:
    times = np.array([START.timestamp() + 60 * place for place in range(len(rows[0]))], dtype=np.float64)
    lines = [Series(service="a", metric="latency", times=times, values=np.array(row)) for row in rows]
    labelled = [replace(line, labels={"row": str(at)}) for at, line in enumerate(lines)]
    window = Window(start=START + first * timedelta(minutes=1), end=START + timedelta(minutes=times.size))
    found = {int(one.labels["row"]): replace(one, labels={}) for one in score(labelled, window)}
    return [found[at] for at in range(len(rows))]


def test_a_level_that_had_moved_before_the_window_is_no_change_inside_it() -> None:
    found = judged(noise(10, 300) + noise(40, 60, seed=6) + noise(40, 20, seed=7), first=360)

    assert found.kind == "none"


def test_a_level_that_moves_again_inside_the_window_is_one() -> None:
    found = judged(noise(10, 300) + noise(40, 60, seed=6) + noise(80, 20, seed=7), first=360)

    assert (found.direction, found.onset) == ("up", START + timedelta(minutes=360))
    assert found.baseline == pytest.approx(40, abs=1)


def test_whose_level_had_moved_before_the_window_changes_nothing_for_the_others() -> None:
    moved = noise(10, 300) + noise(40, 60, seed=6) + noise(80, 20, seed=7)
    still = [noise(100, 380, seed=seed) for seed in range(8, 12)]
    gaps = [*noise(10, 250, seed=12), *[math.nan] * 90, *noise(10, 40, seed=13)]
    rows = [*still, moved, gaps, [0.0] * 380]

    together = of_all(rows, first=360)

    assert together == [of_all([row], first=360)[0] for row in rows]
    assert [one.kind for one in together] == ["none"] * 4 + ["spike", "none", "none"]


def test_a_baseline_around_the_window_does_not_swallow_the_window() -> None:
    found = judged(noise(10, 100) + noise(40, 100, seed=6), first=100, normal=(0, 200))

    assert (found.kind, found.onset) == ("spike", START + timedelta(minutes=100))


def test_a_metric_that_rarely_bursts_is_not_abnormal_when_it_bursts() -> None:
    restless = noise(10, 400)
    restless[::25] = [60.0] * 16

    assert judged([*restless, *noise(10, 5), 60.0, *noise(10, 4)], first=400).kind == "none"


def test_half_a_percent_of_failures_stands_out_of_a_perfect_availability() -> None:
    found = judged([100.0] * 60 + [99.4] * 10, first=60, metric="availability")

    assert (found.direction, found.kind, found.baseline, found.current) == ("down", "drop", 100.0, 99.4)


def test_a_season_is_measured_in_samples() -> None:
    hours = np.arange(240)
    rows = np.stack(
        [np.sin(hours * 2 * np.pi / 24), np.sin(hours * 2 * np.pi / 37), np.random.default_rng(1).normal(size=240)]
    )

    assert periods(rows).tolist() == [24, 37, 0]


def test_a_season_goes_on_behind_its_history() -> None:
    hours = np.arange(96)
    wave = np.sin(hours * 2 * np.pi / 24)

    expected = seasonal(wave[None, :72], 24, ahead=24)

    assert expected.shape == (1, 96)
    assert np.allclose(expected[0, 72:] - expected[0, 72:].mean(), wave[72:], atol=0.05)

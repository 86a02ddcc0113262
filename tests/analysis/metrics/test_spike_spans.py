from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import ArrayLike

from rootline.analysis.metrics.spike_spans import Detector, spike_spans
from rootline.domain.signal import Series
from rootline.domain.window import Window

START = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE_S = 60.0


def series(values: ArrayLike, metric: str = "depth", step_s: float = MINUTE_S) -> Series:
    samples = np.asarray(values, dtype=np.float64)
    times = START.timestamp() + step_s * np.arange(samples.size, dtype=np.float64)
    return Series(service="checkout", metric=metric, times=times, values=samples)


def whole(line: Series) -> Window:
    return Window(start=START, end=datetime.fromtimestamp(float(line.times[-1]), UTC) + timedelta(seconds=1))


def noise(count: int, seed: int = 5) -> ArrayLike:
    return np.random.default_rng(seed).normal(100, 1, count)


@pytest.mark.parametrize("detector", ["robust", "stl_esd", "kde"])
def test_each_detector_finds_a_plain_spike_where_it_is(detector: Detector) -> None:
    values = np.array(noise(240))
    values[200:203] = 150
    line = series(values)

    found = [one for one in spike_spans(line, whole(line), detector) if one.seen_at == "samples"]

    spike = max(found, key=lambda one: one.furthest)
    assert abs(spike.first - line.times[200]) <= MINUTE_S
    assert spike.furthest == 150
    assert spike.samples >= 3


@pytest.mark.parametrize("detector", ["robust", "stl_esd", "kde"])
@pytest.mark.parametrize("values", [[], [1.0], [np.nan] * 50, [5.0] * 200])
def test_nothing_is_found_where_nothing_moves(detector: Detector, values: list[float]) -> None:
    line = series(values)
    window = Window(start=START, end=START + timedelta(days=1))

    assert spike_spans(line, window, detector) == []


@pytest.mark.parametrize("detector", ["robust", "stl_esd", "kde"])
def test_spikes_before_the_window_are_only_history(detector: Detector) -> None:
    values = np.array(noise(240))
    values[100:103] = 150
    line = series(values)
    window = Window(start=START + timedelta(minutes=200), end=whole(line).end)

    assert all(one.furthest < 110 for one in spike_spans(line, window, detector))


def test_a_shift_is_seen_at_the_coarser_resolutions_too() -> None:
    steady = np.array(noise(60 * 24 * 2))
    steady[-300:] += 8
    line = series(steady)

    assert {one.seen_at for one in spike_spans(line, whole(line), "robust")} >= {"samples", "5m", "30m"}


def test_a_counter_is_judged_by_its_rate() -> None:
    rate = np.full(240, 10.0) + np.random.default_rng(1).integers(-1, 2, 240)
    rate[200:204] = 90
    line = series(np.cumsum(rate), "requests_total")

    (furthest,) = {one.furthest for one in spike_spans(line, whole(line), "kde") if one.samples >= 4}

    assert furthest == pytest.approx(90 / MINUTE_S)


def test_a_season_is_no_spike_to_the_careful_detector() -> None:
    rhythm = 100 + 30 * np.sin(2 * np.pi * np.arange(960) / 96) + np.random.default_rng(2).normal(0, 1, 960)
    rhythm[900] = 100 + 30 * np.sin(2 * np.pi * 900 / 96) + 20
    line = series(rhythm)

    found = spike_spans(line, whole(line), "stl_esd")

    assert any(one.first <= line.times[900] <= one.last for one in found)
    assert sum(one.samples for one in found) < 20

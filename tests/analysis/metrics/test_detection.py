import numpy as np
import pytest
from numpy.typing import ArrayLike

from rootline.analysis.metrics.alarms import first_of_each, held
from rootline.analysis.metrics.decomposition import decompose, running_median
from rootline.analysis.metrics.density import kde
from rootline.analysis.metrics.esd import outliers, student_quantile
from rootline.analysis.metrics.resolutions import at_resolutions
from rootline.analysis.metrics.spikes import robust_spikes
from rootline.analysis.metrics.stl import stl_esd
from rootline.analysis.metrics.tails import tail_scores
from rootline.domain.signal import Series


def series(values: ArrayLike, step_s: float = 300.0, metric: str = "latency") -> Series:
    samples = np.asarray(values, dtype=np.float64)
    times = np.array([1.7e9 + step_s * place for place in range(samples.size)])
    return Series(service="checkout", metric=metric, times=times, values=samples)


def noise(count: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(100, 1, count)


def test_a_spike_is_flagged_and_nothing_before_it() -> None:
    values = noise(600)
    values[500:503] = 130

    found = robust_spikes(series(values))

    assert found.flags[500:503].any()
    assert not found.flags[:500].any()
    assert found.scores[501] > 10


def test_a_score_never_depends_on_what_comes_later() -> None:
    values = noise(1200) + 20 * np.sin(np.arange(1200) * 2 * np.pi / 288)
    changed = values.copy()
    changed[900:] += 50

    whole, cut = robust_spikes(series(changed)), robust_spikes(series(values[:900]))

    assert np.array_equal(whole.scores[:900], cut.scores)


def test_a_daily_rhythm_is_learnt_and_its_absence_noticed() -> None:
    day = 288
    rhythm = 100 + 30 * np.maximum(0, np.sin(np.arange(8 * day) * 2 * np.pi / day)) + noise(8 * day) - 100
    missing = rhythm.copy()
    missing[7 * day : 7 * day + day // 2] -= 30 * np.maximum(0, np.sin(np.arange(day // 2) * 2 * np.pi / day))

    usual, absent = robust_spikes(series(rhythm)), robust_spikes(series(missing))

    assert usual.flags[4 * day :].mean() < 0.02
    assert absent.flags[7 * day : 7 * day + day // 2].mean() > 0.3


def test_any_value_after_a_long_zero_stands_out_but_stays_finite() -> None:
    values = np.zeros(200)
    values[150:] = 0.001

    found = robust_spikes(series(values))

    assert found.flags[150]
    assert np.isfinite(found.scores).all()


@pytest.mark.parametrize("values", [[], [1.0], [np.nan] * 5, [2.0] * 40])
def test_short_empty_and_constant_series_raise_no_alarm(values: list[float]) -> None:
    assert not robust_spikes(series(values)).flags.any()
    assert not stl_esd(series(values)).any()
    assert not kde(series(values)).flags.any()


def test_a_metric_that_often_spikes_needs_a_larger_spike() -> None:
    calm, restless = noise(1000), noise(1000)
    restless[50::40] += 20
    calm[905], restless[905] = 120, 120

    assert abs(tail_scores(calm, resolution=1, history=1000)[905]) > 5
    assert abs(tail_scores(restless, resolution=1, history=1000)[905]) < 5


def test_an_alarm_lasts_until_the_score_has_really_come_down() -> None:
    scores = np.array([0.0, 4, 3, 1, 3, 0, 4, -4])

    assert held(scores, threshold=3.5, release=0.5).tolist() == [False, True, True, True, True, False, True, True]


def test_an_episode_pages_once() -> None:
    scores = np.array([0.0, 5, 5, 5, 0, 5, 0, 5])

    pages = first_of_each(scores, threshold=4, quiet=5)

    assert np.flatnonzero(pages).tolist() == [1, 7]


def test_trend_season_and_remainder_add_up_to_the_series() -> None:
    hours = np.arange(480)
    values = 0.05 * hours + 10 * np.sin(hours * 2 * np.pi / 24) + noise(480)

    parts = decompose(values, 24)

    assert np.allclose(parts.trend + parts.season + parts.remainder, values)
    assert parts.remainder.std() < 2
    assert np.abs(parts.season - 10 * np.sin(hours * 2 * np.pi / 24)).mean() < 1.5


def test_a_running_median_passes_over_a_lone_spike() -> None:
    assert running_median(np.array([1.0, 1, 9, 1, 1]), 3).tolist() == [1, 1, 1, 1, 1]


def test_esd_marks_what_stands_out_and_leaves_noise_alone() -> None:
    values = noise(300)
    values[[40, 41, 200]] = [120, 119, 60]

    assert np.flatnonzero(outliers(values)).tolist() == [40, 41, 200]
    assert outliers(noise(300, seed=11)).sum() <= 1


@pytest.mark.parametrize(
    ("share", "freedom", "quantile"), [(0.975, 10, 2.228), (0.999, 30, 3.385), (0.9999, 100, 3.862)]
)
def test_students_quantiles_match_the_printed_tables(share: float, freedom: int, quantile: float) -> None:
    assert student_quantile(share, freedom) == pytest.approx(quantile, abs=0.002)


def test_stl_with_esd_sees_a_spike_inside_a_season() -> None:
    hours = np.arange(480)
    values = 100 + 20 * np.sin(hours * 2 * np.pi / 24) + noise(480) - 100
    values[250] += 12

    marks = stl_esd(series(values, step_s=3600))

    assert marks[250]
    assert marks.sum() <= 5


def test_a_density_knows_two_levels_and_doubts_a_third() -> None:
    values = noise(400)
    values[1::2] += 50
    values[390] = 300

    found = kde(series(values))

    assert found.flags[390]
    assert found.flags[100:390].mean() < 0.01
    assert found.probability[390] < found.probability[300]


def test_a_blip_is_seen_at_five_minutes_and_a_shift_at_all_resolutions() -> None:
    blip, shift = noise(3000), noise(3000)
    blip[2500] += 8
    shift[2500:] += 8

    fine = {found.seconds: found.flags[2500:].any() for found in at_resolutions(series(blip))}
    lasting = {found.seconds: found.flags[2500:].any() for found in at_resolutions(series(shift))}

    assert fine == {300.0: True, 1800.0: False, 21600.0: False}
    assert lasting == {300.0: True, 1800.0: True, 21600.0: True}

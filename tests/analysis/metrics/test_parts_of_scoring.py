"""The small steps that scoring is made of, each against a slow and plain way of saying the same."""

import math
import statistics
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rootline.analysis.metrics.alarms import first_of_each, held
from rootline.analysis.metrics.baseline import fenced, fewest, filled, quiet_samples
from rootline.analysis.metrics.ceilings import ceilings, is_success
from rootline.analysis.metrics.counters import as_rates, counting, rates
from rootline.analysis.metrics.decomposition import running_median
from rootline.analysis.metrics.esd import outliers
from rootline.analysis.metrics.finding import Kind
from rootline.analysis.metrics.grids import by_grid
from rootline.analysis.metrics.joining import identity, joined, span
from rootline.analysis.metrics.kinds import direction_of, kind_of
from rootline.analysis.metrics.seasons import expect, periods, seasonal
from rootline.analysis.metrics.sparkline import sparkline, sparklines
from rootline.analysis.metrics.tails import tail_scores
from rootline.domain.signal import Floats, Series

NAN = math.nan
SAMPLE = st.integers(-99, 99).map(float)
GAPPY = st.lists(SAMPLE | st.just(NAN), min_size=1, max_size=25)
START = datetime(2026, 3, 1, tzinfo=UTC)


def series(values: list[float], *, metric: str = "load", first: float = 0, step: float = 60, **labels: str) -> Series:
    times = np.array([START.timestamp() + first + step * at for at in range(len(values))])
    return Series(service="cart", metric=metric, times=times, values=np.array(values), labels=labels)


def plainly_filled(values: list[float]) -> list[float]:
    last = next((value for value in values if not math.isnan(value)), 0.0)
    carried = []
    for value in values:
        last = last if math.isnan(value) else value
        carried.append(last)
    return carried


@given(values=GAPPY)
def test_gaps_are_filled_with_what_was_last_known(values: list[float]) -> None:
    assert filled(np.array([values]))[0].tolist() == plainly_filled(values)


def plainly_held(scores: list[float], threshold: float, release: float) -> list[bool]:
    marks, side = [], 0.0
    for score in scores:
        if side and score * side < release:
            side = 0.0
        if not side and abs(score) >= threshold:
            side = math.copysign(1, score)
        marks.append(bool(side))
    return marks


@given(scores=st.lists(SAMPLE, max_size=40), threshold=st.integers(1, 50), below=st.integers(0, 50))
def test_an_alarm_lasts_until_its_own_side_is_released(scores: list[float], threshold: int, below: int) -> None:
    release = max(threshold - below, 0)

    found = held(np.array(scores), threshold=threshold, release=release)

    assert found.tolist() == plainly_held(scores, threshold, release)


@given(scores=st.lists(SAMPLE, max_size=40), threshold=st.integers(1, 50), quiet=st.integers(1, 10))
def test_two_pages_are_never_nearer_than_the_quiet_time_and_none_is_missed(
    scores: list[float], threshold: int, quiet: int
) -> None:
    marks = np.flatnonzero(first_of_each(np.array(scores), threshold=threshold, quiet=quiet)).tolist()
    alarms = [at for at, score in enumerate(scores) if abs(score) >= threshold]

    assert all(later - earlier >= quiet for earlier, later in pairwise(marks))
    assert set(marks) <= set(alarms)
    assert all(any(0 <= at - mark < quiet for mark in marks) for at in alarms)


@pytest.mark.parametrize(("samples", "least"), [(1, 1), (4, 1), (8, 2), (12, 3), (60, 3), (100, 5), (1000, 50)])
def test_a_twentieth_of_a_window_is_a_normal_state_and_three_in_a_short_one(samples: int, least: int) -> None:
    assert fewest(samples) == least


@given(values=st.lists(SAMPLE, min_size=3, max_size=40))
def test_a_fence_moves_nothing_that_stands_inside_and_keeps_the_order(values: list[float]) -> None:
    found = fenced(np.array([values]))[0].tolist()

    pairs = sorted(zip(values, found, strict=True))
    assert [one for _, one in pairs] == sorted(found)
    assert all(inner == outer or abs(inner) < abs(outer) or outer * inner < 0 for outer, inner in pairs)


def test_a_wild_sample_is_pulled_in_to_three_widths() -> None:
    values = [0.0, 1.0] * 10 + [1000.0]

    assert fenced(np.array([values]))[0].max() == 4.0
    assert fenced(np.array([[5.0] * 10 + [1000.0]]))[0].max() == 1000.0


@pytest.mark.parametrize(
    ("values", "quiet"),
    [
        ([0.0] * 20 + [9.0] * 20, [True] * 20 + [False] * 20),
        ([0.0] * 10 + [9.0] * 10 + [0.0] * 20, [True] * 10 + [False] * 10 + [True] * 20),
        ([9.0] + [0.0] * 39, [False] + [True] * 39),
    ],
)
def test_what_is_normal_lies_outside_of_the_stretch_that_differs(values: list[float], quiet: list[bool]) -> None:
    assert quiet_samples(np.array([values]))[0].tolist() == quiet


@pytest.mark.parametrize(
    ("metric", "values", "counts"),
    [
        ("requests_total", [1, 2, 3, 4, 5], True),
        ("requests_total", [1, 2, 3, 0, 1, 2], True),
        ("requests_total", [1, 2, 2, 2], False),
        ("requests_total", [5, 4, 3, 2, 1], False),
        ("requests_total", [1.5, 2.5, 3.5, 4.5], True),
        ("memory_bytes", list(range(20)), False),
        ("something", list(range(20)), True),
        ("something", [one / 2 for one in range(20)], False),
        ("something", [*range(19), 0], False),
        ("something", list(range(8)), False),
        ("something", [1.0] * 20, False),
        ("requests_total", [1, 2, 3], False),
    ],
)
def test_a_row_counts_by_its_name_or_by_its_shape(metric: str, values: list[float], *, counts: bool) -> None:
    found, _ = as_rates([metric], np.array([values], dtype=float), np.arange(len(values), dtype=float))

    assert bool(found[0]) is counts


def test_a_rate_is_the_increase_a_second_and_a_reset_begins_at_zero() -> None:
    found = rates(np.array([[10.0, 40.0, 5.0, NAN, 20.0, 50.0]]), np.array([0.0, 10, 20, 30, 40, 55]))

    assert np.isnan(found[0, [0, 3, 4]]).all()
    assert found[0, [1, 2, 5]].tolist() == [3.0, 0.5, 2.0]


@given(steps=st.lists(st.integers(0, 50), min_size=1, max_size=20), gap=st.integers(1, 60))
def test_the_rates_of_a_counter_add_up_to_its_increase(steps: list[int], gap: int) -> None:
    values = np.cumsum([0, *steps]).astype(float)[None, :]
    times = gap * np.arange(values.shape[1], dtype=float)

    assert np.nansum(rates(values, times)) * gap == pytest.approx(sum(steps))
    assert counting(values, ["gauge"]).tolist() == [False]


@pytest.mark.parametrize(
    ("metric", "values", "top"),
    [
        ("availability", [0.99, 1.0], 1.0),
        ("availability", [99.5, 100.0], 100.0),
        ("success_rate", [0.0, 0.0], 0.0),
        ("success_count", [500.0, 900.0], 0.0),
        ("latency", [0.5, 0.9], 0.0),
        ("uptime", [NAN, NAN], 0.0),
    ],
)
def test_a_share_of_success_is_judged_from_its_ceiling(metric: str, values: list[float], top: float) -> None:
    assert ceilings([metric], np.array([values])).tolist() == [top]
    assert is_success(metric) is (metric != "latency")


@given(values=st.lists(SAMPLE, min_size=1, max_size=40), width=st.integers(1, 15))
def test_a_running_median_is_the_median_of_what_lies_around(values: list[float], width: int) -> None:
    half = min(width, 2 * len(values) - 1) // 2

    found = running_median(np.array(values), width)

    expected = [statistics.median(values[max(at - half, 0) : at + half + 1]) for at in range(len(values))]
    assert found.tolist() == pytest.approx(expected)


def plain_season(values: list[float], period: int) -> list[float]:
    phases = [[one for one in values[at::period] if not math.isnan(one)] for at in range(period)]
    middles = [statistics.median(phase) if phase else None for phase in phases]
    level = statistics.median([0.0 if one is None else one for one in middles])
    shape = [0.0 if one is None else one - level for one in middles]
    return [shape[at % period] for at in range(len(values))]


@settings(deadline=None)
@given(values=st.lists(SAMPLE | st.just(NAN), min_size=8, max_size=40), period=st.integers(2, 8))
def test_a_season_is_the_median_of_each_phase(values: list[float], period: int) -> None:
    found = seasonal(np.array([values]), period)

    assert found[0].tolist() == pytest.approx(plain_season(values, period))


def test_a_season_goes_on_behind_its_samples_in_its_own_phase() -> None:
    found = seasonal(np.array([[0.0, 5.0, 9.0, 0.0, 5.0, 9.0, 0.0]]), 3, ahead=4)

    assert found[0].tolist() == [-5, 0, 4, -5, 0, 4, -5, 0, 4, -5, 0]


@pytest.mark.parametrize("period", [6, 8, 12, 24, 30, 40])
def test_the_length_of_a_pure_rhythm_is_found(period: int) -> None:
    values = np.sin(2 * np.pi * np.arange(4 * period) / period)[None, :]

    assert periods(values).tolist() == [period]


def test_noise_short_rows_and_straight_lines_have_no_rhythm() -> None:
    noise = np.random.default_rng(7).normal(size=(20, 200))

    assert periods(noise).tolist() == [0] * 20
    assert periods(np.ones((1, 12))).tolist() == [0]
    assert periods(np.linspace(0, 1, 100)[None, :]).tolist() == [0]
    assert expect(noise, 200, 0) is None


def test_a_rhythm_explains_what_it_repeats_and_doubts_by_its_cycles() -> None:
    values = 10 * np.sin(2 * np.pi * np.arange(120) / 24)[None, :]

    found = expect(values, 24, 120)

    assert found is not None
    assert found.inside[0] == pytest.approx(values[0, :24], abs=0.5)
    assert found.before[0] == pytest.approx(values[0], abs=0.5)
    assert found.doubt[0] == pytest.approx(1 + 2 * 24 / 120)


@pytest.mark.parametrize(
    ("values", "marks"),
    [
        ([1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 1.0, 99.0], [9]),
        ([1.0] * 19 + [2.0], [19]),
        ([1.0, 2.0, 3.0, 99.0], []),
        ([5.0] * 20, []),
        ([], []),
    ],
)
def test_what_is_too_extreme_for_the_rest_is_marked(values: list[float], marks: list[int]) -> None:
    assert np.flatnonzero(outliers(np.array(values))).tolist() == marks


def test_the_example_of_rosners_paper_has_three_outliers() -> None:
    """The 54 values with which the test was published, also in NIST's handbook, section 1.3.5.17.3."""
    values = np.array(
        [
            -0.25, 0.68, 0.94, 1.15, 1.20, 1.26, 1.26, 1.34, 1.38, 1.43, 1.49, 1.49, 1.55, 1.56, 1.58, 1.65, 1.69,
            1.70, 1.76, 1.77, 1.81, 1.91, 1.94, 1.96, 1.99, 2.06, 2.09, 2.10, 2.14, 2.15, 2.23, 2.24, 2.26, 2.35,
            2.37, 2.40, 2.47, 2.54, 2.62, 2.64, 2.90, 2.92, 2.92, 2.93, 3.21, 3.26, 3.30, 3.59, 3.68, 4.30, 4.64,
            5.34, 5.42, 6.01,
        ]
    )  # fmt: skip

    assert sorted(values[outliers(values, largest_share=0.19)].tolist())[-3:] == [5.34, 5.42, 6.01]


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"changed": False}, "none"),
        ({"broken": True}, "pattern_break"),
        ({}, "spike"),
        ({"rises": False}, "drop"),
        ({"gradual": True}, "trend_change"),
        ({"unit": "ratio", "baseline": 0.5, "reached": 0.95}, "threshold_breach"),
        ({"unit": "ratio", "baseline": 0.5, "reached": 0.95, "gradual": True}, "threshold_breach"),
        ({"unit": "percent", "baseline": 50.0, "reached": 90.0}, "threshold_breach"),
        ({"unit": "percent", "baseline": 50.0, "reached": 89.9}, "spike"),
        ({"unit": "percent", "baseline": 92.0, "reached": 99.0}, "spike"),
        ({"unit": "ratio", "baseline": 0.5, "reached": 1.5}, "spike"),
        ({"unit": "ms", "baseline": 0.5, "reached": 0.95}, "spike"),
    ],
)
def test_what_a_change_is_called(more: dict[str, object], kind: Kind) -> None:
    usual = {"changed": True, "broken": False, "rises": True, "gradual": False, "baseline": 1.0, "reached": 9.0}

    assert kind_of(**{"unit": "", **usual, **more}) == kind  # type: ignore[arg-type]  # the arguments by name


def test_a_direction_needs_a_change() -> None:
    assert [direction_of(changed=one, rises=other) for one in (False, True) for other in (False, True)] == [
        "flat",
        "flat",
        "down",
        "up",
    ]


def test_series_of_the_same_times_stand_in_one_grid_in_their_order() -> None:
    every = [series([1.0, 2.0]), series([3.0]), series([math.inf, 4.0]), series([5.0], first=1)]

    found = list(by_grid(every))

    assert [grid.members.tolist() for grid in found] == [[0, 2], [1], [3]]
    assert found[0].values[0].tolist() == [1.0, 2.0]
    assert np.isnan(found[0].values[1, 0])


def test_many_series_are_handed_on_in_parts_and_none_is_lost() -> None:
    one = series([1.0, 2.0])

    sizes = [len(grid.members) for grid in by_grid([one] * 600)]

    assert sizes == [256, 256, 88]


def test_the_later_reading_counts_where_two_overlap() -> None:
    before, during = series([1.0, 1.0, 1.0, 1.0]), series([9.0, 9.0], first=120)

    found = joined(before, during)

    assert found.values.tolist() == [1.0, 1.0, 9.0, 9.0]
    assert np.diff(found.times).tolist() == [60.0] * 3
    assert joined(None, during) is during
    assert joined(before, series([])).values.size == 0


def test_a_series_is_the_same_by_service_metric_and_labels_in_any_order() -> None:
    assert identity(series([1.0], pod="a", zone="b")) == identity(series([2.0], zone="b", pod="a"))
    assert identity(series([1.0], pod="a")) != identity(series([1.0], pod="b"))


def test_a_span_holds_the_first_and_the_last_sample_of_all() -> None:
    found = span([series([1.0] * 3), series([1.0], first=600), series([])])

    assert (found.start, found.end) == (START, START + timedelta(seconds=601))


@given(values=st.lists(SAMPLE | st.just(NAN), max_size=60), width=st.integers(1, 20))
def test_a_line_of_digits_is_as_long_as_it_may_be_and_shows_both_extremes(values: list[float], width: int) -> None:
    drawn = sparkline(np.array(values), width)

    known = [one for one in values if not math.isnan(one)]
    assert len(drawn) == min(len(values), width)
    assert set(drawn) <= set("0123456789.")
    if len(values) <= width and known and max(known) > min(known):
        assert [digit for digit, one in zip(drawn, values, strict=True) if math.isnan(one)] == ["."] * drawn.count(".")
        assert (drawn[values.index(max(known))], drawn[values.index(min(known))]) == ("9", "0")


@given(rows=st.lists(st.lists(SAMPLE, max_size=30), max_size=6))
def test_many_lines_are_drawn_as_each_alone(rows: list[list[float]]) -> None:
    arrays: list[Floats] = [np.array(row) for row in rows]

    assert sparklines(arrays) == [sparkline(row) for row in arrays]


@settings(max_examples=30, deadline=None)
@given(
    values=st.lists(SAMPLE, min_size=30, max_size=80), cut=st.integers(22, 29), resolution=st.sampled_from([1, 2, 12])
)
def test_a_tail_score_never_looks_ahead(values: list[float], cut: int, resolution: int) -> None:
    whole = tail_scores(np.array(values), resolution=resolution, history=50)
    begun = tail_scores(np.array(values[:cut]), resolution=resolution, history=50)

    assert whole[:cut].tolist() == begun.tolist()
    assert not whole[:20].any()

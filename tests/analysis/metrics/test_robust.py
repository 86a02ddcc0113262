"""Levels and spreads against the standard library's own statistics, row by row."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rootline.analysis.metrics.robust import Normal, counted, material, middle, normal, quantile, replaced, with_noise
from rootline.domain.signal import Floats

FINITE = st.floats(-1e6, 1e6).map(lambda one: round(one, 3))
ROWS = st.lists(FINITE, min_size=1, max_size=30)


def one_row(values: list[float], *, scale: float = 0.0, counts: bool = False) -> Normal:
    return normal(np.array([values]), np.array([scale]), np.array([counts]))


def padded(rows: list[list[float]]) -> Floats:
    width = max(map(len, rows))
    return np.array([row + [math.nan] * (width - len(row)) for row in rows])


@given(values=ROWS)
def test_the_middle_quantile_is_the_median(values: list[float]) -> None:
    found = quantile(np.sort(np.array([values])), np.array([len(values)]), 0.5)

    assert found[0] == pytest.approx(statistics.median(values))


@given(values=ROWS, share=st.floats(0, 1))
def test_a_quantile_lies_between_its_neighbours_and_its_ends_are_the_extremes(
    values: list[float], share: float
) -> None:
    ordered, count = np.sort(np.array([values])), np.array([len(values)])

    found = quantile(ordered, count, share)[0]

    assert min(values) <= found <= max(values)
    assert quantile(ordered, count, 0.0)[0] == min(values)
    assert quantile(ordered, count, 1.0)[0] == max(values)


@given(rows=st.lists(ROWS, min_size=1, max_size=5))
def test_gaps_at_the_end_of_a_row_change_no_quantile(rows: list[list[float]]) -> None:
    values = np.sort(padded(rows), axis=1)
    counts = np.array([len(row) for row in rows])

    assert quantile(values, counts, 0.5).tolist() == pytest.approx([statistics.median(row) for row in rows])


@given(rows=st.lists(ROWS, min_size=1, max_size=5))
def test_samples_are_counted_before_the_gaps(rows: list[list[float]]) -> None:
    counts = [len(row) for row in rows]

    found = counted(np.sort(padded(rows), axis=1))

    assert np.broadcast_to(found, len(rows)).tolist() == counts
    assert isinstance(found, int) == (len(set(counts)) == 1)


def test_an_infinity_is_no_sample() -> None:
    found = counted(np.sort(np.array([[1.0, math.inf, 2.0], [-math.inf, 1.0, 2.0]]), axis=1))

    assert np.broadcast_to(found, 2).tolist() == [2, 2]


@given(
    rows=st.integers(1, 40).flatmap(
        lambda width: st.lists(st.lists(FINITE, min_size=width, max_size=width), min_size=1, max_size=4)
    ),
    share=st.floats(0, 1),
)
def test_one_count_for_all_rows_gives_what_a_count_for_each_gives(rows: list[list[float]], share: float) -> None:
    ordered = np.sort(np.array(rows), axis=1)
    samples = ordered.shape[1]

    found = quantile(ordered, samples, share)

    assert found.tolist() == quantile(ordered, np.full(len(rows), samples), share).tolist()


@given(rows=st.lists(ROWS, min_size=1, max_size=5), scale=st.floats(0, 1e6), counts=st.booleans())
def test_no_spread_is_under_what_matters_at_its_level(rows: list[list[float]], scale: float, counts: bool) -> None:
    values, scales = padded(rows), np.full(len(rows), scale)

    found = normal(values, scales, np.full(len(rows), counts))

    assert found.level.tolist() == middle(values).tolist()
    assert (np.minimum(found.upward, found.downward) >= material(found.level, scales)).all()


@given(values=st.lists(st.floats(-1e3, 1e3), min_size=5, max_size=19))
def test_a_spread_is_the_median_deviation_grown_for_few_samples(values: list[float]) -> None:
    found = one_row(values)

    middle = statistics.median(values)
    sigma = 1.4826 * statistics.median(abs(value - middle) for value in values) * (1 + 3 / len(values))
    assert found.level[0] == pytest.approx(middle)
    assert found.upward[0] == found.downward[0]
    assert found.upward[0] >= sigma * (1 - 1e-9)
    assert found.upward[0] == pytest.approx(max(sigma, 0.01 * abs(middle), np.finfo(np.float64).tiny))


def test_a_long_tail_on_one_side_widens_that_side_alone() -> None:
    values = [10.0] * 15 + [10.0 + one for one in range(1, 6)] + [9.0] * 2

    found = one_row(values)

    assert found.upward[0] > 2 * found.downward[0]


@pytest.mark.parametrize("samples", [19, 20, 300, 1000])
def test_normal_noise_has_its_own_standard_deviation_however_many_samples(samples: int) -> None:
    values = [100 + 10 * statistics.NormalDist().inv_cdf((at + 0.5) / samples) for at in range(samples)]

    found = one_row(values)

    assert found.level[0] == pytest.approx(100, abs=0.01)
    assert found.upward[0] == pytest.approx(10 * (1 + 3 / samples), rel=0.12)
    assert found.downward[0] == pytest.approx(found.upward[0])


def test_one_wild_sample_moves_nothing() -> None:
    calm = [10.0, 11.0, 9.0, 10.5, 9.5, 10.2, 9.8, 10.0, 10.1, 9.9, 10.3]

    plain, wild = one_row(calm), one_row([*calm, 1e9])

    assert wild.level[0] == pytest.approx(plain.level[0], abs=0.1)
    assert wild.upward[0] < 2 * plain.upward[0]


@pytest.mark.parametrize(
    ("values", "scale", "counts", "spread"),
    [
        ([100.0] * 8, 100.0, False, 1.0),
        ([0.0] * 8, 50.0, False, 1.0),
        ([0.0] * 8, 0.0, False, np.finfo(np.float64).tiny),
        ([100.0] * 8, 100.0, True, 1.0),
        ([4.0] * 8, 4.0, True, 0.2),
        ([0.0] * 8, 0.0, True, 0.2),
        ([16.0, 17.0] * 4, 17.0, True, 0.5 * math.sqrt(16.5)),
    ],
)
def test_no_spread_is_less_than_what_matters(values: list[float], scale: float, counts: bool, spread: float) -> None:
    assert one_row(values, scale=scale, counts=counts).upward[0] == pytest.approx(spread)


def test_a_row_without_samples_has_no_level() -> None:
    found = one_row([math.nan, math.nan])

    assert math.isnan(found.level[0])
    assert found.count[0] == 0


@settings(max_examples=50)
@given(rows=st.lists(ROWS, min_size=2, max_size=5))
def test_each_row_is_judged_for_itself(rows: list[list[float]]) -> None:
    together = normal(padded(rows), np.zeros(len(rows)), np.zeros(len(rows), dtype=bool))

    for at, row in enumerate(rows):
        alone = one_row(row)
        assert (together.level[at], together.upward[at], together.count[at]) == (
            alone.level[0],
            alone.upward[0],
            alone.count[0],
        )


def test_few_normal_samples_are_as_wide_as_the_noise_between_neighbours() -> None:
    few = one_row([10.0, 10.0, 10.0])
    restless = np.array([[10.0, 14.0] * 20])

    widened = with_noise(few, restless)

    assert widened.upward[0] == pytest.approx(4 / 0.545)
    assert widened.level[0] == few.level[0]


def test_enough_normal_samples_are_believed() -> None:
    many = one_row([10.0] * 8)

    assert with_noise(many, np.array([[10.0, 14.0] * 20])) is many
    assert with_noise(one_row([10.0]), np.array([[10.0, 14.0]])).upward[0] == one_row([10.0]).upward[0]


def test_rows_are_replaced_and_the_others_stand() -> None:
    state = normal(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]), np.zeros(3), np.zeros(3, dtype=bool))

    found = replaced(state, np.array([1]), one_row([50.0]))

    assert found.level.tolist() == [1.0, 50.0, 3.0]
    assert found.count.tolist() == [2, 1, 2]
    assert state.level.tolist() == [1.0, 2.0, 3.0]

"""How high a series stood before and after its onset, by hand-worked numbers."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.domain.fact import SeriesFact
from rootline.domain.levels import (
    first_from,
    heading,
    is_after,
    level,
    levels,
    move_fault,
    near,
    nearest,
    samples,
    start_fault,
    summary_bears,
)
from rootline.domain.points import Points

START = datetime(2026, 3, 1, tzinfo=UTC)
FINITE = st.floats(-1e9, 1e9)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def series(
    values: Sequence[float | None], onset: float | None = None, ended: float | None = None, **more: object
) -> SeriesFact:
    """One sample a minute."""
    fact = SeriesFact(
        subject="cart latency",
        service="cart",
        metric="latency",
        direction="up",
        anomaly="spike",
        baseline=None,
        current=None,
        peak=None,
        onset=None if onset is None else at(onset),
        ended=None if ended is None else at(ended),
        points=Points.listed((at(one).timestamp(), value) for one, value in enumerate(values)),
    )
    return fact.model_copy(update=more)


@pytest.mark.parametrize(
    ("actual", "expected", "same"),
    [
        (100, 101, True),
        (100, 99, True),
        (100, 101.01, False),
        (-100, -101, True),
        (-100, 100, False),
        (0, 0, True),
        (0, 1e-12, False),
        (1e-12, 0, False),
        (math.nan, math.nan, False),
        (math.inf, math.inf, False),
    ],
)
def test_two_readings_agree_within_a_share_of_the_actual_one(actual: float, expected: float, *, same: bool) -> None:
    assert near(actual, expected) is same


@pytest.mark.parametrize(
    ("before", "after", "noise", "where"),
    [
        (100, 102, 0, "flat"),
        (100, 103, 0, "up"),
        (100, 97, 0, "down"),
        (100, 98, 0, "flat"),
        (0, 0, 0, "flat"),
        (0, 1e-9, 0, "up"),
        (0, -1e-9, 0, "down"),
        (100, 150, 50, "flat"),
        (100, 151, 50, "up"),
        (-100, -50, 0, "up"),
        (-50, -100, 0, "down"),
        (5, -5, 0, "down"),
    ],
)
def test_a_move_is_one_beyond_noise_and_two_percent(before: float, after: float, noise: float, where: str) -> None:
    assert heading(before, after, noise) == where


@given(before=FINITE, after=FINITE, noise=st.floats(0, 1e6))
def test_the_way_back_leads_the_other_way(before: float, after: float, noise: float) -> None:
    other = {"up": "down", "down": "up", "flat": "flat"}

    assert heading(after, before, noise) == other[heading(before, after, noise)]


def test_a_level_is_its_median_its_middle_half_and_its_robust_spread() -> None:
    found = level([1, 2, 3, 4, 5, 6, 7, 100])

    assert (found.low, found.middle, found.high, found.sample) == (3, 4.5, 6, 4)
    assert found.spread == pytest.approx(1.4826 * 2)


@pytest.mark.parametrize("value", [0.0, -7.5, 42.0])
def test_a_single_sample_is_its_own_level_without_a_spread(value: float) -> None:
    found = level([value])

    assert (found.low, found.middle, found.high, found.sample, found.spread) == (value, value, value, value, 0)


@given(values=st.lists(FINITE, min_size=1, max_size=40))
def test_a_level_lies_between_its_extremes_and_bears_its_own_sample(values: list[float]) -> None:
    found = level(values)

    assert min(values) <= found.low <= found.middle <= found.high <= max(values)
    assert found.middle == median(values)
    assert found.sample in values
    assert found.bears(found.sample)
    assert not found.bears(max(values) + 0.1 * abs(found.middle) + 1)


@given(
    values=st.lists(FINITE, min_size=1, max_size=20).flatmap(lambda one: st.tuples(st.just(one), st.permutations(one)))
)
def test_the_order_of_samples_changes_no_level(values: tuple[list[float], list[float]]) -> None:
    assert level(values[0]) == level(values[1])


def test_missing_samples_are_left_out_and_the_stop_does_not_belong() -> None:
    fact = series([1, None, 3, 4, 5])

    assert samples(fact) == [1, 3, 4, 5]
    assert samples(fact, start=at(2).timestamp(), stop=at(4).timestamp()) == [3, 4]
    assert samples(fact, start=at(9).timestamp()) == []


def test_of_two_equally_near_points_the_earlier_one_is_told() -> None:
    fact = series([1, None, 3, 4])

    assert nearest(fact, at(1).timestamp()) == (at(0).timestamp(), 1)
    assert nearest(fact, at(2.4).timestamp()) == (at(2).timestamp(), 3)
    assert nearest(fact, at(99).timestamp()) == (at(3).timestamp(), 4)
    assert nearest(series([None, None]), 0) is None


def test_a_moment_is_after_the_onset_from_the_onset_on() -> None:
    fact = series([1, 1, 9, 9], onset=2)

    assert [is_after(fact, at(one).timestamp()) for one in (0, 1, 2, 3)] == [False, False, True, True]
    assert not is_after(series([1, 1]), at(1).timestamp())


def test_both_levels_are_told_apart_at_the_onset_and_the_end() -> None:
    found = levels(series([10, 12, 11, 50, 52, 51, 10, 11], onset=3, ended=6))

    assert found is not None
    assert (found.before.middle, found.after.middle, found.direction) == (11, 51, "up")


@pytest.mark.parametrize(
    ("values", "onset"),
    [([1.0, 2.0, 3.0], None), ([1.0, 9.0, 9.0], 1), ([1.0, 1.0, 1.0], 3), ([], 0), ([None, 1.0, 9.0], 2)],
)
def test_without_samples_on_both_sides_there_are_no_levels(values: list[float | None], onset: float | None) -> None:
    assert levels(series(values, onset=onset)) is None


def test_a_baseline_and_a_current_level_are_borne_by_their_own_side() -> None:
    fact = series([10, 12, 11, 50, 52, 51], onset=3)

    assert summary_bears(fact, "baseline", 11)
    assert summary_bears(fact, "current", 51)
    assert not summary_bears(fact, "baseline", 51)
    assert not summary_bears(fact, "current", 11)


@pytest.mark.parametrize(
    ("direction", "borne"), [("up", {52.0}), ("down", {10.0}), ("flat", {10.0, 52.0})], ids=["up", "down", "flat"]
)
def test_a_peak_is_the_extreme_on_the_side_of_the_move(direction: str, borne: set[float]) -> None:
    fact = series([10, 12, 11, 50, 52, 51], onset=3, direction=direction)

    assert {value for value in (10.0, 12.0, 51.5, 52.0) if summary_bears(fact, "peak", value)} - {51.5} == borne


def test_a_series_without_an_onset_has_one_level_throughout() -> None:
    fact = series([10, 11, 12], direction="flat")

    assert summary_bears(fact, "baseline", 11)
    assert summary_bears(fact, "current", 11)
    assert not summary_bears(fact, "current", 20)


def test_an_onset_without_points_around_it_bears_nothing() -> None:
    assert not summary_bears(series([10.0, 11.0], onset=5), "current", 10)
    assert not summary_bears(series([None]), "peak", 1)


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        (series([1, 1, 1]), "it has no onset with points before and after it"),
        (series([9, 9, 9, 1, 1], onset=3, current=1.0), "the series goes up and its points down"),
        (series([1, 1, 1, 9, 9], onset=3, direction="flat", current=9.0), "the series goes flat and its points up"),
        (series([1, 1, 1, 9, 9], onset=3), "its points do not give its level"),
        (series([1, 1, 1, 9, 9], onset=3, current=5.0), "its points do not give its level"),
        (series([1, 1, 1, 9, 9], onset=3, current=9.0), ""),
    ],
)
def test_why_points_do_not_show_a_move(fact: SeriesFact, why: str) -> None:
    assert move_fault(fact) == why


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        (series([1, 1, 1]), "the evidence has no points on both sides of the onset"),
        (series([1, 1, 9, 9], onset=2, direction="flat", anomaly="none"), "the series is flat"),
        (series([1, 1, 9, 9], onset=2, direction="flat", anomaly="pattern_break"), ""),
        (series([9, 9, 1, 1], onset=2), "the points go down from there"),
        (series([1.0] * 4 + [1.0] * 5 + [9.0] * 9, onset=4), "the points do not move there yet"),
        (series([1.0] * 4 + [1.0] * 5 + [9.0] * 9, onset=4, anomaly="trend_change"), ""),
        (series([1, 1, 9, 9], onset=2), ""),
    ],
)
def test_why_points_do_not_show_a_beginning(fact: SeriesFact, why: str) -> None:
    assert start_fault(fact) == why


def test_the_first_few_from_a_moment_are_five_at_most() -> None:
    fact = series([1, 1, 2, 3, 4, 5, 6, 100, 100])

    assert first_from(fact, at(2)) == 4
    assert first_from(fact, at(2), at(4)) == 2.5

"""Where a change lies, against a search of every stretch by hand."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rootline.analysis.metrics.onset import run, widest_contrast
from rootline.domain.signal import Floats

SAMPLE = st.integers(-50, 50).map(float)
SHORT = st.lists(SAMPLE, min_size=2, max_size=16)
ANY = st.lists(SAMPLE, min_size=2, max_size=60)


def contrast(values: list[float], start: int, stop: int) -> float:
    """Means inside less means outside, times sqrt(L (n - L) / n), straight from the definition."""
    inside, outside = values[start:stop], values[:start] + values[stop:]
    away = sum(inside) / len(inside) - sum(outside) / len(outside)
    return away * math.sqrt(len(inside) * len(outside) / len(values))


def stretches(samples: int) -> list[tuple[int, int]]:
    return [(one, other) for one, other in combinations(range(samples + 1), 2) if other - one < samples]


@settings(max_examples=60, deadline=None)
@given(values=SHORT)
def test_in_a_short_row_no_stretch_contrasts_more(values: list[float]) -> None:
    found = widest_contrast(np.array([values]))

    best = max(abs(contrast(values, *one)) for one in stretches(len(values)))
    assert abs(found.strength[0]) == pytest.approx(best, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(values=ANY)
def test_the_strength_told_is_that_of_the_stretch_told(values: list[float]) -> None:
    found = widest_contrast(np.array([values]))
    start, stop = int(found.start[0]), int(found.stop[0])

    assert 0 <= start < stop <= len(values)
    assert found.strength[0] == pytest.approx(contrast(values, start, stop), abs=1e-6)


@pytest.mark.parametrize("samples", [17, 40, 100, 241])
@pytest.mark.parametrize("share", [0.1, 0.37, 0.6, 0.9])
def test_a_clean_step_is_found_to_the_sample_however_long_the_row(samples: int, share: float) -> None:
    at = round(share * samples)
    values = np.where(np.arange(samples) >= at, 7.0, 0.0)[None, :]

    found = widest_contrast(values)

    assert {int(found.start[0]) % samples, int(found.stop[0]) % samples} == {0, at}
    assert abs(found.strength[0]) == pytest.approx(7 * math.sqrt(at * (samples - at) / samples))


def test_a_constant_row_has_no_contrast() -> None:
    assert widest_contrast(np.full((1, 30), 5.0)).strength[0] == pytest.approx(0, abs=1e-9)


def heaviest(values: list[float], drift: float, known: list[bool]) -> float:
    """The largest sum over any run of what known samples exceed the drift by, nothing at least."""
    over = [value - drift if seen else 0.0 for value, seen in zip(values, known, strict=True)]
    sums = [sum(over[one:other]) for one, other in combinations(range(len(values) + 1), 2)]
    return max([0.0, *sums])


@settings(max_examples=100, deadline=None)
@given(values=st.lists(SAMPLE, min_size=1, max_size=25), drift=st.integers(0, 20).map(float))
def test_no_run_adds_up_to_more(values: list[float], drift: float) -> None:
    found = run(np.array([values]), np.array([drift]))
    start, stop = int(found.start[0]), int(found.stop[0])

    assert found.strength[0] == pytest.approx(heaviest(values, drift, [True] * len(values)))
    assert found.strength[0] == pytest.approx(sum(value - drift for value in values[start:stop]))


@settings(max_examples=100, deadline=None)
@given(values=st.lists(st.tuples(SAMPLE, st.booleans()), min_size=1, max_size=25), drift=st.integers(0, 20).map(float))
def test_what_was_not_measured_adds_nothing_and_begins_nothing(values: list[tuple[float, bool]], drift: float) -> None:
    samples, known = [value for value, _ in values], [seen for _, seen in values]

    found = run(np.array([samples]), np.array([drift]), np.array([known]))

    start, stop = int(found.start[0]), int(found.stop[0])
    assert found.strength[0] == pytest.approx(heaviest(samples, drift, known))
    if stop > start:
        assert known[start]
        assert stop == len(known) or known[stop]


def rows(*values: list[float]) -> Floats:
    return np.array(values)


@pytest.mark.parametrize(
    ("values", "drift", "start", "stop", "strength"),
    [
        ([0, 0, 5, 5, 0], 1, 2, 4, 8),
        ([5, 5, 5], 0, 0, 3, 15),
        ([0, 0, 0], 0, 0, 0, 0),
        ([1, 1, 1], 2, 0, 0, 0),
        ([3, -1, 3], 0, 0, 3, 5),
        ([3, -9, 4], 0, 2, 3, 4),
        ([0, 0, 7], 0, 0, 3, 7),
    ],
)
def test_runs_worked_by_hand(values: list[float], drift: float, start: int, stop: int, strength: float) -> None:
    found = run(rows(values), np.array([drift]))

    assert (found.strength[0], int(found.stop[0])) == (strength, stop)
    assert int(found.start[0]) == start


def test_each_row_has_its_own_run() -> None:
    found = run(rows([9, 0, 0], [0, 9, 0], [0, 0, 0]), np.array([1.0, 1.0, 1.0]))

    assert found.start.tolist() == [0, 1, 0]
    assert found.stop.tolist() == [1, 2, 0]
    assert found.strength.tolist() == [8, 8, 0]

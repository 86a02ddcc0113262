import numpy as np
import pytest

from rootline.analysis.metrics.sparkline import sparkline, sparklines


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([], ""),
        ([5, 5, 5], "000"),
        ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], "0123456789"),
        ([0, np.nan, 9], "0.9"),
        ([np.nan, np.nan], ".."),
        ([0, 2e-311], "00"),
        ([0, 5e-307, 1e-306], "049"),
    ],
)
def test_values_become_digits_and_gaps_become_dots(values: list[float], drawn: str) -> None:
    assert sparkline(np.array(values, dtype=np.float64)) == drawn


def test_a_long_series_keeps_its_lone_spike() -> None:
    values = np.ones(500)
    values[261] = 50

    drawn = sparkline(values, width=10)

    assert drawn == "0000090000"


def test_many_series_are_drawn_as_each_for_itself() -> None:
    dice = np.random.default_rng(7)
    series = [dice.normal(100, 5, size) for size in (0, 1, 19, 20, 21, 240, 240, 240, 241, 500)]
    series[5][::7] = np.nan
    series[6][:] = np.inf
    series[7][:] = 3.0
    series[8][13:60] = np.nan

    drawn = sparklines(series)

    assert drawn == [sparkline(one) for one in series]
    assert (drawn[0], drawn[6], drawn[7]) == ("", "." * 20, "0" * 20)
    assert sparklines([]) == []


def test_each_digit_is_the_sample_of_its_stretch_that_is_farthest_from_the_median() -> None:
    values = np.array([5.0, 1.0, 5.0, 5.0, 9.0, 5.0, np.nan, np.nan, np.nan])

    assert sparkline(values, width=3) == "09."


@pytest.mark.parametrize("size", [21, 22, 39, 40, 41, 99, 240, 480, 481, 513])
def test_bins_are_cut_and_drawn_as_one_would_by_hand(size: int) -> None:
    values = np.random.default_rng(size).normal(100, 5, size)

    drawn = sparkline(values)

    middle = np.median(values)
    cells = [one[np.argmax(np.abs(one - middle))] for one in np.array_split(values, 20)]
    low, high = min(cells), max(cells)
    assert drawn == "".join(str(round(9 * (cell - low) / (high - low))) for cell in cells)

import numpy as np
import pytest

from rootline.analysis.metrics.sparkline import sparkline


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([], ""),
        ([5, 5, 5], "000"),
        ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], "0123456789"),
        ([0, np.nan, 9], "0.9"),
        ([np.nan, np.nan], ".."),
    ],
)
def test_values_become_digits_and_gaps_become_dots(values: list[float], drawn: str) -> None:
    assert sparkline(np.array(values, dtype=np.float64)) == drawn


def test_a_long_series_keeps_its_lone_spike() -> None:
    values = np.ones(500)
    values[261] = 50

    drawn = sparkline(values, width=10)

    assert drawn == "0000090000"

import math

import numpy as np

from rootline.domain.signal import measured


def test_what_is_no_finite_number_is_a_gap() -> None:
    values = np.array([1.0, math.inf, -math.inf, math.nan, -0.0])

    found = measured(values)

    assert np.isnan(found).tolist() == [False, True, True, True, False]
    assert np.isinf(values).sum() == 2
    assert math.copysign(1.0, found[4]) == -1.0


def test_values_without_a_gap_are_not_copied() -> None:
    values = np.array([[1.0, 2.0], [3.0, 4.0]])

    assert measured(values) is values

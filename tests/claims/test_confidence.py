from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.analysis.joining.calibration import Calibration
from rootline.claims.confidence import calibrate, lowered
from rootline.models.builtin.calibrating import Basis, scale, shipped

TABLE = Calibration(
    name="suite-1", stated=(0.2, 0.6, 0.9), right=(0.1, 0.5, 0.7), low=(0.0, 0.4, 0.6), high=(0.2, 0.6, 0.8)
)


def test_without_a_table_the_value_stays_between_wilsons_bounds() -> None:
    found = calibrate(0.5)

    assert (found.value, round(found.low, 3), round(found.high, 3)) == (0.5, 0.299, 0.701)


@pytest.mark.parametrize(("stated", "value"), [(0.0, 0.1), (0.2, 0.1), (0.4, 0.3), (0.9, 0.7), (1.0, 0.7)])
def test_a_table_is_read_between_its_rows(stated: float, value: float) -> None:
    assert TABLE.read(stated)[0] == pytest.approx(value)


@pytest.mark.parametrize("basis", get_args(Basis))
def test_a_score_that_names_its_scale_is_read_by_the_shipped_table(basis: Basis) -> None:
    table = shipped(basis)

    found = calibrate(0.7, [scale(table)])

    assert (found.value, found.low, found.high) == table.read(0.7)
    assert found.calibration == table.name


@given(st.floats())
def test_bounds_hold_the_value_whatever_is_stated(stated: float) -> None:
    found = calibrate(stated)

    assert 0 <= found.low <= found.value <= found.high <= 1


@given(st.floats(0, 1), st.integers(0, 9), st.integers(0, 9), st.booleans(), st.booleans())
def test_the_checker_only_lowers(p: float, verified: int, failed: int, is_proven: bool, alone: bool) -> None:
    parts = lowered(p, verified=verified, failed=failed, is_proven=is_proven, on_words_alone=alone)

    assert all(part.contribution < 0 for part in parts)
    assert -1e-9 <= p + sum(part.contribution for part in parts) <= p

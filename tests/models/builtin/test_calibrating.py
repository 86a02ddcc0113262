from itertools import pairwise
from typing import get_args

import pytest

from rootline.claims.confidence import calibrate
from rootline.domain.fact import ScoreComponent
from rootline.models.builtin.calibrating import Basis, scale, shipped


@pytest.mark.parametrize("basis", get_args(Basis))
def test_the_shipped_tables_rise_and_their_bounds_enclose_them(basis: Basis) -> None:
    table = shipped(basis)

    assert all(before < after for column in (table.stated, table.right) for before, after in pairwise(column))
    assert all(low <= right <= high for low, right, high in zip(table.low, table.right, table.high, strict=True))
    assert 0 < table.abstain_below < 0.5


def test_only_a_score_made_on_its_scale_is_read_by_the_shipped_table() -> None:
    mine = calibrate(0.6, components=(scale(shipped()),))
    other = calibrate(0.6, components=(ScoreComponent(name="scale: of somebody else", contribution=0.0),))

    assert (mine.value, mine.calibration) == (shipped().read(0.6)[0], shipped().name)
    assert (other.value, other.calibration) == (0.6, "none")

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.analysis.joining.combining import at_most, shares, total
from rootline.domain.fact import ScoreComponent

SCORES = st.lists(st.floats(-40, 40), min_size=1, max_size=8)


def parts(*contributions: float) -> list[ScoreComponent]:
    return [ScoreComponent(name=f"part {at}", contribution=one) for at, one in enumerate(contributions)]


@given(SCORES)
def test_probabilities_keep_the_order_of_scores_and_leave_something_to_the_unknown(scores: list[float]) -> None:
    found = shares(scores)

    assert sum(found) <= 1.0 + 1e-9
    assert sorted(range(len(scores)), key=lambda at: scores[at]) == sorted(
        range(len(scores)), key=lambda at: (found[at], scores[at])
    )


def test_a_score_as_strong_as_the_unknown_is_a_coin() -> None:
    assert shares([0.0]) == [0.5]


def test_where_one_of_them_it_must_be_nothing_is_left_over() -> None:
    assert sum(shares([1.0, -2.0], beside=-inf)) == pytest.approx(1.0)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=30), st.integers(1, 12))
def test_cutting_parts_keeps_their_sum(contributions: list[float], most: int) -> None:
    whole = parts(*contributions)

    kept = at_most(whole, most)

    assert len(kept) <= most
    assert total(kept) == pytest.approx(total(whole), abs=1e-3)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.evals.scorers.grouping import Grouping, score


def test_the_same_grouping_under_other_names_is_perfect() -> None:
    assert score([7, 7, 3, 9], ["a", "a", "b", "c"]) == Grouping(accuracy=1.0, f1=1.0)


def test_one_line_in_the_wrong_group_spoils_both_groups() -> None:
    predicted, truth = [1, 1, 1, 2, 3], ["a", "a", "b", "b", "c"]

    assert score(predicted, truth) == Grouping(accuracy=1 / 5, f1=1 / 3)


def test_a_group_split_in_two_is_wrong_for_all_its_lines() -> None:
    assert score([1, 2, 3], ["a", "a", "b"]) == Grouping(accuracy=1 / 3, f1=2 / 5)


def test_large_groups_weigh_in_accuracy_and_not_in_f1() -> None:
    predicted, truth = [1] * 8 + [2, 3], ["a"] * 8 + ["b", "b"]

    assert score(predicted, truth) == Grouping(accuracy=0.8, f1=2 / 5)


def test_no_lines_score_nothing() -> None:
    assert score([], []) == Grouping(accuracy=0.0, f1=0.0)


def test_labellings_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        score([1, 2], ["a"])


@given(st.lists(st.integers(0, 5), min_size=1))
def test_a_labelling_agrees_with_itself(labels: list[int]) -> None:
    assert score(labels, labels) == Grouping(accuracy=1.0, f1=1.0)

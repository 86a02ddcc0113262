from math import inf

import pytest

from rootline.evals.scorers.ranking import auroc, expected_rank, mean_reciprocal_rank, top_k


def test_a_clear_first_has_rank_one() -> None:
    assert expected_rank([3.0, 1.0, 2.0], 0) == 1.0


def test_a_tie_counts_by_its_expected_rank() -> None:
    assert expected_rank([2.0, 2.0, 2.0, 1.0], 1) == 2.0
    assert expected_rank([1.0, 1.0], 0) == 1.5


def test_a_constant_score_never_reaches_the_top() -> None:
    ranks = [expected_rank([0.0] * 10, place) for place in range(10)]

    assert top_k(ranks, 1) == 0.0
    assert top_k(ranks, 3) == 0.0


def test_what_was_not_ranked_counts_as_nothing() -> None:
    missing = expected_rank([1.0], None)

    assert missing == inf
    assert mean_reciprocal_rank([missing, 1.0]) == 0.5


def test_top_k_counts_ranks_up_to_k() -> None:
    assert top_k([1.0, 2.0, 3.5, 1.5], 3) == 0.75
    assert top_k([], 1) == 0.0


def test_mean_reciprocal_rank_of_nothing_is_zero() -> None:
    assert mean_reciprocal_rank([]) == 0.0
    assert mean_reciprocal_rank([1.0, 2.0, 4.0]) == pytest.approx(7 / 12)


def test_auroc_is_one_when_every_positive_is_above_and_half_when_all_are_equal() -> None:
    assert auroc([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert auroc([0.1], [0.9]) == 0.0
    assert auroc([0.5, 0.5], [0.5, 0.5, 0.5]) == 0.5
    assert auroc([], [0.5]) == 0.5


def test_auroc_equals_the_share_of_won_pairs() -> None:
    positives, negatives = [0.3, 0.7, 0.7, 0.1], [0.2, 0.7, 0.05]
    won = sum((p > n) + 0.5 * (p == n) for p in positives for n in negatives)

    assert auroc(positives, negatives) == pytest.approx(won / 12)

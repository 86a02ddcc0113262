"""Scores of a ranking against the truth, with strict ranks: a tie counts by its expected rank."""

from collections.abc import Iterable, Sequence
from math import inf


def expected_rank(scores: Sequence[float], truth: int | None) -> float:
    """The expected rank of one entry when equal scores are put in random order.

    Args:
        scores: One score for each entry, higher is better.
        truth: The entry's place in `scores`, None when it was not ranked at all.

    Returns:
        1.0 for a clear first, 1.5 for one of two firsts, infinity when `truth` is None.

    """
    if truth is None:
        return inf
    mine = scores[truth]
    better = sum(1 for score in scores if score > mine)
    equal = sum(1 for score in scores if score == mine) - 1
    return 1.0 + better + equal / 2.0


def top_k(ranks: Iterable[float], k: int) -> float:
    """The share of ranks that are at most `k`, 0 to 1; 0.0 when there are none."""
    listed = list(ranks)
    return sum(1 for rank in listed if rank <= k) / len(listed) if listed else 0.0


def mean_reciprocal_rank(ranks: Iterable[float]) -> float:
    """The mean of 1/rank, 0 to 1; what was not ranked counts as 0.

    Source: E. Voorhees, "The TREC-8 Question Answering Track Report" (1999).
    """
    listed = list(ranks)
    return sum(1.0 / rank for rank in listed) / len(listed) if listed else 0.0


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """How often a positive scores above a negative, equal scores counting half; 0.5 when either is empty.

    Source: J. Hanley, B. McNeil, "The meaning and use of the area under a ROC curve" (1982).
    """
    if not positives or not negatives:
        return 0.5
    ordered = sorted([(score, True) for score in positives] + [(score, False) for score in negatives])
    ranks = _mid_ranks([score for score, _ in ordered])
    total = sum(rank for rank, (_, positive) in zip(ranks, ordered, strict=True) if positive)
    count = len(positives)
    return (total - count * (count + 1) / 2.0) / (count * len(negatives))


def _mid_ranks(ordered: Sequence[float]) -> list[float]:
    ranks: list[float] = []
    start = 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end] == ordered[start]:
            end += 1
        ranks += [(start + 1 + end) / 2.0] * (end - start)
        start = end
    return ranks

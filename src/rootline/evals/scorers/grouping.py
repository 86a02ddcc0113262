"""How well a miner groups log lines, measured against labelled groups."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """GA and FGA of one system, both ratios 0 to 1."""

    accuracy: float
    f1: float


def score(predicted: Sequence[Hashable], truth: Sequence[Hashable]) -> Grouping:
    """Compare two labellings of the same lines; only which lines stand together matters.

    A predicted group is right when it holds exactly the lines of one true group. GA is the share of
    lines in right groups; FGA is F1 over groups: right groups against all predicted and all true ones.
    No lines score 0. Sequences of different length are a ValueError.

    Source: Zhu et al., Tools and Benchmarks for Automated Log Parsing (ICSE-SEIP 2019) for GA;
    Jiang et al., A Large-Scale Evaluation for Log Parsing Techniques (ISSTA 2024) for FGA.
    """
    together = Counter(zip(predicted, truth, strict=True))
    sizes, true_sizes = Counter(predicted), Counter(truth)
    right = [lines for (guess, label), lines in together.items() if lines == sizes[guess] == true_sizes[label]]
    return Grouping(
        accuracy=sum(right) / len(truth) if truth else 0.0,
        f1=2 * len(right) / (len(sizes) + len(true_sizes)) if truth else 0.0,
    )

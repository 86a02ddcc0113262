"""How simple rankings do where the truth is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rootline.evals.scorers.ranking import expected_rank, mean_reciprocal_rank, top_k


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One case as a rival sees it: a score for each candidate, and the truth's place; None when it is no candidate."""

    scores: Sequence[float]
    truth: int | None


def by_rank(cases: Sequence[Scored]) -> Mapping[str, float]:
    """Return top1, top3 and mrr with strict ranks."""
    ranks = [expected_rank(one.scores, one.truth) for one in cases]
    return {
        "top1": _short(top_k(ranks, 1)),
        "top3": _short(top_k(ranks, 3)),
        "mrr": _short(mean_reciprocal_rank(ranks)),
    }


def by_chance(cases: Sequence[Scored]) -> Mapping[str, float]:
    """Return what a random order is expected to score."""
    sizes = [len(one.scores) if one.truth is not None else 0 for one in cases]
    chances = {
        "top1": [1 / size if size else 0.0 for size in sizes],
        "top3": [min(1.0, 3 / size) if size else 0.0 for size in sizes],
        "mrr": [sum(1 / rank for rank in range(1, size + 1)) / size if size else 0.0 for size in sizes],
    }
    return {name: _short(sum(found) / len(found)) if found else 0.0 for name, found in chances.items()}


def _short(value: float) -> float:
    return round(value, 4)

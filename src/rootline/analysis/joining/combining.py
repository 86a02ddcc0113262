"""Scores in logits that add up, and how they share one probability."""

import math
from collections.abc import Sequence

from rootline.domain.fact import ScoreComponent

UNKNOWN = 0.0
"""Logits of a cause that nobody has read anything of. Every score is measured against it."""

_REST = "smaller parts"
_FARTHEST = 30.0


def total(parts: Sequence[ScoreComponent]) -> float:
    """Add up the contributions, in logits."""
    return sum(part.contribution for part in parts)


def shares(scores: Sequence[float], beside: float = UNKNOWN) -> list[float]:
    """Share one probability between explanations that exclude each other.

    Source: the softmax of a conditional logit with an outside option; McFadden, "Conditional Logit Analysis
    of Qualitative Choice Behavior" (1974).

    Args:
        scores: One a candidate, in logits.
        beside: The score of a cause that was not read of; minus infinity where one of these it must be.

    Returns:
        One probability a candidate; what is missing from 1 belongs to a cause that was not read of.

    """
    top = max([beside, *scores])
    odds = [math.exp(score - top) for score in scores]
    whole = sum(odds) + math.exp(beside - top)
    return [odd / whole for odd in odds]


def log_share(probability: float) -> float:
    """Return the logarithm of a share; what is impossible counts as e to the minus thirty."""
    return max(-_FARTHEST, math.log(probability)) if probability > 0 else -_FARTHEST


def at_most(parts: Sequence[ScoreComponent], most: int) -> tuple[ScoreComponent, ...]:
    """Keep the largest parts in their order and add the others up in one, so that the sum stays the same."""
    if len(parts) <= most:
        return tuple(parts)
    largest = sorted(range(len(parts)), key=lambda at: -abs(parts[at].contribution))[: most - 1]
    kept = [part for at, part in enumerate(parts) if at in largest]
    rest = [part for at, part in enumerate(parts) if at not in largest]
    names = ", ".join(dict.fromkeys(part.name for part in rest))
    return (*kept, ScoreComponent(name=_REST, contribution=round(total(rest), 4), reason=names))

"""Whether a confidence means what it says."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from rootline.evals.scorers.ranking import auroc
from rootline.evals.suite import Verdict

BINS = 10
SURE = 0.8


def calibration(verdicts: Sequence[Verdict]) -> Mapping[str, float]:
    """Return ece, auroc, the share answered with 0.8 or more, how many of those were wrong, and idle abstentions.

    Source: Naeini et al., Obtaining Well Calibrated Probabilities (AAAI 2015), with equal-mass bins.
    """
    answered = [one for one in verdicts if not one.abstained]
    sure = [one for one in answered if one.confidence >= SURE]
    causes = [one for one in verdicts if one.has_cause]
    return {
        "ece": round(_ece(answered), 4),
        "auroc": round(auroc(_confidences(answered, right=True), _confidences(answered, right=False)), 4),
        "sure": round(len(sure) / max(len(answered), 1), 4),
        "sure_and_wrong": round(sum(not one.right for one in sure) / max(len(sure), 1), 4),
        "abstained": round(sum(one.abstained for one in causes) / max(len(causes), 1), 4),
    }


def _ece(answered: Sequence[Verdict]) -> float:
    ordered = sorted(answered, key=lambda one: one.confidence)
    total = len(ordered)
    edges = [round(at * total / BINS) for at in range(BINS + 1)]
    error = 0.0
    for low, high in pairwise(edges):
        members = ordered[low:high]
        if members:
            gap = sum(one.confidence for one in members) - sum(one.right for one in members)
            error += abs(gap) / total
    return error


def _confidences(answered: Sequence[Verdict], *, right: bool) -> list[float]:
    return [one.confidence for one in answered if one.right is right]

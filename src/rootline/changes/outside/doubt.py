"""Doubt that the best change is the cause, where nothing but prose is known."""

import math
from collections.abc import Sequence

from rootline.changes.words.wording import Wording

# Source: logistic regression with an L2 penalty on windows of real commits with and without the cause, each culprit put
# at several places of its history, each project left out in turn; fitted on 2026-11-22.
BIAS = -1.671
ASKED = 0.68
SPREAD = 0.49
MISSES_NAMES = 0.96
SHARE = -0.65
TITLED = -4.01
PHRASED = -2.87


def doubt(wording: Wording, evenness: float) -> float:
    """Doubt that the change with these words is the cause, in logits.

    Much was asked and little of it found, none of the code that the symptom names, and many changes nearly as good
    speak for doubt; a subject of which the symptom speaks and phrases that stand in both speak against it.
    `evenness` is the entropy of the ranking in nats.
    """
    phrased = math.expm1(wording.phrases) / (1 + wording.asked)
    asked = ASKED * math.log1p(wording.asked) + MISSES_NAMES * wording.misses_names + SPREAD * evenness
    return BIAS + asked + SHARE * wording.share + TITLED * wording.titled + PHRASED * phrased


def spread(scores: Sequence[float]) -> float:
    """How evenly a ranking is spread, as the entropy of its odds in nats: 0 for one clear winner.

    Source: C. Shannon, A Mathematical Theory of Communication (1948).
    """
    odds = [math.exp(score - max(scores)) for score in scores]
    total = sum(odds)
    return -sum(odd / total * math.log(odd / total) for odd in odds if odd > 0)

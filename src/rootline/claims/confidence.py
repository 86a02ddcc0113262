"""How sure an answer may be: what the draft said, lowered by what the checker found, with bounds."""

import math
from collections.abc import Sequence
from itertools import pairwise

from rootline.analysis.joining.calibration import wilson
from rootline.domain.fact import ScoreComponent
from rootline.domain.hypothesis import Confidence
from rootline.models.builtin.calibrating import table_of

# Source: own choices, until the evals measure better ones. A draft whose claims all fail keeps half of its
# probability at most; an order in time and a mechanism that were not both verified cost a tenth.
_ALL_FAILED = 0.5
_UNPROVEN = 0.9
# Source: own choice. Words that anyone can write into a log are no better than a coin until a signal agrees.
MOST_ON_WORDS_ALONE = 0.5
# Source: own choice. An investigation is taken to be worth twenty observations until a table is measured.
_WORTH = 20.0


def calibrate(p: float, components: Sequence[ScoreComponent] = ()) -> Confidence:
    """Give a probability its bounds, and where its components name the scale of a shipped table its measured value.

    With a table, value and bounds are read between its rows. Without one the value stays, between Wilson's bounds
    for twenty observations.
    """
    stated = min(max(p, 0.0), 1.0) if math.isfinite(p) else 0.0
    known = table_of(tuple(components))
    if known is None:
        low, high = wilson(stated, _WORTH)
        return Confidence(value=stated, low=low, high=high, components=tuple(components), calibration="none")
    value, low, high = known.read(stated)
    return Confidence(value=value, low=low, high=high, components=tuple(components), calibration=known.name)


def lowered(p: float, *, verified: int, failed: int, is_proven: bool, on_words_alone: bool) -> list[ScoreComponent]:
    """Return how far the checker lowers a draft's probability, as contributions of zero or less.

    The probability is multiplied by 0.5 + 0.5 · the share of its supporting claims that were verified, then by 0.9
    where no causal order is proven, then capped at 0.5 where it rests on words that users can write.
    """
    share = verified / max(verified + failed, 1)
    steps = [("draft", p, "what the investigator stated")]
    steps.append(("failed claims", steps[-1][1] * (_ALL_FAILED + (1 - _ALL_FAILED) * share), f"{failed} of them"))
    if not is_proven:
        steps.append(("unproven", steps[-1][1] * _UNPROVEN, "no verified order in time over a verified mechanism"))
    if on_words_alone:
        capped = min(steps[-1][1], MOST_ON_WORDS_ALONE)
        steps.append(("words alone", capped, "only text that users can write supports it"))
    pairs = pairwise(steps)
    parts = [
        ScoreComponent(name=name, contribution=now - before, reason=why) for (_, before, _), (name, now, why) in pairs
    ]
    return [part for part in parts if part.contribution < 0]

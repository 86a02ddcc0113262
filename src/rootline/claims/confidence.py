"""How sure an answer may be: what the draft said, lowered by what the checker found, with bounds."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rootline.domain.fact import ScoreComponent
from rootline.domain.hypothesis import Confidence

# Source: own choices, until the evals measure better ones. A draft whose claims all fail keeps half of its
# probability at most; an order in time and a mechanism that were not both verified cost a tenth.
_ALL_FAILED = 0.5
_UNPROVEN = 0.9
# Source: own choice. Words that anyone can write into a log are no better than a coin until a signal agrees.
MOST_ON_WORDS_ALONE = 0.5
# Source: own choice. An investigation is taken to be worth twenty observations until a table is measured.
_WORTH = 20.0
# Source: 95 % of a normal distribution lie within 1.96 standard deviations.
_Z95 = 1.96


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """A measured table: at each probability stated, the share that was right, with its 95 % bounds.

    `stated` rises strictly; all four have the same length, at least 1.
    """

    name: str
    stated: tuple[float, ...]
    right: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


def calibrate(p: float, table: Calibration | None = None, components: Sequence[ScoreComponent] = ()) -> Confidence:
    """Give a probability its bounds, and with a table its measured value.

    Without a table the value stays, between Wilson's bounds for twenty observations. With one, value and bounds
    are read between its neighbouring rows.

    Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927).
    """
    stated = min(max(p, 0.0), 1.0) if math.isfinite(p) else 0.0
    if table is None:
        low, high = _wilson(stated)
        return Confidence(value=stated, low=low, high=high, components=tuple(components), calibration="none")
    value, low, high = (_between(table.stated, column, stated) for column in (table.right, table.low, table.high))
    return Confidence(
        value=value, low=min(low, value), high=max(high, value), components=tuple(components), calibration=table.name
    )


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


def _wilson(p: float) -> tuple[float, float]:
    z2 = _Z95 * _Z95
    middle = (p + z2 / (2 * _WORTH)) / (1 + z2 / _WORTH)
    half = _Z95 / (1 + z2 / _WORTH) * math.sqrt(p * (1 - p) / _WORTH + z2 / (4 * _WORTH * _WORTH))
    return max(min(middle - half, p), 0.0), min(max(middle + half, p), 1.0)


def _between(stated: Sequence[float], column: Sequence[float], p: float) -> float:
    """Read a column at p: straight lines between rows, level beyond the first and the last."""
    above = bisect_right(stated, p)
    if above in {0, len(stated)}:
        return column[0] if above == 0 else column[-1]
    part = (p - stated[above - 1]) / (stated[above] - stated[above - 1])
    return column[above - 1] + part * (column[above] - column[above - 1])

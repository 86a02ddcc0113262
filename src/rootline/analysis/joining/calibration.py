"""What a stated probability has been worth: a table fitted on answers whose truth is known."""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_STEPS = 40
"""Steps of Newton's method; it has settled after ten."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """A measured table: at each probability stated, the share that was right, with its 95 % bounds.

    `stated` rises strictly; all four have the same length, at least 1. `abstain_below` is the measured share
    right under which nothing should be blamed.
    """

    name: str
    stated: tuple[float, ...]
    right: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    abstain_below: float = 0.0

    def read(self, stated: float) -> tuple[float, float, float]:
        """Return the share right at a probability stated, with its bounds."""
        value, low, high = (between(self.stated, column, stated) for column in (self.right, self.low, self.high))
        return value, min(low, value), max(high, value)

    def stated_for(self, right: float) -> float:
        """Return the probability that the table turns into this share; exact where the table rises."""
        return between(self.right, self.stated, right)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One answer whose truth is known: what was stated, whether it was right, and how much it counts (above 0).

    Answers of one `group` were made from cases alike; a fit is tried on groups that it has not seen.
    """

    stated: float
    right: bool
    group: str
    weight: float = 1.0


def between(stated: Sequence[float], column: Sequence[float], p: float) -> float:
    """Read a column at p: straight lines between rows, level beyond the first and the last."""
    above = bisect_right(stated, p)
    if above in {0, len(stated)}:
        return column[0] if above == 0 else column[-1]
    part = (p - stated[above - 1]) / (stated[above] - stated[above - 1])
    return column[above - 1] + part * (column[above] - column[above - 1])


def curve(outcomes: Sequence[Outcome], unseen: float = 0.0) -> tuple[float, float]:
    """Fit slope and offset of the logistic curve from stated log-odds to the share right.

    `unseen` (0 to 1) is the share of right answers that would be wrong on a system nobody has developed on.

    Two pseudo-answers, one right and one wrong at even odds, keep a fit on few or on perfect answers finite.

    Source: Platt, "Probabilistic Outputs for Support Vector Machines" (1999), by Newton's method with a ridge
    towards the identity (slope 1, offset 0).
    """
    slope, offset, ridge = 1.0, 0.0, 2.0
    points = [(_logit(one.stated), float(one.right) * (1 - unseen), one.weight) for one in outcomes]
    points += [(0.0, 1.0, 1.0), (0.0, 0.0, 1.0)]
    for _ in range(_STEPS):
        g0, g1 = -ridge * (slope - 1.0), -ridge * offset * 0.1
        h00, h01, h11 = ridge, 0.0, ridge * 0.1
        for x, y, weight in points:
            p = sigmoid(slope * x + offset)
            g0, g1 = g0 + weight * (y - p) * x, g1 + weight * (y - p)
            w = weight * p * (1 - p)
            h00, h01, h11 = h00 + w * x * x, h01 + w * x, h11 + w
        det = h00 * h11 - h01 * h01
        slope, offset = slope + (h11 * g0 - h01 * g1) / det, offset + (h00 * g1 - h01 * g0) / det
    return max(slope, 0.05), offset


def fitted(
    name: str, outcomes: Sequence[Outcome], rows: Sequence[float], abstain_below: float, unseen: float = 0.0
) -> Calibration:
    """Fit a table on answers: the curve at each row, with Wilson's bounds for the answers that lie near it."""
    slope, offset = curve(outcomes, unseen)
    right = [sigmoid(slope * _logit(row) + offset) for row in rows]
    bounds = [wilson(p, _near(outcomes, row)) for p, row in zip(right, rows, strict=True)]
    return Calibration(
        name=name,
        stated=tuple(rows),
        right=tuple(round(p, 4) for p in right),
        low=tuple(round(low, 4) for low, _ in bounds),
        high=tuple(round(high, 4) for _, high in bounds),
        abstain_below=abstain_below,
    )


def held_back(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Restate every answer by a curve that was fitted without its group."""
    found: list[Outcome] = []
    for group in dict.fromkeys(one.group for one in outcomes):
        slope, offset = curve([one for one in outcomes if one.group != group])
        found += [
            Outcome(
                stated=sigmoid(slope * _logit(one.stated) + offset), right=one.right, group=group, weight=one.weight
            )
            for one in outcomes
            if one.group == group
        ]
    return found


def wilson(p: float, answers: float) -> tuple[float, float]:
    """Return 95 % bounds around a share seen in so many answers.

    Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927); 95 % of a
    normal distribution lie within 1.96 standard deviations.
    """
    count, z2 = max(answers, 1.0), 1.96 * 1.96
    middle = (p + z2 / (2 * count)) / (1 + z2 / count)
    half = 1.96 / (1 + z2 / count) * math.sqrt(p * (1 - p) / count + z2 / (4 * count * count))
    return max(min(middle - half, p), 0.0), min(max(middle + half, p), 1.0)


def sigmoid(logit: float) -> float:
    """Return the probability of a logit."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


def summary(outcomes: Sequence[Outcome], bins: int = 10) -> Mapping[str, float]:
    """Measure answers: expected calibration error over bins of equal mass, and how many were right.

    Source: Naeini et al., Obtaining Well Calibrated Probabilities (AAAI 2015).
    """
    ordered = sorted(outcomes, key=lambda one: one.stated)
    edges = [round(at * len(ordered) / bins) for at in range(bins + 1)]
    error = 0.0
    for low, high in pairwise(edges):
        members = ordered[low:high]
        error += abs(sum(one.stated - one.right for one in members)) / max(len(ordered), 1)
    return {"answers": float(len(ordered)), "ece": error, "right": _share(ordered)}


def _share(outcomes: Sequence[Outcome]) -> float:
    return sum(one.right for one in outcomes) / max(len(outcomes), 1)


def _near(outcomes: Sequence[Outcome], row: float) -> float:
    """Count the answers within a tenth of a row, by weight."""
    return sum(one.weight for one in outcomes if abs(one.stated - row) <= 0.1)  # noqa: PLR2004 a bin of twenty per cent


def _logit(p: float) -> float:
    held = min(max(p, 0.005), 0.995)
    return math.log(held / (1 - held))

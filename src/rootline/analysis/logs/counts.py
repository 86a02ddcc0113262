"""Counts before and after, made comparable."""

from dataclasses import dataclass

_HALF = 0.5


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Lines after and before the onset and the seconds that each count covers; 0 s means nothing was observed."""

    now: int
    before: int
    now_s: float
    before_s: float

    @property
    def growth(self) -> float:
        """The current rate over the baseline's, each smoothed by half a line; 1 where there is no baseline.

        Source: half a line is the Jeffreys prior of a Poisson rate.
        """
        if self.before_s <= 0 or self.now_s <= 0:
            return 1.0
        return (self.now + _HALF) / self.now_s / ((self.before + _HALF) / self.before_s)

    @property
    def novelty(self) -> float:
        """The share of the current rate that the baseline does not explain; 0.5 where there is no baseline."""
        if self.now == 0:
            return 0.0
        if self.before_s <= 0:
            return 0.5
        if self.before == 0:
            return 1.0
        return max(0.0, 1.0 - 1.0 / self.growth)

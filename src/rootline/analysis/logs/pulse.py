"""How often one thing comes, now and usually: a few numbers a thing, however long it is watched."""

import math
from dataclasses import dataclass

FAST_S, SLOW_S = 5.0, 600.0
"""Source: ours; what is new shows within seconds, and what lasts ten minutes is usual."""
_HALF = 0.375
"""Source: Anscombe, "The transformation of Poisson, binomial and negative-binomial data" (1948): 3/8."""
_CLIPPED = 6.0
_LEAST_AGE_S = 1.0


@dataclass(slots=True)
class Pulse:
    """Two decaying counts of one thing and the noise between them; times are seconds on any one clock."""

    born: float
    at: float
    fast: float = 0.0
    slow: float = 0.0
    noise: float = 1.0
    total: int = 0

    def score(self, count: int, now: float) -> float:
        """Add what came since the last time, and say how far the last seconds are above the usual, in deviations.

        The fast count of a Poisson process with rate r has the mean r * 5 s and half of that as variance, so its
        square root has a variance of an eighth. Burstier things are divided by the noise they have shown.
        """
        passed = max(0.0, now - self.at)
        usual = self.usual(now)
        self.fast = self.fast * math.exp(-passed / FAST_S) + count * _spread_over(passed)
        self.slow = self.slow * math.exp(-passed / SLOW_S) + count
        self.at, self.total = now, self.total + count
        away = math.sqrt(8) * (math.sqrt(self.fast + _HALF) - math.sqrt(usual * FAST_S + _HALF))
        score = away / math.sqrt(max(1.0, self.noise))
        weight = min(0.5, passed / SLOW_S)
        self.noise += weight * (min(abs(away), _CLIPPED * math.sqrt(max(1.0, self.noise))) ** 2 - self.noise)
        return score

    def usual(self, now: float) -> float:
        """Return the usual rate a second, corrected for the time in which nothing was counted yet."""
        age = max(_LEAST_AGE_S, now - self.born)
        decayed = self.slow * math.exp(-max(0.0, now - self.at) / SLOW_S)
        return decayed / (SLOW_S * -math.expm1(-age / SLOW_S))


def _spread_over(passed: float) -> float:
    """The mean share that is left of what came evenly in the seconds that have passed."""
    return -math.expm1(-passed / FAST_S) * FAST_S / passed if passed > 0 else 1.0

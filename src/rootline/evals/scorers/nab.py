"""The standard profile of the Numenta Anomaly Benchmark."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Source: Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms: the Numenta Anomaly
# Benchmark" (2015): sigmoidal weights of the standard profile and the probationary share of each series.
_HIT, _FALSE, _MISS = 1.0, 0.11, 1.0
_PROBATION = 0.15
_PROBATION_CAP = 5000
_STEEPNESS = 5.0
_FAR = 3.0


@dataclass(frozen=True, kw_only=True)
class NabScore:
    """The raw score of some series, and how many labelled windows it is out of."""

    raw: float
    windows: int

    @property
    def scaled(self) -> float:
        """100 for a perfect detector, 0 for one that never alerts; 0 without any window."""
        null, perfect = -_MISS * self.windows, _HIT * self.windows
        return 100 * (self.raw - null) / (perfect - null) if self.windows else 0.0

    def __add__(self, other: "NabScore") -> "NabScore":
        return NabScore(raw=self.raw + other.raw, windows=self.windows + other.windows)


def score_series(alerts: Sequence[bool], windows: Sequence[tuple[int, int]]) -> NabScore:
    """Score one series.

    The first alert in a window earns more the earlier it comes; later ones in the window are free. An
    alert outside costs more the farther it lies behind the last window. A missed window costs one.

    Args:
        alerts: Whether each point was alerted on.
        windows: First and last position of each labelled window, ascending and apart.

    """
    probation = int(min(_PROBATION * len(alerts), _PROBATION * _PROBATION_CAP))
    raw, hit = 0.0, set[tuple[int, int]]()
    for place in (at for at in range(probation, len(alerts)) if alerts[at]):
        window = next((span for span in windows if span[0] <= place <= span[1]), None)
        if window is None:
            raw -= _FALSE * _cost(place, windows)
        elif window not in hit:
            hit.add(window)
            raw += _HIT * _worth(place, window)
    return NabScore(raw=raw - _MISS * (len(windows) - len(hit)), windows=len(windows))


def total(scores: Iterable[NabScore]) -> NabScore:
    """The scores of several series as one."""
    return sum(scores, NabScore(raw=0.0, windows=0))


def _worth(place: int, window: tuple[int, int]) -> float:
    first, last = window
    return _sigmoid(-(last - place + 1) / (last - first + 1)) / _sigmoid(-1.0)


def _cost(place: int, windows: Sequence[tuple[int, int]]) -> float:
    before = [span for span in windows if span[1] < place]
    if not before:
        return 1.0
    first, last = before[-1]
    return -_sigmoid((place - last) / max(last - first, 1))


def _sigmoid(position: float) -> float:
    """From nearly 1 far before a window's end, through 0 at its end, to -1 far behind it."""
    if position > _FAR:
        return -1.0
    return 2 / (1 + math.exp(_STEEPNESS * position)) - 1

"""Event F1: how many labelled events a detector hits, and how many it invents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Runs = NDArray[np.intp]

# Source: the rules of the event suites: a hit lies within 3 points, alerts within 3 points are one.
TOLERANCE = 3
_SKIPPED = 0.1
"""The leading share of points that is neither scored nor counted."""


@dataclass(frozen=True, kw_only=True)
class EventCounts:
    """Labelled events that were hit or missed, and alerts that hit none."""

    hit: int
    missed: int
    false: int

    @property
    def f1(self) -> float:
        """Twice the hits over twice the hits, the misses and the false events; 1.0 where there is none of any."""
        whole = 2 * self.hit + self.missed + self.false
        return 2 * self.hit / whole if whole else 1.0

    def __add__(self, other: "EventCounts") -> "EventCounts":
        return EventCounts(hit=self.hit + other.hit, missed=self.missed + other.missed, false=self.false + other.false)


def count_events(labels: Sequence[bool] | Flags, alerts: Sequence[bool] | Flags) -> EventCounts:
    """Compare alerts with labels point by point and count events.

    Args:
        labels: Whether each point is labelled anomalous, length n.
        alerts: Whether each point was alerted on, length n.

    Returns:
        A labelled run of points is hit by an alert within 3 points of it; alerts at most 3 points apart
        are one event, which is false when it comes within 3 points of no labelled run.

    """
    first = int(_SKIPPED * len(labels))
    events = runs(np.asarray(labels[first:], dtype=np.bool_), apart=1)
    alerted = runs(np.asarray(alerts[first:], dtype=np.bool_), apart=TOLERANCE)
    near = (alerted[None, :, 0] <= events[:, None, 1] + TOLERANCE) & (
        alerted[None, :, 1] >= events[:, None, 0] - TOLERANCE
    )
    hit = int(near.any(axis=1).sum())
    return EventCounts(hit=hit, missed=len(events) - hit, false=int((~near.any(axis=0)).sum()))


def total(counts: Iterable[EventCounts]) -> EventCounts:
    """The counts of several series as one."""
    return sum(counts, EventCounts(hit=0, missed=0, false=0))


def runs(flags: Flags, *, apart: int) -> Runs:
    """First and last position of each run of flags; flags at most `apart` positions apart share a run."""
    places = np.flatnonzero(flags)
    if not places.size:
        return np.empty((0, 2), dtype=np.intp)
    breaks = np.flatnonzero(np.diff(places) > apart)
    first = places[np.concatenate([[0], breaks + 1])]
    last = places[np.concatenate([breaks, [places.size - 1]])]
    return np.stack([first, last], axis=1)

"""A whole board decided slot by slot, as the watch would have decided it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rootline.analysis.detection.board import Board
from rootline.analysis.detection.features import features_at
from rootline.analysis.detection.gating import Decision, Exempt, Ongoing, decide
from rootline.analysis.detection.limits import Limits
from rootline.analysis.detection.policy import Policy
from rootline.analysis.detection.signals import place_of, signal_of
from rootline.analysis.detection.survey import Reading, survey
from rootline.analysis.metrics.robust import Mask

_CLEANINGS = 3
_FEWEST = 0.5
"""Source: ours; at least this share of the slots stays to learn from."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Replayed:
    """What a replay came to: its decisions in order of time, the slots it calls usual, and what it remembers."""

    decisions: tuple[Decision, ...]
    usual: Mask
    remembered: Ongoing


def replay(board: Board, policy: Policy, *, exempt: Sequence[Exempt] = ()) -> Replayed:
    """Decide every slot of a board that is its own history.

    What is an incident is not learned as normal: slots with a candidate are left out, with their neighbours, and
    the board is read again, three times at most. Where more than half would be left out, nothing further is. The
    decisions are those of the last reading, which trusts what is left with a longer tail.
    """
    usual: Mask = np.ones(board.times.size, dtype=bool)
    for _ in range(_CLEANINGS):
        done = _decided(board, policy, usual, exempt, policy.first_tail)
        fewer = usual_without(board, done.decisions, policy.hold)
        if np.array_equal(fewer, usual) or fewer.mean() < _FEWEST:
            break
        usual = fewer
    return _decided(board, policy, usual, exempt, policy.tail)


def usual_without(board: Board, decisions: Sequence[Decision], hold: int) -> Mask:
    """Return the slots without a candidate within `hold` slots before it or right after it."""
    usual: Mask = np.ones(board.times.size, dtype=bool)
    for one in decisions:
        slot = int(np.searchsorted(board.times, one.candidate.at))
        usual[max(0, slot - hold + 1) : slot + 2] = False
    return usual


def _decided(board: Board, policy: Policy, usual: Mask, exempt: Sequence[Exempt], tail: float) -> Replayed:
    readings, limits = survey(board, policy, usual, tail), Limits(board=board, policy=policy)
    loud = _loud(board, readings, policy) | limits.worth_a_look()
    remembered, every = Ongoing(), list[Decision]()
    for slot, at in enumerate(board.times.tolist()):
        features = features_at(board, readings, slot, least=policy.agreeing.score) if loud[slot] else []
        features += limits.at(slot) if loud[slot] else []
        decisions, remembered = decide(
            at, features, remembered, policy, exempt=exempt, traffic=traffic_at(board, slot) if features else {}
        )
        every.extend(decisions)
    return Replayed(decisions=tuple(every), usual=usual, remembered=remembered)


def _loud(board: Board, readings: Sequence[Reading], policy: Policy) -> Mask:
    loud: Mask = np.zeros(board.times.size, dtype=bool)
    for reading in readings:
        loud |= (np.abs(reading.held) >= policy.agreeing.score).any(axis=0)
    return loud


def traffic_at(board: Board, slot: int) -> Mapping[str, float]:
    """Return the most requests a second that each service counts of itself at a slot, where it counts any."""
    found: dict[str, float] = {}
    for row, one in enumerate(board.series):
        value = float(board.values[row, slot])
        if signal_of(one.metric).view == "rate" and one.unit == "1/s" and np.isfinite(value):
            service = place_of(one)
            found[service] = max(value, found.get(service, 0.0))
    return found

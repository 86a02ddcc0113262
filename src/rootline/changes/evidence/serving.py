"""Evidence from what went well while a change ran already: what breaks each call breaks the first one."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta

from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.evidence.ageing import nothing_newer_since
from rootline.changes.evidence.order_in_time import relevant_effect
from rootline.changes.mechanisms.growth import GROWING, GROWS_ON_THE_WAY
from rootline.changes.mechanisms.matching import Match
from rootline.changes.symptom import Served, Symptom
from rootline.changes.timing import TookEffect
from rootline.changes.verdict import Component

SETTLES = timedelta(seconds=3)
"""Source: ours; the process before it ends its last requests, and the new one is spared the first."""
BY_AND_BY = frozenset(
    [
        "memory",
        "pool",
        "handles",
        "disk",
        "queue",
        "cache",
        "lock",
        "clock",
        "schedule",
        "replica",
        "leader",
        "ratelimit",
    ]
)
FEWEST = 5
"""Source: ours; so many calls that went well tell that a switch is what they had before them."""
PATIENT, ABOVE_ALL, MOST, LEAST = 0.25, 0.8, 0.9, 0.05
"""Source: ours; what is used up, fills or expires breaks nothing at first."""


def served_well(candidate: Candidate, symptom: Symptom, matched: Sequence[Match]) -> list[Component]:
    """That calls of what fails now went well after a commit had begun to run, or a flag was switched."""
    effect, served = relevant_effect(candidate, symptom), symptom.served
    if effect is None or served is None or candidate.kind == "config":
        return []
    well = _went_well(served, effect.service, since=effect.at + SETTLES)
    if not well and candidate.kind == "flag":
        return _none_since(served, effect, symptom)
    doubt = 1.0 - (1.0 - min(served.share, MOST)) ** well
    if not well or doubt < LEAST:
        return []
    is_slow = any(_takes_time(one) for one in matched) or bool(nothing_newer_since(candidate, symptom))
    weight = weights.SERVED_WELL * doubt * (PATIENT if is_slow else 1.0)
    since = "its switch" if candidate.kind == "flag" else "its beginning to run"
    calls = "1 call" if well == 1 else f"{well} calls"
    reason = f"{calls} of {served.operation[:80]} went well between {since} and the first that failed"
    return [Component(name="served well", contribution=weight, reason=reason)]


def _none_since(served: Served, effect: TookEffect, symptom: Symptom) -> list[Component]:
    """That of a service's calls many went well before a switch of its own, and none between that and the failures."""
    before = _went_well(served, effect.service)
    if before < FEWEST or not symptom.is_of(effect.service):
        return []
    weight = weights.NONE_WELL * (1.0 - (1.0 - min(served.share, MOST)) ** before)
    reason = (
        f"{before} calls of {served.operation[:80]} went well before its switch, and none until the first that failed"
    )
    return [Component(name="served well", contribution=weight, reason=reason)]


def _went_well(served: Served, service: str, since: datetime | None = None) -> int:
    """How many calls went well, or did since a moment: of a service that some of them go through, those that did."""
    first = bisect_left(served.well, since.timestamp()) if since is not None else 0
    takes_part = any(service in one for one in served.through)
    if not takes_part:
        return len(served.well) - first
    return sum(service in one for one in served.through[first:])


def _takes_time(match: Match) -> bool:
    """Whether a mechanism that could do it is above all one that uses something up, grows, or waits for a time to come.

    What grows without an end breaks whatever is the first to find it too large.
    """
    if match.mechanism.name in {GROWING, GROWS_ON_THE_WAY}:
        return True
    by_and_by = max((weight for family, weight in match.mechanism.families.items() if family in BY_AND_BY), default=0.0)
    return match.weight >= weights.ABLE and by_and_by >= ABOVE_ALL

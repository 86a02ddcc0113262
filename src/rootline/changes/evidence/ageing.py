"""Evidence from what errors call too old: all of it dates from the moment at which a change began to run."""

from datetime import timedelta
from math import exp

from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import Component
from rootline.domain.window import rfc3339

NAME = "nothing newer since"
NEAR, FADES = timedelta(seconds=4), timedelta(seconds=2)
"""Source: ours; a process answers a moment before its deployment is written down, and ages are told in seconds."""


def nothing_newer_since(candidate: Candidate, symptom: Symptom) -> list[Component]:
    """That what is too old now was made when the change began to run: it has been made anew no more since then."""
    moment = symptom.dates_from
    if moment is None:
        return []
    gap = min((abs(one.at - moment) for one in candidate.effects if not one.rode_along), default=NEAR)
    if gap >= NEAR:
        return []
    reason = f"what the errors call too old dates from {rfc3339(moment)}, when it began to run"
    return [Component(name=NAME, contribution=weights.NOTHING_NEWER * exp(-gap / FADES), reason=reason)]

"""Evidence from a service that kept something for others, and had nothing of it left when a change began to run."""

from datetime import timedelta

from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.paths.ownership import is_same_service
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import Component

NAME = "kept nothing since"
BEFORE, AFTER = timedelta(seconds=2), timedelta(seconds=8)
"""Source: ours; a deployment is written down about when its first request is answered, and scrapes come later."""


def kept_nothing_since(candidate: Candidate, symptom: Symptom) -> list[Component]:
    """That what a service keeps for those who are in trouble was gone when its own deployment began to run."""
    involved = {symptom.service, *symptom.near}
    direct = [one for one in candidate.effects if not one.rode_along and one.service in involved]
    for lost in symptom.emptied:
        for one in direct:
            is_then = one.at - BEFORE <= lost.at <= one.at + AFTER
            if is_then and is_same_service(one.service, lost.service, symptom.clusters):
                return [Component(name=NAME, contribution=weights.EMPTIED, reason=f"{lost.told} when it began to run")]
    return []

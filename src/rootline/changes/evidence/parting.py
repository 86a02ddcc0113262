"""Evidence from versions: calls that went through a change's deployment go wrong, the same calls before it did not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.paths.ownership import is_same_service
from rootline.changes.symptom import Parted, Symptom
from rootline.changes.verdict import Component
from rootline.domain.change import Deployment

NAME = "parts good from bad"
SOON = timedelta(minutes=2)
"""Source: ours; a deployment is recorded about when its first request is answered, a little before or after it."""


@dataclass(frozen=True)
class Parting:
    """For each deployment, by its service and its moment: the new version that it brought and that parts the calls."""

    found: Mapping[tuple[str, datetime], Parted]

    @classmethod
    def among(cls, deployments: Sequence[Deployment], symptom: Symptom) -> "Parting":
        """Find the deployment of each version: by its name, else the nearest in time of the same service."""
        pairs = ((_brought(one, deployments, symptom), one) for one in symptom.parted)
        return cls({(by.service, by.at): one for by, one in pairs if by is not None})


def parts(candidate: Candidate, known: Parting) -> list[Component]:
    """That a change came with the version through which calls go wrong; less of each where several part them alike."""
    found = [(effect, known.found.get((effect.service, effect.at))) for effect in candidate.effects]
    effect, one = next(((effect, one) for effect, one in found if one is not None), (None, None))
    if effect is None or one is None:
        return []
    weight = weights.PARTS - log(len(known.found))
    return [
        Component(name=NAME, contribution=weight * (weights.RODE_ALONG if effect.rode_along else 1.0), reason=one.told)
    ]


def _brought(one: Parted, deployments: Sequence[Deployment], symptom: Symptom) -> Deployment | None:
    own = [each for each in deployments if is_same_service(each.service, one.service, symptom.clusters)]
    near = [each for each in own if abs(each.at - one.since) <= SOON]
    named = [each for each in near if _is_called(one.version, each)]
    return min(named or near, key=lambda each: abs(each.at - one.since), default=None)


def _is_called(version: str, deployment: Deployment) -> bool:
    return version in {deployment.version, deployment.version.rpartition("/")[2], deployment.commit}

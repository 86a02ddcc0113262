"""Evidence from versions: calls that went through a change's deployment go wrong, the same calls before it did not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log

from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.evidence.order_in_time import late_by
from rootline.changes.paths.ownership import is_same_service
from rootline.changes.symptom import Parted, Symptom
from rootline.changes.verdict import Component
from rootline.domain.change import Deployment

NAME = "parts good from bad"
TEMPERED = 0.4
"""Source: ours; calls of one moment fare alike, so that their likelihoods count for less than so many apart."""
SOON = timedelta(minutes=2)
"""Source: ours; a deployment is recorded about when its first request is answered, a little before or after it."""


@dataclass(frozen=True)
class Parting:
    """For each deployment, by its service and its moment: the new version that it brought and that parts the calls.

    Or, in `late`, the one before which the same calls failed already.
    """

    found: Mapping[tuple[str, datetime], Parted]
    late: Mapping[tuple[str, datetime], Parted]

    @classmethod
    def among(cls, deployments: Sequence[Deployment], symptom: Symptom) -> "Parting":
        """Find the deployment of each version: by its name, else the nearest in time of the same service."""
        return cls(
            _by_deployment(symptom.parted, deployments, symptom), _by_deployment(symptom.preceded, deployments, symptom)
        )


def _by_deployment(
    told: Sequence[Parted], deployments: Sequence[Deployment], symptom: Symptom
) -> dict[tuple[str, datetime], Parted]:
    pairs = ((_brought(one, deployments, symptom), one) for one in told)
    return {(by.service, by.at): one for by, one in pairs if by is not None}


def came_too_late(candidate: Candidate, known: Parting) -> list[Component]:
    """That calls failed already, as they do now, before any version ran that a change came with."""
    found = [known.late.get((effect.service, effect.at)) for effect in candidate.effects]
    late = [one for one in found if one is not None]
    if not late or len(late) < len(found):
        return []
    one = min(late, key=lambda one: one.earlier)
    weight = -min(one.earlier, weights.MOST_EARLIER)
    return [Component(name="failed before it", contribution=weight, reason=one.told)]


def parts(candidate: Candidate, known: Parting, symptom: Symptom) -> list[Component]:
    """That a change came with the version through which calls go wrong; less where others part them as well.

    Less, too, where the log, which tells of all calls, had an error of this kind before it: traces tell of some.
    """
    found = [(effect, known.found.get((effect.service, effect.at))) for effect in candidate.effects]
    effect, one = next(((effect, one) for effect, one in found if one is not None), (None, None))
    if effect is None or one is None:
        return []
    weight = weights.PARTS + TEMPERED * one.gain - log(sum(exp(TEMPERED * each.gain) for each in known.found.values()))
    weight *= 1 - weights.LOGGED_BEFORE * late_by(effect.at, symptom.failing_at)
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

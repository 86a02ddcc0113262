"""Evidence from services that are gone since their own deployment: whatever is wrong with them, they do not start."""

from rootline.analysis.metrics.units import is_up
from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.evidence.everywhere import NAME as EVERYWHERE
from rootline.changes.evidence.order_in_time import JUST, relevant_effect
from rootline.changes.symptom import Symptom
from rootline.changes.timing import after
from rootline.changes.verdict import Component

NAME = "down since"
SEVERAL = 2


def down_since(candidate: Candidate, symptom: Symptom) -> list[Component]:
    """That the service which cannot be reached any more was deployed with the change at most ten minutes before.

    Where several are gone, it counts for the share of them that run it; a change that just those run counts for more,
    also where it only rode along: a library that all of them were built with anew.
    """
    gone = _gone(symptom)
    runs = frozenset(one.service for one in candidate.effects)
    together = _wherever(candidate, gone, runs)
    effect = relevant_effect(candidate, symptom)
    if effect is None or symptom.onset is None or effect.service not in gone or (effect.rode_along and not together):
        return together
    if after(effect.at, symptom.onset, symptom.tolerance) or symptom.onset - effect.at > JUST:
        return together
    reason = f"{effect.service[:120]} cannot be reached since it began to run"
    weight = weights.DOWN_SINCE * len(gone & runs) / len(gone)
    return [Component(name=NAME, contribution=weight, reason=reason), *together]


def is_down(symptom: Symptom, service: str) -> bool:
    """Whether it was measured that a service could be reached, and cannot any more."""
    return service in _gone(symptom)


def _gone(symptom: Symptom) -> frozenset[str]:
    pairs = (name.rpartition(" of ") for name in symptom.falling)
    return frozenset(of for metric, _, of in pairs if is_up(metric))


def _wherever(candidate: Candidate, gone: frozenset[str], runs: frozenset[str]) -> list[Component]:
    """That all who run a commit are gone, and none who do not; of several services."""
    if candidate.commit is None or len(gone) < SEVERAL or gone != runs:
        return []
    reason = f"{', '.join(sorted(gone))[:200]} run it, and just those cannot be reached"
    return [Component(name=EVERYWHERE, contribution=weights.EVERYWHERE, reason=reason)]

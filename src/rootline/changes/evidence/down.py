"""Evidence from a service that is gone since its own deployment: whatever is wrong with it, it does not start."""

from rootline.analysis.metrics.units import is_up
from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.evidence.order_in_time import JUST, relevant_effect
from rootline.changes.symptom import Symptom
from rootline.changes.timing import after
from rootline.changes.verdict import Component

NAME = "down since"


def down_since(candidate: Candidate, symptom: Symptom) -> list[Component]:
    """That the service which cannot be reached any more was deployed with the change at most ten minutes before."""
    effect = relevant_effect(candidate, symptom)
    if effect is None or effect.rode_along or symptom.onset is None or not is_down(symptom, effect.service):
        return []
    if after(effect.at, symptom.onset, symptom.tolerance) or symptom.onset - effect.at > JUST:
        return []
    reason = f"{effect.service[:120]} cannot be reached since it began to run"
    return [Component(name=NAME, contribution=weights.DOWN_SINCE, reason=reason)]


def is_down(symptom: Symptom, service: str) -> bool:
    """Whether it was measured that a service could be reached, and cannot any more."""
    pairs = (name.rpartition(" of ") for name in symptom.falling)
    return any(is_up(metric) and of == service for metric, _, of in pairs)

"""Evidence from one and the same error in several services: what they share, and only they run, is at fault."""

from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.paths.ownership import is_same_service
from rootline.changes.symptom import Alike, Symptom
from rootline.changes.verdict import Component

NAME = "wherever it runs"
MOST = 8


def wherever_it_runs(candidate: Candidate, symptom: Symptom) -> list[Component]:
    """That every service which newly raises the same error, of two at least, had begun to run the change before."""
    shared = next((one for one in symptom.alike[:MOST] if _runs_in_all(candidate, one, symptom)), None)
    if shared is None or candidate.commit is None:
        return []
    names = ", ".join(name for name, _ in shared.where[:MOST])
    reason = f"{names} all raise the same error since they run it: {shared.error[:120]}"
    return [Component(name=NAME, contribution=weights.EVERYWHERE, reason=reason)]


def _runs_in_all(candidate: Candidate, alike: Alike, symptom: Symptom) -> bool:
    return all(
        any(is_same_service(one.service, name, symptom.clusters) and one.at <= first for one in candidate.effects)
        for name, first in alike.where
    )

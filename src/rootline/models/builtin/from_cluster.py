"""Explanations by what a cluster's own state shows."""

from rootline.domain.fact import ConditionFact, LineProof, TextFact
from rootline.domain.hypothesis import HypothesisType, Remediation
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.candidate import Candidate
from rootline.models.builtin.spots import Shelf, Spot

MOST = 5
_TYPES: dict[str, HypothesisType] = {
    "scheduling": "infrastructure",
    "startup": "config",
    "runtime": "config",
    "service": "network",
    "admission": "capacity",
    "infrastructure": "infrastructure",
    "performance": "capacity",
}
_FIXES: dict[str, Remediation] = {
    "scheduling": "config-revert",
    "startup": "config-revert",
    "runtime": "config-revert",
    "service": "config-revert",
    "admission": "scale",
    "infrastructure": "reschedule",
    "performance": "scale",
}


def from_cluster(shelf: Shelf) -> list[Candidate]:
    """Return the faults found in cluster state, likeliest first."""
    texts = {spot.fact.asked: spot for spot in shelf.of(TextFact)}
    found = sorted(shelf.of(ConditionFact), key=lambda spot: -spot.fact.probability)
    return [_candidate(spot.fact, texts) for spot in found[:MOST]]


def _candidate(fact: ConditionFact, texts: dict[str, Spot[TextFact]]) -> Candidate:
    return Candidate(
        type=_TYPES.get(fact.family, "infrastructure"),
        subject=fact.subject,
        cause=fact.cause,
        remediation=_FIXES.get(fact.family, ""),
        probability=fact.probability,
        support=_quotes(fact.support, texts),
        against=_quotes(fact.against, texts),
        why_not="" if fact.still_present else "the state read last no longer shows it",
    )


def _quotes(proofs: list[LineProof], texts: dict[str, Spot[TextFact]]) -> tuple[StatedClaim, ...]:
    known = [proof for proof in proofs if proof.asked in texts]
    return tuple(texts[proof.asked].says("contains", line=proof.line, value=proof.quote[:300]) for proof in known)

"""Explanations by what a cluster's own state shows."""

from collections.abc import Iterator

from rootline.analysis.joining.combining import log_share
from rootline.domain.fact import ConditionFact, LineProof, ScoreComponent, TextFact
from rootline.domain.hypothesis import HypothesisType, Remediation
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.candidate import Candidate, bare, part
from rootline.models.builtin.claims import complained, lines_about, movements, quoted_error
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Spot

MOST = 5
ENOUGH = 4
SHOWN = 2.5
"""Source: own choice, in logits: a fault that the state itself shows leaves a thirteenth to what was not read."""

OVER = -2.0
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


def from_cluster(seen: Seen) -> list[Candidate]:
    """Return the faults found in cluster state, likeliest first."""
    texts = {spot.fact.asked: spot for spot in seen.shelf.of(TextFact)}
    return [_candidate(spot.fact, texts, seen) for spot in seen.conditions[:MOST]]


def _candidate(fact: ConditionFact, texts: dict[str, Spot[TextFact]], seen: Seen) -> Candidate:
    return Candidate(
        type=_TYPES.get(fact.family, "infrastructure"),
        subject=fact.subject,
        cause=fact.cause,
        remediation=_FIXES.get(fact.family, ""),
        parts=tuple(_parts(fact)),
        support=_support(fact, texts, seen),
        against=_quotes(fact.against, texts),
    )


def _parts(fact: ConditionFact) -> Iterator[ScoreComponent]:
    yield part("cluster state", SHOWN, fact.mechanism)
    shared = "other faults that the state shows, and those that no rule knows, share the probability"
    yield part("beside other faults", log_share(fact.probability), shared)
    if not fact.still_present:
        yield part("over", OVER, "the state read last no longer shows it")


def _support(fact: ConditionFact, texts: dict[str, Spot[TextFact]], seen: Seen) -> tuple[StatedClaim, ...]:
    """The lines that prove the fault, then further lines that name the object, then numbers and logs of it."""
    name = bare(fact.subject)
    proofs = _quotes(fact.support, texts)
    agreeing = (*complained(seen), *list(movements(seen, name))[:1], *quoted_error(seen, name))
    found = list(dict.fromkeys([*proofs, *agreeing]))
    for claim in lines_about(seen, name, found):
        if len(found) >= ENOUGH:
            break
        found.append(claim)
    return tuple(found)


def _quotes(proofs: list[LineProof], texts: dict[str, Spot[TextFact]]) -> tuple[StatedClaim, ...]:
    known = [proof for proof in proofs if proof.asked in texts]
    return tuple(texts[proof.asked].says("contains", line=proof.line, value=proof.quote[:300]) for proof in known)

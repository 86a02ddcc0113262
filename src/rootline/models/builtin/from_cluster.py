"""Explanations by what a cluster's own state shows."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from rootline.analysis.joining.combining import log_share
from rootline.analysis.logs.trouble import troubles_in, troubles_of
from rootline.domain.fact import AlertFact, ConditionFact, LineProof, LogFact, ScoreComponent, TextFact
from rootline.domain.hypothesis import HypothesisType, Remediation
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.candidate import BOOKKEEPING, Candidate, part
from rootline.models.builtin.claims import complained, lines_about, movements, quoted_error
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Spot
from rootline.models.builtin.told_changes import told_changes

MOST = 5
ENOUGH = 4
_LONGEST_QUOTE = 300
_MOST_EVENTS, _MOST_WARNINGS = 400, 3
SHOWN = 2.5
"""Source: own choice, in logits: a fault that the state itself shows leaves a thirteenth to what was not read."""

OVER = -2.0
_POWER = 4.0
"""The ranking of cluster faults shares by the fourth power of their strength."""

_TYPES: dict[str, HypothesisType] = {
    "scheduling": "infrastructure",
    "startup": "config",
    "runtime": "config",
    "service": "network",
    "admission": "capacity",
    "infrastructure": "infrastructure",
    "performance": "capacity",
}
_OTHER_TYPES: dict[str, HypothesisType] = {
    "node_disk_pressure": "capacity",
    "node_memory_pressure": "capacity",
    "node_pressure": "capacity",
    "memory_limit_reached": "capacity",
    "cpu_request_fits_no_node": "capacity",
    "memory_request_fits_no_node": "capacity",
    "affinity_matches_no_node": "config",
    "selector_matches_no_node": "config",
    "anti_affinity_leaves_no_node": "config",
    "taint_not_tolerated": "config",
    "service_account_missing": "config",
    "volume_not_mounted": "infrastructure",
    "volume_in_another_zone": "infrastructure",
    "image_pull_rate_limited": "dependency",
    "registry_unreachable": "dependency",
}
"""Causes whose kind is another than that of their family."""

_ONLY_IF_FELT = {"autoscaler_at_maximum"}
"""What is no trouble by itself: an autoscaler may stand at its maximum and serve everyone."""

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


def _cause(fact: ConditionFact, seen: Seen) -> str:
    """The cause as the state names it; of a node that is down, that the provider took it back, where a line says so."""
    name = fact.subject.partition("/")[2]
    if fact.cause != "kubelet_down" or not name:
        return fact.cause
    taken = seen.shelf.of(LogFact, lambda one: name in one.exemplar[:600] and "reclaimed" in troubles_of(one.exemplar))
    return "node_reclaimed" if taken else fact.cause


def _candidate(fact: ConditionFact, texts: dict[str, Spot[TextFact]], seen: Seen) -> Candidate:
    return Candidate(
        basis="cluster",
        type=_type(fact, seen),
        subject=fact.subject,
        cause=_cause(fact, seen),
        remediation=_FIXES.get(fact.family, ""),
        parts=tuple(_parts(fact, seen)),
        support=_support(fact, texts, seen),
        against=_quotes(fact.against, texts),
    )


def _type(fact: ConditionFact, seen: Seen) -> HypothesisType:
    """The kind of a cause; a crash is a defect of the code where what the service logs says so."""
    if fact.cause == "container_crashes":
        own = [spot for spot in seen.errors if spot.fact.subject == seen.service(fact.subject)]
        said = troubles_in(spot.fact.exemplar for spot in own)
        return "release" if "code" in said and not said & {"configuration", "credentials"} else "config"
    return _OTHER_TYPES.get(fact.cause, _TYPES.get(fact.family, "infrastructure"))


def _is_felt(seen: Seen) -> bool:
    """Whether someone suffers: an error is new, or an alert that is urgent still fires."""
    urgent = seen.shelf.of(AlertFact, lambda one: one.resolved_at is None and one.severity in {"critical", "high"})
    return bool(seen.errors or urgent)


def _parts(fact: ConditionFact, seen: Seen) -> Iterator[ScoreComponent]:
    strength = _POWER * log_share(fact.score)
    yield part("cluster state", SHOWN + strength, fact.mechanism)
    shared = "other faults that the state shows, and those that no rule knows, share the probability"
    yield part(f"{BOOKKEEPING} other faults", log_share(fact.probability) - strength, shared)
    if not fact.still_present:
        yield part("over", OVER, "the state read last no longer shows it")
    if fact.cause in _ONLY_IF_FELT and not _is_felt(seen):
        yield part("nobody suffers", OVER, "no error is new and nothing urgent fires")


def _support(fact: ConditionFact, texts: dict[str, Spot[TextFact]], seen: Seen) -> tuple[StatedClaim, ...]:
    """The lines that prove the fault, then further lines that name the object, then numbers and logs of it."""
    name = seen.service(fact.subject)
    proofs = _quotes(fact.support, texts)
    agreeing = (*complained(seen), *list(movements(seen, name))[:1], *quoted_error(seen, name, most=2))
    told = told_changes(seen, name)[:1]
    found = list(dict.fromkeys([*proofs, *agreeing, *told, *warnings(seen, seen.places.inside(name), proofs)]))
    names = dict.fromkeys([name, *(seen.service(proof.subject) for proof in fact.support)])
    further = (claim for one in names for claim in lines_about(seen, one, found))
    return (*found, *islice(further, max(ENOUGH - len(found), 0)))


def warnings(seen: Seen, name: str, said: Sequence[StatedClaim]) -> Iterator[StatedClaim]:
    """Quote warnings about an object and its pods that were not quoted yet, each reason and wording once."""
    quoted = {(claim.evidence, claim.fact, claim.line) for claim in said}
    for spot in seen.shelf.of(TextFact, lambda fact: fact.asked.startswith("get events")):
        told = {_wording(spot.fact.lines[at]) for _, _, at in quoted if at is not None and at < len(spot.fact.lines)}
        for at, text in enumerate(spot.fact.lines[:_MOST_EVENTS]):
            words = _wording(text)
            if name and f"/{name}" in text[:_LONGEST_QUOTE] and " Warning " in text and words not in told:
                told.add(words)
                if len(told) <= _MOST_WARNINGS + len(said):
                    yield spot.says("contains", line=at)


def _wording(text: str) -> str:
    """An event without its age and the pod it happened to."""
    return re.sub(r"^\S+\s+|\b(?:pod|node)/\S+|\d+", "", text[:_LONGEST_QUOTE])


def _quotes(proofs: list[LineProof], texts: dict[str, Spot[TextFact]]) -> tuple[StatedClaim, ...]:
    known = [proof for proof in proofs if proof.asked in texts]
    return tuple(texts[proof.asked].says("contains", line=proof.line, value=_whole(proof.quote)) for proof in known)


def _whole(quote: str) -> str | None:
    """The quote, or None, which quotes the whole line, where it is too long to be repeated."""
    return quote if len(quote) <= _LONGEST_QUOTE else None

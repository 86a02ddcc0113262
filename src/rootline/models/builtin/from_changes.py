"""Explanations by what people changed."""

import re
from collections.abc import Callable, Iterator

from rootline.analysis.joining.combining import log_share
from rootline.changes.evidence.ageing import NAME as AGEING
from rootline.changes.evidence.down import NAME as DOWN
from rootline.changes.evidence.emptying import NAME as EMPTIED
from rootline.changes.evidence.everywhere import NAME as EVERYWHERE
from rootline.changes.evidence.parting import NAME as PARTS
from rootline.changes.evidence.saying import NAME as SAYS
from rootline.changes.evidence.stack import NAME as STACK
from rootline.changes.evidence.stack import WROTE
from rootline.domain.fact import ChangeFact, Fact, OperationFact, ScoreComponent
from rootline.domain.hypothesis import HypothesisType, Remediation
from rootline.domain.levels import may_be_earlier, start_fault
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.candidate import BOOKKEEPING, Candidate, part
from rootline.models.builtin.claims import (
    complained,
    diverse,
    edge_to,
    healthy,
    movements,
    quoted_error,
    root_error,
    started,
    too_late,
)
from rootline.models.builtin.seen import Seen, spot_of
from rootline.models.builtin.spots import Spot
from rootline.models.builtin.symptoms import complaint
from rootline.models.builtin.user_words import capped

MOST = 4
KNOWN = 3.0
"""Source: own choice, in logits: of twenty explanations by a recorded change that the ranking of changes is sure of,
nineteen leave nothing to a cause that was not read of."""

_WORTH = 0.02
_CLEAR = 1.4
"""Source: ours, in logits; what a mechanism adds that fits errors of no known kind as well as any can."""
_SHOWN, _GONE = "what_it_does_to_the_calls_through_it", "it_cannot_be_reached"
_EMPTIED = "it_kept_nothing_of_what_it_held"
_ALIKE = "what_all_who_run_it_fail_over"
_OLD = "what_it_no_longer_makes_anew"
_PLACED = "when and where it took effect"
_SAID = "it_answers_with_the_error_that_is_seen"
_RAISED = "it_fails_in_a_line_of_this_change"
_MECHANISM = "mechanism"
_TYPES: dict[str, HypothesisType] = {"flag": "flag", "config": "config", "status": "external"}
_CONFIG_FILE = re.compile(
    r"(?i)(\.(ya?ml|toml|ini|env|properties|conf|json|tf)|go\.(mod|sum)|lock|requirements[^/]*\.txt)$"
)
_OTHERWISE: tuple[tuple[str, Callable[[ScoreComponent], bool]], ...] = (
    (_GONE, lambda one: one.name == DOWN),
    (_OLD, lambda one: one.name == AGEING),
    (_EMPTIED, lambda one: one.name == EMPTIED),
    (_ALIKE, lambda one: one.name == EVERYWHERE),
    (_SAID, lambda one: one.name == SAYS),
    (_RAISED, lambda one: one.name == STACK and one.reason == WROTE),
    (_SHOWN, lambda one: one.name == PARTS),
)
"""What shows that a change does harm where no mechanism does, the most telling first."""


def from_changes(seen: Seen) -> list[Candidate]:
    """Return the changes that may explain the symptom, likeliest first."""
    changes = seen.shelf.of(ChangeFact, lambda fact: fact.probability >= _WORTH)
    ranked = sorted(changes, key=lambda spot: (-spot.fact.probability, spot.fact.label))[:MOST]
    return [_candidate(spot, seen) for spot in ranked]


def _candidate(spot: Spot[ChangeFact], seen: Seen) -> Candidate:
    fact = spot.fact
    return Candidate(
        basis="change",
        type=_type(fact),
        subject=fact.subject,
        cause=_cause(fact),
        change=fact.label,
        remediation=remediation(fact.remedy),
        parts=(*capped(fact.components, seen), _shared(fact)),
        support=_support(spot, seen),
        against=(*_cited(spot, "against"), *too_late(spot, seen), *_nobody_hurt(fact, seen)),
    )


def _shared(fact: ChangeFact) -> ScoreComponent:
    """What is left of the change's own score beside the other changes and what lies outside of all of them."""
    left = log_share(fact.probability) + KNOWN - sum(one.contribution for one in fact.components)
    return part(
        f"{BOOKKEEPING} the others", left, "other changes and causes outside of all changes share the probability"
    )


def _type(fact: ChangeFact) -> HypothesisType:
    if fact.change in _TYPES:
        return _TYPES[fact.change]
    return "config" if fact.files and all(_CONFIG_FILE.search(name) for name in fact.files) else "release"


def _cause(fact: ChangeFact) -> str:
    """Name the mechanism that is likeliest; where none is clear, what was measured or said of the change's harm."""
    shown = next((cause for cause, shows in _OTHERWISE if any(shows(one) for one in fact.components)), "")
    least = _CLEAR if shown else 0.0
    mechanisms = [one for one in fact.components if one.name.startswith(_MECHANISM) and one.contribution > least]
    best = max(mechanisms, key=lambda one: one.contribution, default=None)
    words = best.name.removeprefix(_MECHANISM) if best else shown or _PLACED
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:120]


def remediation(remedy: str) -> Remediation:
    """Return the remedy, if it is one of those that are known."""
    known: tuple[Remediation, ...] = (
        "rollback", "roll-forward", "config-revert", "scale", "feature-flag-disable", "failover",
        "escalate-upstream", "purge-bad-data", "rotate-cert", "reschedule",
    )  # fmt: skip
    return next((one for one in known if one == remedy), "")


def _support(spot: Spot[ChangeFact], seen: Seen) -> tuple[StatedClaim, ...]:
    """Mechanism and order first, then the symptom, then what agrees independently."""
    service = spot.fact.subject
    lines = _cited(spot, "for")
    decisive = (*_contrast(spot.fact, seen), *lines[:1], *_in_order(spot, seen))
    return tuple(
        dict.fromkeys(
            [
                *decisive,
                *diverse(
                    complained(seen),
                    root_error(seen, service),
                    quoted_error(seen, service),
                    list(movements(seen, service))[:2],
                    started(seen, service),
                    lines[1:],
                    edge_to(seen, service),
                ),
            ]
        )
    )


def _contrast(fact: ChangeFact, seen: Seen) -> list[StatedClaim]:
    """Quote how calls went through the version that the change brought, and how through those before it."""
    told = {one.reason for one in fact.components if one.name == PARTS}
    shown = seen.shelf.of(OperationFact, lambda one: one.version_contrast in told) if told else []
    return [spot.says("equals", field="version_contrast") for spot in shown[:1]]


def _cited(spot: Spot[ChangeFact], speaks: str) -> list[StatedClaim]:
    """Quote the diff lines that count most."""
    parts = sorted(spot.fact.components, key=lambda one: -abs(one.contribution))
    lines = [line.line for one in parts for line in one.lines if line.speaks == speaks]
    inside = [line for line in dict.fromkeys(lines) if 0 <= line < len(spot.fact.diff) and spot.fact.diff[line].strip()]
    return [spot.says("contains", line=line) for line in inside[:2]]


def _in_order(spot: Spot[ChangeFact], seen: Seen) -> Iterator[StatedClaim]:
    """Say that the change took effect, and that it did so before the symptom began."""
    if spot.fact.at is None:
        return
    if spot.fact.at < seen.shelf.evidence[spot.evidence].window.end:
        yield spot.says("changed")
    late = _after(spot, seen)
    if late is not None:
        yield spot.precedes(late)


def _after(spot: Spot[ChangeFact], seen: Seen) -> Spot[Fact] | None:
    at, first = spot.fact.at, complaint(seen.shelf)
    is_later = first is not None and first.fact.onset is not None and at is not None and at < first.fact.onset
    is_told = first is not None and at is not None and not may_be_earlier(first.fact, spot.fact, at)
    if first is not None and is_later and is_told and not start_fault(first.fact):
        return spot_of(first)
    for log in seen.errors:
        if log.fact.first_seen is not None and at is not None and at < log.fact.first_seen:
            return spot_of(log)
    return None


def _nobody_hurt(fact: ChangeFact, seen: Seen) -> list[StatedClaim]:
    """Where the changed service is watched and shows nothing, that it is well."""
    return healthy(seen, fact.subject) if seen.is_quiet(fact.subject) else []

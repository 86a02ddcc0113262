"""Explanations by what people changed, and by what happened although nobody changed anything."""

import re
from collections.abc import Sequence

from rootline.domain.fact import ChangeFact, Fact, RankingFact, ScoreComponent, SeriesFact
from rootline.domain.hypothesis import HypothesisType, Remediation
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.candidate import Candidate
from rootline.models.builtin.spots import Shelf, Spot
from rootline.models.builtin.symptoms import complaint, error_roots, errors, moved, movement, quoted, told

MOST = 4
_WORTH = 0.02
_MECHANISM = "mechanism"
_TYPES: dict[str, HypothesisType] = {"flag": "flag", "config": "config", "status": "external"}
_CONFIG_FILE = re.compile(
    r"(?i)(\.(ya?ml|toml|ini|env|properties|conf|json|tf)|go\.(mod|sum)|lock|requirements[^/]*\.txt)$"
)
_OUTSIDE: tuple[tuple[str, HypothesisType, str], ...] = (
    ("certificate", "certificate", "certificate_expired"),
    ("secret", "certificate", "credential_expired"),
    ("node", "infrastructure", "node_failure"),
    ("poison", "data", "bad_data"),
    ("provider", "external", "provider_outage"),
    ("traffic", "traffic", "traffic_surge"),
    ("demand", "traffic", "traffic_surge"),
    ("clock", "infrastructure", "clock_drift"),
    ("disk", "capacity", "disk_full"),
    ("primary", "database", "primary_lost"),
    ("network", "network", "network_outage"),
    ("name", "network", "name_resolution_failure"),
    ("unrelated", "infrastructure", "shared_infrastructure"),
)


def from_changes(shelf: Shelf) -> list[Candidate]:
    """Return the changes that may explain the symptom, likeliest first, and what else may."""
    ranking = next(iter(shelf.of(RankingFact)), None)
    changes = shelf.of(ChangeFact, lambda fact: fact.probability >= _WORTH)
    ranked = sorted(changes, key=lambda spot: (-spot.fact.probability, spot.fact.label))[:MOST]
    found = [_of_change(spot, shelf) for spot in ranked]
    if ranking is not None:
        found.append(_of_none(ranking, shelf))
    return found


def _of_change(spot: Spot[ChangeFact], shelf: Shelf) -> Candidate:
    fact = spot.fact
    return Candidate(
        type=_type(fact),
        subject=fact.subject,
        cause=_cause(fact),
        change=fact.label,
        remediation=_remediation(fact.remedy),
        probability=fact.probability,
        support=(*_cited(spot, "for"), *_in_order(spot, shelf), *told(shelf, fact.subject)),
        against=tuple(_cited(spot, "against")),
        why_not=_worst(fact.components),
        components=tuple(
            ScoreComponent(name=one.name, contribution=one.contribution, reason=one.reason) for one in fact.components
        ),
    )


def _type(fact: ChangeFact) -> HypothesisType:
    if fact.change in _TYPES:
        return _TYPES[fact.change]
    return "config" if fact.files and all(_CONFIG_FILE.search(name) for name in fact.files) else "release"


def _cause(fact: ChangeFact) -> str:
    mechanisms = [part for part in fact.components if part.name.startswith(_MECHANISM) and part.contribution > 0]
    best = max(mechanisms, key=lambda part: part.contribution, default=None)
    words = best.name.removeprefix(_MECHANISM) if best else f"{fact.change} matches the symptom"
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:120]


def _remediation(remedy: str) -> Remediation:
    known: tuple[Remediation, ...] = (
        "rollback", "roll-forward", "config-revert", "scale", "feature-flag-disable", "failover",
        "escalate-upstream", "purge-bad-data", "rotate-cert", "reschedule",
    )  # fmt: skip
    return next((one for one in known if one == remedy), "")


def _cited(spot: Spot[ChangeFact], speaks: str) -> list[StatedClaim]:
    """Quote the diff lines that count most."""
    parts = sorted(spot.fact.components, key=lambda part: -abs(part.contribution))
    lines = [line.line for part in parts for line in part.lines if line.speaks == speaks]
    inside = [line for line in dict.fromkeys(lines) if 0 <= line < len(spot.fact.diff) and spot.fact.diff[line].strip()]
    return [spot.says("contains", line=line) for line in inside[:2]]


def _in_order(spot: Spot[ChangeFact], shelf: Shelf) -> list[StatedClaim]:
    """Say that the change took effect, and that it did so before the symptom began."""
    if spot.fact.at is None:
        return []
    seen = complaint(shelf)
    late = _after(spot, seen, shelf)
    return [spot.says("changed"), *([spot.precedes(late)] if late is not None else [])]


def _after(spot: Spot[ChangeFact], seen: Spot[SeriesFact] | None, shelf: Shelf) -> Spot[Fact] | None:
    at = spot.fact.at
    if seen is not None and seen.fact.onset is not None and at is not None and at < seen.fact.onset:
        return Spot(evidence=seen.evidence, index=seen.index, fact=seen.fact)
    for log in errors(shelf):
        if log.fact.first_seen is not None and at is not None and at < log.fact.first_seen:
            return Spot(evidence=log.evidence, index=log.index, fact=log.fact)
    return None


def _worst(components: Sequence[ScoreComponent]) -> str:
    against = [part for part in components if part.contribution < 0]
    return "; ".join(part.reason for part in sorted(against, key=lambda part: part.contribution)[:2] if part.reason)


def _of_none(spot: Spot[RankingFact], shelf: Shelf) -> Candidate:
    """Explain the symptom by something that nobody changed."""
    fact = spot.fact
    kind, cause = _outside(fact.none_reasons)
    return Candidate(
        type=kind,
        subject=fact.subject,
        cause=cause,
        remediation=_remediation(fact.remedy),
        probability=fact.none_probability,
        support=(*_statuses(shelf), *told(shelf, fact.subject), *_roots(shelf), *_breadth(shelf, fact.subject)),
        why_not="" if fact.none_reasons else "nothing outside of the changes was seen to fail",
        components=tuple(fact.none_reasons),
    )


def _outside(reasons: Sequence[ScoreComponent]) -> tuple[HypothesisType, str]:
    for reason in reasons:
        for word, kind, cause in _OUTSIDE:
            if reason.name.startswith(word):
                return kind, cause
    return "none", "no_change_explains_it"


def _statuses(shelf: Shelf) -> list[StatedClaim]:
    return [spot.says("changed") for spot in shelf.of(ChangeFact, lambda fact: fact.change == "status")[:1]]


def _roots(shelf: Shelf) -> list[StatedClaim]:
    return [spot.says("equals", field="error") for spot in error_roots(shelf)[:1] if spot.fact.error]


def _breadth(shelf: Shelf, service: str) -> list[StatedClaim]:
    others = [spot for spot in moved(shelf) if spot.fact.service != service]
    return [*(movement(spot) for spot in others[:2]), *(quoted(spot) for spot in errors(shelf)[2:3])]

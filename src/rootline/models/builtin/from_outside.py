"""Explanations by what happened although nobody changed anything: providers, certificates, demand, lost machines."""

import re
from collections.abc import Sequence
from dataclasses import replace
from math import inf

from rootline.analysis.joining.combining import log_share, shares, total
from rootline.analysis.metrics.views import view_of
from rootline.domain.fact import AlertFact, ChangeFact, RankingFact, ScoreComponent, SeriesFact
from rootline.domain.hypothesis import HypothesisType
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.candidate import BOOKKEEPING, Candidate, part
from rootline.models.builtin.claims import complained, diverse, movements, quoted_error, root_error, started
from rootline.models.builtin.from_changes import KNOWN, remediation
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Spot
from rootline.models.builtin.symptoms import moved, moves
from rootline.models.builtin.user_words import capped

_OUTSIDE: tuple[tuple[str, HypothesisType, str], ...] = (
    ("certificate", "certificate", "certificate_expired"),
    ("secret", "certificate", "credential_expired"),
    ("node", "infrastructure", "node_failure"),
    ("poison", "data", "poison_message"),
    ("bad data", "data", "bad_data"),
    ("provider", "external", "provider_outage"),
    ("traffic", "traffic", "traffic_surge"),
    ("demand", "traffic", "traffic_surge"),
    ("clock", "infrastructure", "clock_drift"),
    ("neighbour", "infrastructure", "noisy_neighbour"),
    ("disk", "capacity", "disk_full"),
    ("primary", "database", "primary_lost"),
    ("network", "network", "network_outage"),
    ("name", "network", "name_resolution_failure"),
    ("quota", "capacity", "quota_reached"),
    ("unrelated", "infrastructure", "shared_infrastructure"),
)
_DOUBTED = "words alone"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{3,40}")
_COMMON = frozenset(["calls", "error", "says", "status", "provider", "http", "https", "requests", "timeout", "post"])
_NAMED = 1.0
"""Source: own choice, in logits: a reason under this weight names no cause, it only makes a change less likely."""


def from_outside(seen: Seen, services: Sequence[Candidate]) -> list[Candidate]:
    """Weigh everything that is no change against the ranking of changes; the service candidates alone without one.

    The probability that no change explains the symptom is shared: an outside cause that the evidence names and the
    service at which the symptom shows are one explanation, other services get their part by their own evidence.
    """
    ranking = next(iter(seen.shelf.of(RankingFact)), None)
    if ranking is None:
        return list(services)
    kind, _ = _outside(ranking.fact.none_reasons)
    where = _where(kind, ranking.fact, seen)
    own = _shown_by(services, where, kind, seen)
    others = [one for one in services if one is not own]
    mine = _of_none(ranking, own, seen).with_parts(_doubted(ranking.fact, seen))
    found = [mine, *others]
    portions = shares([one.score for one in found], beside=-inf)
    return [_weighed(one, ranking.fact, portion) for one, portion in zip(found, portions, strict=True)]


def _shown_by(services: Sequence[Candidate], where: str, kind: HypothesisType, seen: Seen) -> Candidate | None:
    """Return the service at which it shows; a cause that is named takes the clearest, of which no more was told."""
    at = next((one for one in services if one.subject == seen.service(where)), None)
    return at if kind == "none" or not services else max(services, key=lambda one: one.score)


def _weighed(one: Candidate, fact: RankingFact, portion: float) -> Candidate:
    """Put a candidate on the scale of the changes: its portion of the probability that no change did it."""
    doubt = total([each for each in one.parts if each.name == _DOUBTED])
    goal = log_share(fact.none_probability) + log_share(portion) + KNOWN
    left = part(
        f"{BOOKKEEPING} the changes", goal - one.score + doubt, "changes and other services share the probability"
    )
    return one.with_parts([left])


def _of_none(spot: Spot[RankingFact], own: Candidate | None, seen: Seen) -> Candidate:
    fact = spot.fact
    kind, cause = _outside(fact.none_reasons)
    subject = _where(kind, fact, seen)
    plain = Candidate(
        type=kind,
        subject=subject,
        cause=cause,
        remediation=remediation(fact.remedy),
        parts=tuple(fact.none_reasons),
        support=_support(subject, seen),
    )
    if own is None:
        return plain
    if kind != "none":
        return plain.with_parts(own.parts)
    return replace(plain, type=own.type, cause=own.cause, parts=(*plain.parts, *own.parts), support=own.support)


def _where(kind: HypothesisType, fact: RankingFact, seen: Seen) -> str:
    """Return the service at which an outside cause shows: whose instrument measured it, or who gave way first."""
    if kind == "traffic":
        return _first_to_give_way(seen) or fact.subject
    told = fact.none_reasons[0].reason if kind != "none" and fact.none_reasons else ""
    if kind == "external" and (caller := _who_asks(told, seen)):
        return caller
    if kind == "certificate":
        return fact.subject
    moved = seen.shelf.of(SeriesFact, lambda one: one.direction != "flat" and f"{one.metric} of {one.service} " in told)
    return moved[0].fact.service if moved else fact.subject


def _who_asks(told: str, seen: Seen) -> str:
    """Return the service whose new errors name the outsider of whom a reason tells, first of those that call it.

    Empty where none does.
    """
    names = {word.lower() for word in _NAME.findall(told.partition(":")[0]) if word.lower() not in _COMMON}
    loud = (spot.fact for spot in seen.errors)
    found = [one.subject for one in loud if names & {word.lower() for word in _NAME.findall(one.template)}]
    known = [one for one in dict.fromkeys(found) if one in seen.graph.services or one == seen.named]
    asking = (one for one in known if names & {seen.places.inside(each).lower() for each in seen.graph.callees(one)})
    return next(asking, next(iter(known), ""))


def _first_to_give_way(seen: Seen) -> str:
    """Return the service whose alert fired first and still does: of all that too much is asked of, the weakest."""
    firing = [spot.fact for spot in seen.shelf.of(AlertFact, lambda fact: fact.resolved_at is None)]
    return min(firing, key=lambda fact: fact.fired_at).subject if firing else ""


def _doubted(fact: RankingFact, seen: Seen) -> list[ScoreComponent]:
    """Take away what reasons outside of all changes weigh that only users' words bear."""
    lost = total(capped(fact.none_reasons, seen)) - total(fact.none_reasons)
    return [part(_DOUBTED, lost, "only text that users can write says so")] if lost < 0 else []


def _outside(reasons: Sequence[ScoreComponent]) -> tuple[HypothesisType, str]:
    for reason in reasons:
        for word, kind, cause in _OUTSIDE:
            if reason.contribution >= _NAMED and reason.name.startswith(word):
                return kind, cause
    return "none", "no_change_explains_it"


def _support(service: str, seen: Seen) -> tuple[StatedClaim, ...]:
    rates = [spot for spot in moved(seen.shelf, service) if view_of(spot.fact.metric) == "rate"]
    statuses = [spot.says("changed") for spot in seen.shelf.of(ChangeFact, _is_status)[:1]]
    words = [spot.says("equals", field="message") for spot in seen.shelf.of(ChangeFact, _is_status)[:1]]
    others = moves(spot for spot in moved(seen.shelf) if spot.fact.service != service)
    roots = [spot.says("equals", field="error") for spot in seen.roots[:1] if spot.fact.error]
    return diverse(
        statuses,
        complained(seen),
        roots or root_error(seen, service),
        quoted_error(seen, service, most=2),
        words,
        moves(rates)[:1],
        list(movements(seen, service))[:2],
        started(seen, service),
        others[:2],
    )


def _is_status(fact: ChangeFact) -> bool:
    return fact.change == "status" and bool(fact.message)

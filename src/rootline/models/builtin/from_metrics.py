"""Explanations by numbers alone, where neither changes nor cluster state are known."""

from collections import defaultdict

from rootline.domain.fact import EdgeFact, SeriesFact
from rootline.models.builtin.candidate import Candidate
from rootline.models.builtin.spots import Shelf, Spot
from rootline.models.builtin.symptoms import errors, moved, movement, quoted

MOST = 5


def from_metrics(shelf: Shelf) -> list[Candidate]:
    """Return the services whose numbers moved most, those nearest to the cause first: a callee before its callers."""
    by_service: dict[str, list[Spot[SeriesFact]]] = defaultdict(list)
    for spot in moved(shelf):
        by_service[spot.fact.service].append(spot)
    callees: dict[str, set[str]] = defaultdict(set)
    for edge in shelf.of(EdgeFact):
        callees[edge.fact.subject].add(edge.fact.callee)
    scores = {name: _score(spots, callees[name] & set(by_service)) for name, spots in by_service.items()}
    total = sum(scores.values())
    ranked = sorted(scores, key=lambda name: (-scores[name], name))[:MOST]
    return [_candidate(name, by_service[name], scores[name] / total, shelf) for name in ranked]


def _score(spots: list[Spot[SeriesFact]], failing_callees: set[str]) -> float:
    """Weigh a service by its movements; one whose callee also fails is more likely a victim."""
    strength = sum(spot.fact.score for spot in spots[:5])
    return strength * (0.4 if failing_callees else 1.0)


def _candidate(name: str, spots: list[Spot[SeriesFact]], share: float, shelf: Shelf) -> Candidate:
    return Candidate(
        type="unknown",
        subject=name,
        cause="first_to_move",
        probability=share * 0.8,
        support=(*(movement(spot) for spot in spots[:3]), *(quoted(spot) for spot in errors(shelf, name)[:1])),
    )

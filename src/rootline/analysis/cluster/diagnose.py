"""From everything that was read to a ranked list of explanations."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from rootline.analysis.cluster.causes import FAMILIES, REMEDIES
from rootline.analysis.cluster.faults import (
    admission,
    consensus,
    database,
    gateway,
    images,
    latency,
    limits,
    nodes,
    probes,
    resolution,
    routing,
    runtime,
    scheduling,
    startup,
    storage,
    unwell,
    wiring,
)
from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.proof import ClusterFinding
from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.cluster.snapshot import Snapshot, read_snapshot

_RULES: tuple[Callable[[Snapshot], Iterator[Candidate]], ...] = (
    nodes.find,
    admission.find,
    scheduling.find,
    storage.find,
    images.find,
    startup.find,
    runtime.find,
    probes.find,
    database.find,
    consensus.find,
    wiring.find,
    resolution.find,
    routing.find,
    gateway.find,
    latency.find,
    limits.find,
    unwell.find,
)
_DOUBT = 0.12
"""Weight of a cause that no rule has seen, against which every score is measured."""


def diagnose(seen: Mapping[ClusterQuery, str], namespace: str, question: str) -> list[ClusterFinding]:
    """Explain what is wrong in a namespace, the likeliest root cause first.

    Args:
        seen: Every read so far with its answer; an empty text is an answer too.
        namespace: The namespace the question is about.
        question: What was asked; it decides only between explanations that are equally strong.

    Returns:
        One finding for each pair of object and cause; the probabilities sum to less than 1.

    """
    return findings(read_snapshot(seen, namespace), question)


def findings(snapshot: Snapshot, question: str) -> list[ClusterFinding]:
    """The ranked explanations of a snapshot."""
    best = _distinct(found for rule in _RULES for found in rule(snapshot))
    ranked = sorted(best, key=lambda c: (-round(c.score, 3), -_asked_for(c, question), _depth(snapshot, c)))
    weights = [c.score**4 for c in ranked]
    total = sum(weights) + _DOUBT
    return [_finding(c, weight / total) for c, weight in zip(ranked, weights, strict=True)]


def _distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    best: dict[tuple[str, str], Candidate] = {}
    for candidate in candidates:
        key = candidate.object, candidate.cause
        if key not in best or best[key].score < candidate.score:
            best[key] = candidate
    return list(best.values())


_HINTS = {
    "performance": ("latency", "slow", "quality"),
    "runtime": ("restart", "crash"),
}


def _asked_for(candidate: Candidate, question: str) -> bool:
    words = _HINTS.get(FAMILIES[candidate.cause], ())
    return any(word in question.lower() for word in words)


def _depth(snapshot: Snapshot, candidate: Candidate) -> int:
    """How many applications the blamed one calls itself: who calls nobody is no victim."""
    app = candidate.object.partition("/")[2]
    return len({call.callee for call in snapshot.calls if call.caller == app})


def _finding(candidate: Candidate, probability: float) -> ClusterFinding:
    return ClusterFinding(
        object=candidate.object,
        cause=candidate.cause,
        family=FAMILIES[candidate.cause],
        score=candidate.score,
        probability=probability,
        mechanism=candidate.mechanism,
        support=tuple(dict.fromkeys(candidate.support)),
        against=tuple(dict.fromkeys(candidate.against)),
        still_present=candidate.still_present,
        remedy=REMEDIES[candidate.cause],
    )

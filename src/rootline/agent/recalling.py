"""What an answer says of the past: incidents that resemble this one, and diffs read for them. Computed, and checked."""

from collections.abc import Iterable, Mapping

from rootline.claims.build import contains_line
from rootline.claims.checker import Checker
from rootline.domain.evidence import Evidence
from rootline.domain.fact import HunkFact, IncidentFact, Standing
from rootline.domain.hypothesis import Answer, Recalled

MOST_INCIDENTS, MOST_DIFFS = 5, 2
_OUTCOMES: Mapping[Standing, str] = {
    "confirmed": "confirmed by people",
    "rejected": "rejected by people",
    "undecided": "people disagree",
    "unjudged": "nobody judged it",
}


def recalled(answer: Answer, evidence: Mapping[str, Evidence]) -> tuple[Recalled, ...]:
    """Return what was found of the past, each once, with a claim that the checker has verified.

    Past incidents come first, in the order they were found; then hunks of earlier changes to what is blamed.
    """
    blamed = {one.subject.rsplit("/", 1)[-1] for one in answer.hypotheses}
    checker = Checker(evidence)
    places = [(one, at) for one in evidence.values() for at in range(len(one.reading.facts))]
    incidents = (_incident(*place, checker) for place in places)
    diffs = (_diff(*place, checker, blamed) for place in places)
    return (*_once(incidents)[:MOST_INCIDENTS], *_once(diffs)[:MOST_DIFFS])


def _incident(evidence: Evidence, index: int, checker: Checker) -> Recalled | None:
    fact = evidence.reading.facts[index]
    claim = contains_line(evidence, index) if isinstance(fact, IncidentFact) else None
    if not isinstance(fact, IncidentFact) or claim is None:
        return None
    said = [_OUTCOMES.get(fact.standing, ""), f"the incident is {fact.state}" if fact.state else ""]
    return Recalled(
        kind="incident",
        name=fact.incident,
        claim=checker.check(claim),
        similarity=abs(fact.similarity),
        why=tuple(fact.why),
        outcome=", ".join(one for one in said if one),
        remedy=fact.remedy,
    )


def _diff(evidence: Evidence, index: int, checker: Checker, blamed: set[str]) -> Recalled | None:
    """Recall a hunk of an earlier change to what is blamed; its first changed line is quoted."""
    fact = evidence.reading.facts[index]
    if not isinstance(fact, HunkFact) or fact.service.rsplit("/", 1)[-1] not in blamed:
        return None
    line = next((at for at, text in enumerate(fact.text) if text[:1] in {"+", "-"} and text[1:].strip()), 0)
    claim = contains_line(evidence, index, line)
    why = (f"an earlier change to {fact.service}: {fact.message}",)
    return Recalled(kind="diff", name=fact.label, claim=checker.check(claim), why=why) if claim else None


def _once(found: Iterable[Recalled | None]) -> list[Recalled]:
    """Keep what was verified, each past incident and each commit once."""
    sound = [one for one in found if one is not None and one.claim.is_fact]
    return [*{one.name: one for one in reversed(sound)}.values()][::-1]

"""Independent signals: those that agree raise an explanation, those that contradict it lower it."""

from collections.abc import Iterator

from rootline.analysis.joining.remembering import Lesson, shift
from rootline.changes.evidence.emptying import NAME as EMPTIED
from rootline.changes.evidence.everywhere import NAME as EVERYWHERE
from rootline.changes.evidence.parting import NAME as PARTS
from rootline.domain.fact import ChangeFact, ScoreComponent
from rootline.models.builtin.candidate import Candidate, part
from rootline.models.builtin.passing_on import handed_by
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.symptoms import is_silent

# Source: own choices, in logits: each kind of agreement is a nudge, since what people changed and what the cluster
# shows have been weighed against the symptom already; silence where it hurts speaks louder than agreement.
AGREES = 0.3
QUIET = -0.7
VICTIM = -1.0
OTHERWISE = 1.5
HARMS = 1.5
_MOSTLY = 0.6
_LIKELY = 0.3


def weighed(one: Candidate, seen: Seen) -> Candidate:
    """Weigh a change or a cluster fault by what everything else says of the same service."""
    return one.with_parts([*_agreements(one, seen), *_contradictions(one, seen)])


def remembered(one: Candidate, seen: Seen) -> Candidate:
    """Weigh any explanation by what people said of the same one in incidents like this."""
    name = seen.service(one.subject)
    facts = [spot.fact for spot in seen.lessons if spot.fact.standing not in {"undecided", "unjudged"}]
    lessons = [
        Lesson(
            service=name if seen.places.is_same(fact.subject, name) else fact.subject,
            cause=fact.cause,
            standing="confirmed" if fact.similarity > 0 else "rejected",
            similarity=abs(fact.similarity),
        )
        for fact in facts
    ]
    moved = shift(name, one.cause, lessons)
    if not moved:
        return one
    said = "confirmed" if moved > 0 else "rejected"
    return one.with_parts([part("past incidents", moved, f"people {said} this cause in incidents like this one")])


def _agreements(one: Candidate, seen: Seen) -> Iterator[ScoreComponent]:
    name = seen.service(one.subject)
    if name in seen.by_service:
        yield part("numbers agree", AGREES, f"the numbers of {name} changed too")
    if seen.begins_errors(name) and not handed_by(seen, name):
        yield part("traces agree", AGREES, f"traces show that errors begin in {name}")
    if seen.loudness(name):
        yield part("logs agree", AGREES, f"{name} writes errors that are new")
    if one.change and seen.alert is not None and is_silent(seen.alert.fact) and (changed := seen.changed(name)):
        yield part("does other things", OTHERWISE * changed, f"{name} no longer does what it usually did")
    if one.change and seen.is_faulty(name):
        yield part("cluster agrees", AGREES, f"cluster state shows a fault in {name}")
    if not one.change and _was_changed(name, seen):
        yield part("a change agrees", AGREES, f"{name} was changed shortly before")


def _was_changed(name: str, seen: Seen) -> bool:
    return bool(seen.shelf.of(ChangeFact, lambda fact: fact.subject == name and fact.probability >= _LIKELY))


def _contradictions(one: Candidate, seen: Seen) -> Iterator[ScoreComponent]:
    name = seen.service(one.subject)
    if is_shown(one):
        return
    score = seen.by_service.get(name)
    is_told_of = (harms(one) and _is_heard(name, seen)) or bool(seen.accusers(name))
    if seen.suspects and seen.is_quiet(name) and not is_told_of:
        yield part("quiet", QUIET, f"nothing that was measured of {name} changed")
    if score is not None and score.explained >= _MOSTLY and not _explains_by_itself(one):
        yield part("victim", VICTIM * score.explained, f"what {name} calls accounts for what it suffers")


def _is_heard(name: str, seen: Seen) -> bool:
    """Whether a service calls, or sends to, one whose numbers changed: it can hurt it and stay well itself."""
    return any(service in seen.by_service for service in seen.graph.callees(name))


def is_shown(one: Candidate) -> bool:
    """Whether it was measured that harm began with a change: by calls through its version, errors or what was kept."""
    return any(p.name in {PARTS, EVERYWHERE, EMPTIED} for p in one.parts)


def harms(one: Candidate) -> bool:
    """Whether a change clearly does something that can show as what was seen."""
    return any(p.name.startswith("mechanism") and p.contribution >= HARMS for p in one.parts)


def _explains_by_itself(one: Candidate) -> bool:
    """Whether a mechanism in the change, or cluster state, shows how it does harm."""
    return not one.change or any(p.name.startswith("mechanism") and p.contribution > 0 for p in one.parts)

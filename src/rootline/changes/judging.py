"""All the evidence on one candidate, as components."""

from collections.abc import Sequence
from dataclasses import dataclass

from rootline.changes import weights
from rootline.changes.candidate import Candidate, quoted
from rootline.changes.families import Seen
from rootline.changes.innocence import innocence
from rootline.changes.mechanisms import Match, matches, mechanisms
from rootline.changes.order_in_time import order_in_time
from rootline.changes.place import place
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import Component
from rootline.changes.wording import Wording, lines_with


@dataclass(frozen=True)
class Case:
    """What all candidates are judged against."""

    symptom: Symptom
    seen: tuple[Seen, ...]
    known: frozenset[str]
    deployments_known: bool


@dataclass(frozen=True)
class Judged:
    """A candidate with its evidence."""

    candidate: Candidate
    wording: Wording
    components: tuple[Component, ...]
    matches: tuple[Match, ...]

    @property
    def score(self) -> float:
        """The sum of the contributions, in logits."""
        return sum(component.contribution for component in self.components)


def judge(candidate: Candidate, wording: Wording, case: Case) -> Judged:
    """Collect what speaks for and against one candidate."""
    families = frozenset(one.family for one in case.seen)
    matched = matches(mechanisms(candidate.net, families), case.seen)
    components = (
        *_wording(wording),
        *_mechanisms(matched),
        *place(candidate, case.symptom, case.known),
        *order_in_time(candidate, case.symptom, deployments_known=case.deployments_known),
        *innocence(candidate, case.seen),
        *_kind(candidate),
    )
    return Judged(candidate, wording, components, tuple(matched))


def _wording(wording: Wording) -> list[Component]:
    total = (
        weights.SUBJECT * wording.subject
        + weights.BODY * wording.body
        + weights.PATHS * wording.paths
        + weights.CHANGED * wording.changed
        + weights.CONTEXT * wording.context
        + weights.EVERYWHERE * wording.everywhere
    )
    if not total:
        return []
    reason = f"it shares words with the symptom: {', '.join(wording.terms)}"
    return [Component(name="wording", contribution=min(total, weights.WORDING_MOST), reason=reason)]


def _mechanisms(matched: Sequence[Match]) -> list[Component]:
    found = []
    for place_, match in enumerate(matched[:3]):
        factor = 1.0 if place_ == 0 else weights.MECHANISM_SECOND**place_
        contribution = weights.MECHANISM * match.weight * factor
        reason = f"{match.mechanism.reason}, which can show as {match.family}"
        found.append(
            Component(
                name=f"mechanism: {match.mechanism.name}",
                contribution=contribution,
                reason=reason,
                lines=quoted(match.mechanism.lines),
            )
        )
    return found


def _kind(candidate: Candidate) -> list[Component]:
    if candidate.kind == "flag":
        return [Component(name="kind", contribution=weights.FLAG, reason="flags flip often and seldom break")]
    if candidate.kind == "config":
        return [Component(name="kind", contribution=weights.CONFIG, reason="a configuration change")]
    return []


def with_lines(judged: Judged) -> tuple[Component, ...]:
    """The components, with the lines that hold the shared words beside the wording."""
    lines = quoted(lines_with(judged.candidate, judged.wording.terms)) if judged.candidate.commit else ()
    return tuple(
        Component(name=one.name, contribution=one.contribution, reason=one.reason, lines=lines)
        if one.name == "wording"
        else one
        for one in judged.components
    )

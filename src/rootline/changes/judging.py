"""All the evidence on one candidate, as components."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rootline.changes import weights
from rootline.changes.candidate import Candidate, quoted
from rootline.changes.diffs.sections import about
from rootline.changes.evidence.ageing import NAME as AGEING
from rootline.changes.evidence.ageing import nothing_newer_since
from rootline.changes.evidence.down import NAME as DOWN
from rootline.changes.evidence.down import down_since
from rootline.changes.evidence.emptying import NAME as EMPTIED
from rootline.changes.evidence.emptying import kept_nothing_since
from rootline.changes.evidence.everywhere import NAME as EVERYWHERE
from rootline.changes.evidence.everywhere import wherever_it_runs
from rootline.changes.evidence.innocence import GUARD, form, harmlessness
from rootline.changes.evidence.jumping import Jumping, jumping
from rootline.changes.evidence.order_in_time import let_run, order_in_time
from rootline.changes.evidence.owned import OwnedBy, owned
from rootline.changes.evidence.parting import NAME as PARTS
from rootline.changes.evidence.parting import Parting, came_too_late, parts
from rootline.changes.evidence.place import grounds, place
from rootline.changes.evidence.replacing import Switches, replaced
from rootline.changes.evidence.reverts import Reverts, reverted
from rootline.changes.evidence.saying import saying
from rootline.changes.evidence.serving import served_well
from rootline.changes.evidence.stack import Place, named_files, named_places, stack
from rootline.changes.evidence.standing import standing
from rootline.changes.evidence.telling import SHARED, shared, size, told
from rootline.changes.families import Seen, seen
from rootline.changes.mechanisms.handing_on import HANDING
from rootline.changes.mechanisms.matching import Match, matches, mechanisms
from rootline.changes.mechanisms.rephrasing import rephrases
from rootline.changes.mechanisms.schema import tables_of
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import Component
from rootline.changes.words.tokens import WORD
from rootline.changes.words.wording import Wording, lines_with
from rootline.domain.change import CodeOwners, Deployment

BESIDE = frozenset([weights.AFFECTED, weights.NEAR, weights.HANDS_ON])
"""What a place weighs that is a neighbour's."""


@dataclass(frozen=True)
class Case:
    """What all candidates are judged against."""

    symptom: Symptom
    seen: tuple[Seen, ...]
    known: frozenset[str]
    deployments_known: bool
    spoken: frozenset[str]
    files: frozenset[str]
    places: frozenset[Place]
    reverts: Reverts
    switches: Switches
    jumping: Jumping
    built_from: frozenset[str]
    owned_by: OwnedBy
    parting: Parting

    @classmethod
    def of(
        cls,
        symptom: Symptom,
        suspects: tuple[Candidate, ...],
        known: frozenset[str],
        *,
        deployed: Sequence[Deployment],
        owners: Sequence[CodeOwners] = (),
    ) -> "Case":
        """The case of a symptom against its suspects; `known` are the names of all services."""
        spoken = frozenset(word.lower() for text in symptom.texts[:200] for word in WORD.findall(text[:2000]))
        files, places = named_files(symptom.texts), named_places(symptom.texts)
        return cls(
            symptom,
            seen(symptom),
            known,
            bool(deployed),
            spoken,
            files,
            places,
            Reverts.among(suspects),
            Switches.among(suspects),
            Jumping.among(suspects, symptom),
            grounds(suspects, symptom),
            OwnedBy.of(symptom, suspects, owners),
            Parting.among(deployed, symptom),
        )

    @property
    def trust(self) -> float:
        """How far the families can be trusted: telemetry names them, prose only mentions them."""
        return 1.0 if self.from_telemetry else weights.TEXT_ONLY

    @property
    def from_telemetry(self) -> bool:
        """Whether a service or a metric was observed, and not prose alone."""
        return bool(self.symptom.service or self.symptom.rising)


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


def outline(candidate: Candidate, wording: Wording, case: Case) -> Judged:
    """What words, place, time and form say about one candidate, before its diff is looked into."""
    shown = parts(candidate, case.parting, case.symptom)
    components = (
        *([_wording(wording, candidate)] if case.from_telemetry else told(wording, candidate)),
        *_named(wording, candidate, case),
        *(stack(candidate, case.files, case.places, case.known) if case.from_telemetry else ()),
        *place(candidate, case.symptom, case.known, case.built_from),
        *owned(candidate, case.owned_by, case.symptom),
        *order_in_time(candidate, case.symptom, deployments_known=case.deployments_known),
        *let_run(candidate, case.symptom),
        *came_too_late(candidate, case.parting),
        *down_since(candidate, case.symptom),
        *nothing_newer_since(candidate, case.symptom),
        *wherever_it_runs(candidate, case.symptom),
        *kept_nothing_since(candidate, case.symptom),
        *jumping(candidate, case.jumping, case.symptom),
        *_tempered(form(candidate), case),
        *reverted(candidate, case.reverts, case.symptom.onset),
        *replaced(candidate, case.switches, case.symptom),
        *_kind(candidate),
    )
    return Judged(candidate, wording, (*_unless_parted(components, shown), *shown), ())


def _unless_parted(components: Iterable[Component], shown: Sequence[Component]) -> Iterator[Component]:
    """What speaks for or against it; where and when it was made tells nothing against it where calls show its harm."""
    return (one for one in components if not shown or one.name not in {"place", "time"} or one.contribution > 0)


def look(outlined: Judged, case: Case) -> Judged:
    """The same candidate with what its diff could do and what in it is harmless."""
    candidate = outlined.candidate
    families = frozenset(one.family for one in case.seen)
    concerning = about(candidate.net, case.symptom, case.known)
    able = mechanisms(concerning, families, case.spoken)
    said = saying(candidate, case.symptom) if case.from_telemetry else []
    matched = matches([one for one in able if case.from_telemetry or one.name not in weights.OF_RUNNING], case.seen)
    found = (
        *_mechanisms(matched, case),
        *standing(candidate, case.symptom),
        *said,
        *_served(outlined, matched, case),
        *_shared_table(outlined, matched, case),
        *_hands_on(outlined, matched, case),
        *(() if said else _unable(outlined, matched, case)),
        *(one for one in _tempered(harmlessness(candidate, case.seen), case) if not said or one.name != GUARD),
    )
    kept = _unless_said_otherwise(outlined)
    return replace(outlined, components=(*kept, *found), matches=tuple(matched))


def _unless_said_otherwise(outlined: Judged) -> list[Component]:
    """What speaks for or against it; shared words count for nothing where the change itself wrote them."""
    if not rephrases(outlined.candidate.net):
        return list(outlined.components)
    return [one for one in outlined.components if one.name not in {"named", *SHARED} or one.contribution < 0]


def _wording(wording: Wording, candidate: Candidate) -> Component:
    total = weights.WORDING * wording.score + size(candidate)
    if total > 0:
        total *= weights.WORDING_MOST / (weights.WORDING_MOST + total)
    return Component(name="wording", contribution=total, reason=shared(wording))


def _named(wording: Wording, candidate: Candidate, case: Case) -> list[Component]:
    if not wording.named or not case.from_telemetry:
        return []
    pattern = re.compile("|".join(re.escape(name) for name in wording.named[:20]), re.IGNORECASE)
    lines = [line for line in (*candidate.diff.added, *candidate.diff.removed)[:600] if pattern.search(line.text[:400])]
    reason = f"its lines name what the errors name: {', '.join(wording.named[:4])}"
    return [Component(name="named", contribution=weights.NAMED, reason=reason, lines=quoted(lines[:2]))]


def _mechanisms(matched: Sequence[Match], case: Case) -> list[Component]:
    found = []
    for place_, match in enumerate(matched[:3]):
        factor = 1.0 if place_ == 0 else weights.MECHANISM_SECOND**place_
        contribution = case.trust * weights.MECHANISM * match.weight * factor
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


def _served(outlined: Judged, matched: Sequence[Match], case: Case) -> list[Component]:
    """What went well while it ran; nothing where all who run it fail, since calls that pass them by tell nothing."""
    is_everywhere = any(one.name == EVERYWHERE for one in outlined.components)
    return [] if is_everywhere else served_well(outlined.candidate, case.symptom, matched)


def _shared_table(outlined: Judged, matched: Sequence[Match], case: Case) -> list[Component]:
    """That another service's change works on a table of which the errors speak: a store knows no services."""
    if not any(one.name == "place" and one.contribution < 0 for one in outlined.components) or not matched:
        return []
    named = {table for line in matched[0].mechanism.lines for table in tables_of(line.text)}
    if not (shared := sorted(named & case.spoken)):
        return []
    reason = f"it works on {shared[0][:60]}, of which the errors speak"
    return [Component(name="table", contribution=weights.TABLE, reason=reason)]


def _hands_on(outlined: Judged, matched: Sequence[Match], case: Case) -> list[Component]:
    """That a neighbour's change alters what it hands on: the reader fails, and the neighbour stays well."""
    handing = next((one for one in matched[:3] if one.mechanism.name in HANDING and one.weight >= weights.ABLE), None)
    is_neighbour = any(one.contribution in BESIDE for one in outlined.components if one.name == "place")
    if handing is None or not is_neighbour or not case.symptom.service:
        return []
    reason = f"{case.symptom.service} may read what it hands on"
    return [Component(name="hands on", contribution=weights.HANDING, reason=reason)]


def _unable(outlined: Judged, matched: Sequence[Match], case: Case) -> list[Component]:
    candidate = outlined.candidate
    if not case.from_telemetry or not case.seen or not candidate.diff.lines or candidate.commit is None:
        return []
    is_shown = any(one.name in {PARTS, DOWN, AGEING, EVERYWHERE, EMPTIED} for one in outlined.components)
    if is_shown or (matched and matched[0].weight >= weights.ABLE) or rephrases(candidate.net):
        return []
    reason = "nothing in its diff is known to produce what was seen"
    return [Component(name="no mechanism", contribution=weights.NO_MECHANISM, reason=reason)]


def _tempered(found: list[Component], case: Case) -> list[Component]:
    if case.from_telemetry:
        return found
    return [replace(one, contribution=weights.IN_PROSE[one.name]) for one in found if one.name in weights.IN_PROSE]


def _kind(candidate: Candidate) -> list[Component]:
    if candidate.kind == "flag":
        return [Component(name="kind", contribution=weights.FLAG, reason="flags flip often and seldom break")]
    if candidate.kind == "config":
        return [Component(name="kind", contribution=weights.CONFIG, reason="a configuration change")]
    return []


def with_lines(judged: Judged) -> tuple[Component, ...]:
    """The components, with the lines that hold the shared words beside what the words say."""
    if judged.candidate.commit is None:
        return judged.components
    shared_lines = quoted(lines_with(judged.candidate, judged.wording.terms))
    beside = quoted(lines_with(judged.candidate, [word for pair in judged.wording.together for word in pair.split()]))
    lines = {**dict.fromkeys(SHARED, shared_lines), "phrases": beside}
    return tuple(replace(one, lines=lines.get(one.name, one.lines)) for one in judged.components)

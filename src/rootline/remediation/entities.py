"""What the evidence knows by name: the only things that a plan may touch."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rootline.domain.evidence import Evidence
from rootline.domain.fact import (
    AlertFact,
    AnyFact,
    ChangeFact,
    ConditionFact,
    EdgeFact,
    IncidentFact,
    OperationFact,
    SeriesFact,
    ServiceFact,
    TextFact,
)
from rootline.domain.service_key import KINDS, ServiceKey
from rootline.errors import ToolFault
from rootline.remediation.names import is_namespace

_ASKED_NAMESPACE = re.compile(r"(?:^|\s)-n (\S{1,63})(?:\s|$)")
_SHORTEST_PREFIX = 7
_MOST_TOLD = 8


@dataclass(frozen=True, kw_only=True)
class Target:
    """An object that the evidence knows: its spelling there, its kind (`app` where nothing is said) and bare name."""

    spelled: str
    kind: str
    name: str
    namespace: str = ""


@dataclass(frozen=True, kw_only=True)
class Entities:
    """Everything that has a name in the evidence of one investigation."""

    subjects: frozenset[str]
    changes: tuple[ChangeFact, ...]
    conditions: tuple[ConditionFact, ...]
    services: tuple[ServiceFact, ...]
    edges: tuple[EdgeFact, ...]
    texts: tuple[TextFact, ...]
    alerts: tuple[AlertFact, ...]
    namespaces: frozenset[str]

    def target(self, subject: str) -> Target:
        """Find a subject by its spelling in the evidence or by its bare name; ToolFault where none or several do."""
        found = [subject] if subject in self.subjects else self._by_bare_name(subject)
        if not found:
            known = ", ".join(sorted(self.subjects)[:_MOST_TOLD]) or "nothing"
            raise ToolFault(
                f"No plan can touch {_shown(subject)}: no evidence names it. Evidence names {known}. "
                "Ask for evidence about it first, or plan for a hypothesis about one of these."
            )
        if len({ServiceKey.of(one).namespace for one in found} - {""}) > 1:
            places = " or ".join(found[:_MOST_TOLD])
            raise ToolFault(f"{_shown(subject)} is known in several namespaces. Plan for one of them: {places}.")
        return _target(found[0], self.namespaces)

    def change(self, label: str) -> ChangeFact:
        """Find a change by its label or by a unique beginning of it; ToolFault where there is none."""
        exact = [one for one in self.changes if one.label == label]
        begun = [one for one in self.changes if len(label) >= _SHORTEST_PREFIX and one.label.startswith(label)]
        found = exact or (begun if len({one.label for one in begun}) == 1 else [])
        if not found:
            known = ", ".join(_shown(one.label) for one in self.changes[:_MOST_TOLD]) or "no change at all"
            raise ToolFault(
                f"No plan can undo {_shown(label)}: no evidence names this change. Evidence names {known}. "
                "Ask diff_commits for it first."
            )
        return max(found, key=lambda one: (len(one.diff), one.probability))

    def condition(self, target: Target, cause: str) -> ConditionFact | None:
        """Return the fault of that cause which was found on the target, if it was."""
        fits = [one for one in self.conditions if one.cause == cause and _bare(one.subject) == target.name]
        return max(fits, key=lambda one: one.probability, default=None)

    def victims(self, target: Target) -> tuple[str, ...]:
        """Who depends on the target, nearest first."""
        names = {target.spelled, target.name}
        found = [one.victims or one.callers for one in self.services if one.subject in names]
        return tuple(dict.fromkeys(name for names in found for name in names))

    def dependencies(self, target: Target) -> tuple[str, ...]:
        """Whom the target depends on."""
        names = {target.spelled, target.name}
        told = [name for one in self.services if one.subject in names for name in one.callees]
        return tuple(dict.fromkeys((*told, *(one.callee for one in self.edges if one.subject in names))))

    def firing(self, target: Target) -> tuple[AlertFact, ...]:
        """The alerts of the target and of who depends on it that nobody saw end, the target's first."""
        hurt = (target.name, *map(_bare, self.victims(target)))
        found = [one for one in self.alerts if one.resolved_at is None and _bare(one.subject) in hurt]
        return tuple(sorted(found, key=lambda one: (hurt.index(_bare(one.subject)), one.fired_at)))

    def _by_bare_name(self, subject: str) -> list[str]:
        alike = sorted(one for one in self.subjects if _bare(one) == _bare(subject))
        kinds = subject.rsplit("/", 1)[0] if "/" in subject else ""
        return alike if not kinds else [one for one in alike if "/" not in one or one.startswith(f"{kinds}/")]


def entities_of(evidence: Mapping[str, Evidence]) -> Entities:
    """Collect every name out of typed facts; free text gives none."""
    facts = [fact for one in evidence.values() for fact in one.reading.facts]
    texts = tuple(fact for fact in facts if isinstance(fact, TextFact))
    conditions = tuple(fact for fact in facts if isinstance(fact, ConditionFact))
    subjects = frozenset(name for fact in facts for name in _names(fact) if name and name != "unknown")
    said = {one.removeprefix("namespace/") for one in subjects if one.startswith("namespace/")}
    answered = [one for one in texts if any(one.lines)]
    queried = {found.group(1) for one in answered for found in _ASKED_NAMESPACE.finditer(one.asked[:400])}
    return Entities(
        subjects=subjects,
        changes=tuple(fact for fact in facts if isinstance(fact, ChangeFact)),
        conditions=conditions,
        services=tuple(fact for fact in facts if isinstance(fact, ServiceFact)),
        edges=tuple(fact for fact in facts if isinstance(fact, EdgeFact)),
        texts=texts,
        alerts=tuple(fact for fact in facts if isinstance(fact, AlertFact)),
        namespaces=frozenset(one for one in (*said, *queried) if one and is_namespace(one)),
    )


def _names(fact: AnyFact) -> Iterator[str]:
    if isinstance(fact, SeriesFact | OperationFact):
        yield fact.service
    elif isinstance(fact, EdgeFact):
        yield from (fact.subject, fact.callee)
    elif isinstance(fact, ServiceFact):
        yield from (fact.subject, *fact.callers, *fact.callees, *fact.victims)
    elif isinstance(fact, ConditionFact):
        yield from (fact.subject, *(proof.subject for proof in fact.support))
    elif isinstance(fact, ChangeFact):
        yield from (fact.subject, fact.label if fact.change == "status" else "")
    elif isinstance(fact, AlertFact | IncidentFact) or fact.kind in {"log", "ranking"}:
        yield fact.subject


def _target(spelled: str, namespaces: frozenset[str]) -> Target:
    """Read `name`, `kind/name`, `namespace/name` or `cluster/namespace/name`."""
    parts = spelled.split("/")
    only = next(iter(namespaces)) if len(namespaces) == 1 else ""
    if len(parts) == 1 or not parts[-1]:
        return Target(spelled=spelled, kind="app", name=spelled, namespace=only)
    above = parts[-2]
    if above in KINDS:
        return Target(spelled=spelled, kind=above, name=parts[-1], namespace=only)
    return Target(spelled=spelled, kind="app", name=parts[-1], namespace=above if is_namespace(above) else only)


def _bare(subject: str) -> str:
    return subject.rsplit("/", 1)[-1]


def _shown(name: str) -> str:
    return repr(name[:60])

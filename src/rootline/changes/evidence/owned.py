"""Evidence from who owns the changed paths: the people who own the failing service, or others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rootline.changes import weights
from rootline.changes.candidate import Candidate, quoted
from rootline.changes.paths.code_owners import OwnerRule, read_rules, rule_for
from rootline.changes.paths.ownership import belongs
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import Component
from rootline.domain.change import CodeOwners

MOST_PATHS = 50
MOST_SUSPECTS = 400


@dataclass(frozen=True)
class OwnedBy:
    """The rules of each repository, and who owns the failing service; nobody where no file says so."""

    rules: Mapping[str, Sequence[OwnerRule]]
    team: frozenset[str] = frozenset()
    file: str = "CODEOWNERS"

    @classmethod
    def of(cls, symptom: Symptom, suspects: Sequence[Candidate], owners: Sequence[CodeOwners]) -> "OwnedBy":
        """Who owns the service: owners of patterns, and of changed paths, that carry its name."""
        if not symptom.service or not owners:
            return cls({})
        rules = {one.repository: read_rules(one.text) for one in owners}
        whole = cls(rules, file=owners[0].path)
        named = (rule for held in rules.values() for rule in held if belongs(rule.pattern.strip("/"), symptom.service))
        paths = ((path, one) for one in suspects[:MOST_SUSPECTS] for path in one.files[:MOST_PATHS])
        hit = (whole.rule(path, one) for path, one in paths if belongs(path, symptom.service))
        team = {name for rule in (*named, *hit) if rule is not None and not rule.is_for_all for name in rule.owners}
        return cls(rules, frozenset(team), owners[0].path)

    def rule(self, path: str, candidate: Candidate) -> OwnerRule | None:
        """The rule that is about a path of a candidate, out of its own repository's file."""
        repository = candidate.commit.repository if candidate.commit else ""
        rules = self.rules.get(repository) or (self.rules.get("") if repository else self._only())
        return rule_for(path, rules) if rules else None

    def _only(self) -> Sequence[OwnerRule]:
        return next(iter(self.rules.values()), ()) if len(self.rules) == 1 else ()


def owned(candidate: Candidate, by: OwnedBy, symptom: Symptom) -> list[Component]:
    """The change touches what the people of the failing service own."""
    if not by.team or candidate.commit is None:
        return []
    for path in candidate.files[:MOST_PATHS]:
        rule = by.rule(path, candidate)
        if rule is None or rule.is_for_all or by.team.isdisjoint(rule.owners):
            continue
        people = ", ".join(name for name in rule.owners if name in by.team)[:200]
        reason = (
            f"{path[:120]} is owned by {people}, the owners of {symptom.service} ({by.file}, line {rule.line}: "
            f"{rule.pattern[:80]})"
        )
        lines = [line for line in (*candidate.diff.added, *candidate.diff.removed) if line.file == path]
        return [Component(name="owner", contribution=weights.OWNER, reason=reason, lines=quoted(lines[:2]))]
    return []

"""How much a plan risks: a score from 0 to 1 out of named parts, each a reason that a person can read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rootline.domain.plan import Action, Reversibility, Risk
from rootline.remediation.case import Case
from rootline.remediation.catalog import CATALOG
from rootline.remediation.names import TO_FILL_IN

# Source: our own judgement, so that one action that a person can undo at once stays low and one that nobody
# can undo is never below high; ordinal, not a probability.
_REVERSAL: Mapping[Reversibility, float] = {"instant": 0.08, "manual": 0.25, "difficult": 0.5, "irreversible": 0.7}
_WRITES, _INTERRUPTS, _UNKNOWN_PLACE, _UNPROVEN, _OPEN = 0.3, 0.08, 0.06, 0.15, 0.05
_PER_VICTIM, _MOST_VICTIMS = 0.02, 0.2
_WIDE: Mapping[str, float] = {"node": 0.12, "namespace": 0.08}
_DOUBT = 0.25
_LEVELS: tuple[tuple[float, Risk], ...] = ((0.35, "low"), (0.6, "medium"), (0.8, "high"))


@dataclass(frozen=True)
class Part:
    """One reason: how much of the remaining safety it takes away (0 to 1), and in words why."""

    weight: float
    reason: str


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """The level, its score from 0 to 1, and the reasons, heaviest first."""

    risk: Risk
    score: float
    reasons: tuple[str, ...]


def assess(case: Case, actions: Sequence[Action]) -> Assessment:
    """Weigh the steps: each part takes its share of what safety is left, so that the score stays below 1."""
    parts = sorted(_parts(case, actions), key=lambda part: (-part.weight, part.reason))
    safe = 1.0
    for part in parts:
        safe *= 1.0 - part.weight
    score = round(1.0 - safe, 3)
    level: Risk = next((name for limit, name in _LEVELS if score < limit), "critical")
    return Assessment(risk=level, score=score, reasons=tuple(part.reason for part in parts))


def _parts(case: Case, actions: Sequence[Action]) -> Iterator[Part]:
    changing = [one for one in actions if CATALOG[one.kind].changes]
    if not changing:
        yield Part(0.0, "nothing is changed")
        return
    worst = max(changing, key=lambda one: _REVERSAL[one.reversibility])
    yield Part(_REVERSAL[worst.reversibility], f"{worst.kind.replace('_', ' ')} is {_undone(worst.reversibility)}")
    if any(CATALOG[one.kind].writes_data for one in changing):
        yield Part(_WRITES, "it writes data, which a rollback does not bring back")
    if any(CATALOG[one.kind].interrupts for one in changing):
        yield Part(_INTERRUPTS, "connections or clients may notice it")
    if any(mark in text for one in changing for text in (*one.commands, one.title) for mark in ("${", TO_FILL_IN)):
        yield Part(_OPEN, "a person has to fill in values that the evidence does not know")
    yield Part(_UNKNOWN_PLACE, "the environment is not in the evidence, so production is assumed")
    yield from _reach(case)
    yield from _doubt(case)


def _reach(case: Case) -> Iterator[Part]:
    victims = case.entities.victims(case.target)
    if victims:
        weight = min(_MOST_VICTIMS, _PER_VICTIM * len(victims))
        who = "1 service depends" if len(victims) == 1 else f"{len(victims)} services depend"
        yield Part(weight, f"{who} on {case.target.name}")
    if case.target.kind in _WIDE:
        yield Part(_WIDE[case.target.kind], f"everything on this {case.target.kind} is touched")


def _doubt(case: Case) -> Iterator[Part]:
    value = case.hypothesis.confidence.value
    yield Part(round(_DOUBT * (1.0 - value), 3), f"the cause is {value:.0%} likely")
    if not case.hypothesis.is_proven:
        yield Part(_UNPROVEN, "the cause is possible, not proven")


def _undone(reversibility: Reversibility) -> str:
    return {
        "instant": "undone at once",
        "manual": "undone by hand",
        "difficult": "hard to undo",
        "irreversible": "never undone",
    }[reversibility]

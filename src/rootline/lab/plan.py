"""What a seed decides: which variant of a fault, which innocent deployments before and after it, and when."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rootline.lab.edits import Work
from rootline.lab.fault import Fault, Switch, Variant
from rootline.lab.flags import HARMLESS
from rootline.lab.innocent import INNOCENT

PEOPLE = ("amber", "boris", "chen", "dalia", "emre", "fatou", "greta", "hugo")
FEWEST_BEFORE, MOST_BEFORE = 5, 7
FEWEST_AFTER, MOST_AFTER = 2, 3
GAPS_S = (3.0, 6.0)
QUIET_S = (6.0, 10.0)


@dataclass(frozen=True, kw_only=True)
class Step:
    """Somebody deploys something, or turns a flag on, so many seconds after the plan began."""

    at_s: float
    author: str
    does: Work | Switch


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is innocent before and after, deployments and one flag each, and between them the moment of the fault."""

    before: tuple[Step, ...]
    strikes_at_s: float
    author: str
    after: tuple[Step, ...]


def variant_of(fault: Fault, seed: int) -> Variant:
    """Choose a variant."""
    return _random(seed, fault.name, "variant").choice(fault.variants)


def plan(seed: int, name: str, avoided: Sequence[Work] = (), files: Collection[str] = ()) -> Plan:
    """Draw a plan: what would not go together with the avoided work is not drawn.

    Args:
        seed: The same seed gives the same plan.
        name: Of the fault, so that each has another plan.
        avoided: Work whose files' words must stay as they are.
        files: Files that nobody else may change.

    """
    drawn = _random(seed, name, "plan")
    many = drawn.randint(FEWEST_BEFORE, MOST_BEFORE), drawn.randint(FEWEST_AFTER, MOST_AFTER)
    works = drawn.sample(_apart(avoided, files), sum(many))
    times = list(accumulate(drawn.uniform(*GAPS_S) for _ in range(many[0])))
    strikes = times[-1] + drawn.uniform(*QUIET_S)
    later = list(accumulate((drawn.uniform(*GAPS_S) for _ in range(many[1])), initial=strikes))[1:]
    steps = [
        Step(at_s=at, author=drawn.choice(PEOPLE), does=one) for at, one in zip([*times, *later], works, strict=True)
    ]
    author, (first, second) = drawn.choice(PEOPLE), drawn.sample(HARMLESS, 2)
    before = [*steps[: many[0]], _turned_on(first, drawn.uniform(0, strikes), drawn)]
    after = [*steps[many[0] :], _turned_on(second, drawn.uniform(strikes, later[-1]), drawn)]
    return Plan(before=_in_order(before), strikes_at_s=strikes, author=author, after=_in_order(after))


def _turned_on(flag: Switch, at_s: float, drawn: random.Random) -> Step:
    return Step(at_s=at_s, author=drawn.choice(PEOPLE), does=flag)


def _in_order(steps: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda one: one.at_s))


def _apart(avoided: Sequence[Work], files: Collection[str]) -> list[Work]:
    far = [one for one in INNOCENT if not any(edit.file in files for edit in one.edits)]
    return [one for one in far if not _in_the_way(one, avoided)]


def _in_the_way(one: Work, avoided: Sequence[Work]) -> bool:
    """Whether an edit touches words that an avoided edit wants to find."""
    taken = [edit for other in avoided for edit in other.edits]
    return any(mine.file == edit.file and _share(mine.old, edit.old) for mine in one.edits for edit in taken)


def _share(one: str, other: str) -> bool:
    """Whether two texts have a line in common, or one holds the other."""
    lines, others = ({line.strip() for line in text.splitlines() if line.strip()} for text in (one, other))
    return bool(lines & others) or one in other or other in one


def _random(seed: int, *names: str) -> random.Random:
    return random.Random(f"{seed} {' '.join(names)}")  # noqa: S311 to repeat, not to hide

"""Which kind of fix a cause asks for."""

import re
from collections.abc import Sequence

from rootline.changes.candidate import Candidate
from rootline.changes.mechanisms.matching import Match
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.paths.kinds import INERT, kind_of
from rootline.domain.hypothesis import Remediation

FORWARD = frozenset(
    {
        "schema used without a migration",
        "structure dropped or renamed",
        "rows rewritten in bulk",
        "constraint added",
        "index dropped",
    }
)
IN_BULK = "rows rewritten in bulk"
CODE = re.compile(r"\.(rb|py|go|java|kt|scala|[jt]sx?|mjs|cs|php|rs|exs?|swift|c|cc|cpp|lua)$", re.IGNORECASE)
FLAGS = re.compile(
    r"(^|/)(feature[-_]?)?(flags?|toggles?|experiments?|rollouts?)(/|[-_.])|(^|/)features\.\w+$", re.IGNORECASE
)
RECIPE = re.compile(r"(^|/)(docker|container)file[^/]*$", re.IGNORECASE)
FLAG = re.compile(r"feature|flag|toggle|rollout|experiment|kill_?switch", re.IGNORECASE)


def remedy_for(candidate: Candidate, matches: Sequence[Match], *, switched: bool = False) -> Remediation:
    """How this change is undone, judged by what it is and by its heaviest mechanism.

    `switched` says that a flag let the change run shortly before the onset: then the flag is the way back.
    """
    first = matches[0].mechanism if matches else None
    if candidate.kind == "flag" or switched or _is_of_a_flag(candidate, first):
        return "feature-flag-disable"
    if first is not None and _stays(first):
        return "roll-forward"
    if candidate.kind == "config" or (first is not None and _is_configured(first)):
        return "config-revert"
    return _by_files(candidate)


def _stays(first: Mechanism) -> bool:
    """Whether taking the change back leaves behind what it did: rows that code rewrites can be left alone again."""
    if first.name == IN_BULK:
        return any(kind_of(line.file) == "migration" for line in first.lines)
    return first.name in FORWARD


def _is_setting(path: str) -> bool:
    return kind_of(path) == "config" and not CODE.search(path)


def _pins(path: str) -> bool:
    return kind_of(path) == "manifest" and not RECIPE.search(path)


def _is_of_a_flag(candidate: Candidate, first: Mechanism | None) -> bool:
    """Whether all its files hold flags, or what it does most is to turn one."""
    if candidate.files and all(FLAGS.search(path) for path in candidate.files):
        return True
    turned = first is not None and first.name in {"switch flipped", "switch inside a line flipped"}
    return turned and first is not None and any(FLAG.search(line.text[:300]) for line in first.lines)


def _is_configured(first: Mechanism) -> bool:
    """Whether the lines that do the harm stand in configuration, whatever else changed with them."""
    told = [line for line in first.lines if line.file]
    return bool(told) and all(_is_setting(line.file) for line in told)


def _by_files(candidate: Candidate) -> Remediation:
    running = [path for path in candidate.files[:200] if kind_of(path) not in INERT]
    settings = [path for path in running if _is_setting(path) or _pins(path)]
    return "config-revert" if running and len(settings) == len(running) else "rollback"

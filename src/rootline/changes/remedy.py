"""Which kind of fix a cause asks for."""

import re
from collections.abc import Sequence

from rootline.changes.candidate import Candidate
from rootline.changes.kinds import kinds_of
from rootline.changes.mechanisms import Match
from rootline.domain.hypothesis import Remediation

FORWARD = frozenset(
    {"schema used without a migration", "structure dropped or renamed", "rows rewritten in bulk", "constraint added"}
)
FLAG = re.compile(r"feature|flag|toggle|rollout|experiment|kill_?switch", re.IGNORECASE)


def remedy_for(candidate: Candidate, matches: Sequence[Match], *, switched: bool = False) -> Remediation:
    """How this change is undone, judged by what it is and by its heaviest mechanism.

    `switched` says that a flag let the change run shortly before the onset: then the flag is the way back.
    """
    if candidate.kind == "flag" or switched:
        return "feature-flag-disable"
    if candidate.kind == "config":
        return "config-revert"
    first = matches[0].mechanism if matches else None
    if first is not None and first.name in FORWARD:
        return "roll-forward"
    if (
        first is not None
        and first.name == "switch flipped"
        and any(FLAG.search(line.text[:300]) for line in first.lines)
    ):
        return "feature-flag-disable"
    kinds = kinds_of(candidate.files)
    return "config-revert" if kinds and kinds <= {"config", "manifest", "docs"} else "rollback"

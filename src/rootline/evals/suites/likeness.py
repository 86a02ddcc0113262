"""How alike two commits are, whatever branch they lie on."""

import re
from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rootline.domain.change import Commit

# Source: own choice, between the likest pairs of different commits and the unlikest of the same change.
SAME = 0.35
_SUBJECT_SHARE = 0.3
_LONGEST_DIFF, _SHORTEST_LINE = 400_000, 4
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[a-z0-9_]{2,60}")


@dataclass(frozen=True)
class Signature:
    """What stays of a commit when it is picked onto another branch: changed lines without spaces, and its subject."""

    lines: Counter[str]
    subject: AbstractSet[str]

    @classmethod
    def of(cls, commit: Commit) -> "Signature":
        """Read a commit; context, positions, blank lines and the author do not count."""
        subject = commit.message.split("\n", 1)[0].lower()[:500]
        return cls(Counter(_changed(commit.diff[:_LONGEST_DIFF])), frozenset(_WORD.findall(subject)))


def likeness(one: Signature, other: Signature) -> float:
    """Return 0 for nothing shared and 1 for the same change.

    Seven tenths are the mean of what the changed lines share of both commits and of the smaller one, so that a
    conflict that was resolved costs little; three tenths are the words of the subject.

    Source: Jaccard's index and the overlap coefficient over multisets of lines.
    """
    shared = (one.lines & other.lines).total()
    whole, smaller = (one.lines | other.lines).total(), min(one.lines.total(), other.lines.total())
    lines = (shared / whole + shared / smaller) / 2 if smaller else 0.0
    words = len(one.subject & other.subject) / (len(one.subject | other.subject) or 1)
    return (1 - _SUBJECT_SHARE) * lines + _SUBJECT_SHARE * words


def _changed(diff: str) -> list[str]:
    lines = [line for line in diff.split("\n") if line[:1] in {"+", "-"} and not line.startswith(("+++ ", "--- "))]
    bare = [line[0] + _SPACE.sub("", line[1:1000]) for line in lines]
    return [line for line in bare if len(line) > _SHORTEST_LINE]

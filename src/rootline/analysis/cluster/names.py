"""Names that mean the same thing, or were meant to."""

import re

_LONGEST = 80
_SLIPS = 2


def plain(name: str) -> str:
    """A name without case and separators."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def slip_of(one: str, other: str) -> bool:
    """Whether a name is another one with at most two letters added, lost, changed or swapped.

    Source: Damerau, "A technique for computer detection and correction of spelling errors",
    Communications of the ACM 7 (1964): most misspellings are a single such edit.
    """
    if one == other or not one or not other or abs(len(one) - len(other)) > _SLIPS:
        return False
    if max(len(one), len(other)) > _LONGEST:
        return False
    return _distance(one, other) <= min(_SLIPS, max(len(one), len(other)) // 4)


def _distance(one: str, other: str) -> int:
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]

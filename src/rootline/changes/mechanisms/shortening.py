"""Expressions of which a part was left out."""

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.told import became
from rootline.changes.words.tokens import WORD

FAMILIES = {
    "data": 0.8,
    "auth": 0.7,
    "cache": 0.7,
    "errors": 0.4,
    "network": 0.4,
    "null": 0.4,
    "parse": 0.4,
    "queries": 0.3,
}
MOST = 40
OPENS = ("{", ":", "(", "do", "then")


def shortened(net: Net) -> list[Mechanism]:
    """Lines that say less than the line they replace, in a diff of at most 40 lines of each sign.

    A line is replaced by the next added one of its file; it says less when its words are some of the old ones.
    """
    if not 0 < len(net.removed.lines) <= MOST or len(net.added.lines) > MOST:
        return []
    news = {(line.file, line.number): line for line in net.added.lines}
    for old in net.removed.lines:
        new = next((news[old.file, at] for at in range(old.number + 1, old.number + 4) if (old.file, at) in news), None)
        if new is not None and _says_less(old, new):
            return [
                Mechanism(
                    "part of an expression left out",
                    FAMILIES,
                    f"an expression lost a part{became(old, new)}",
                    (old, new),
                )
            ]
    return []


def _says_less(old: DiffLine, new: DiffLine) -> bool:
    if new.text.rstrip().endswith(OPENS):
        return False
    before, now = frozenset(WORD.findall(old.text[:300])), frozenset(WORD.findall(new.text[:300]))
    return len(now) > 1 and now < before

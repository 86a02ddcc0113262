"""One word replaced by another in a line that otherwise stays."""

import re
from collections import Counter

from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.told import quote
from rootline.changes.words.tokens import WORD

FAMILIES = {
    "parse": 0.8,
    "data": 0.8,
    "replica": 0.6,
    "null": 0.5,
    "errors": 0.5,
    "auth": 0.4,
    "clock": 0.4,
    "network": 0.4,
}
DECLARES = re.compile(
    r"^\s*(?:export |pub |public |private |static |async )*"
    r"(?:func|def|fn|class|type|struct|interface|import|package|use|from|var|const|let)\b"
)
MOST = 60
Swap = tuple[str, str]


def replaced(net: Net) -> list[Mechanism]:
    """Lines of which exactly one word is another now; a word replaced in several lines is a rename and no sign.

    Only lines of a file count: that a switch has another value is what every switch does.
    """
    if len(net.removed.lines) > MOST or len(net.added.lines) > MOST:
        return []
    pairs = ((old, new) for old, new in net.swaps if old.file and not DECLARES.match(old.text[:300]))
    swaps = [(swap, old, new) for old, new in pairs if (swap := _swap(old.text[:300], new.text[:300]))]
    times = Counter(swap for swap, _, _ in swaps)
    return [
        Mechanism("one word replaced by another", FAMILIES, f"{swap[0]} became {swap[1]}{quote(new)}", (old, new))
        for swap, old, new in swaps
        if times[swap] == 1
    ][:2]


def _swap(before: str, after: str) -> Swap | None:
    if WORD.sub("#", before).split() != WORD.sub("#", after).split():
        return None
    words = list(zip(WORD.findall(before), WORD.findall(after), strict=False))
    changed = [pair for pair in words if pair[0] != pair[1]]
    return changed[0] if len(changed) == 1 and len(words) > 1 else None

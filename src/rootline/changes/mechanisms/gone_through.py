"""Containers that a loop changes while it goes through them."""

import re
from collections.abc import Iterator

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism

# Source: how Python, Java, C#, Kotlin, Ruby and Rust go through a container; a copy of it may be changed.
LOOP = re.compile(
    r"^\s*for(?:each)?\b[^\n]{0,120}?(?:\bin|:)\s+(?P<whole>(?:self\.|this\.|@)?[A-Za-z_]\w{0,60})"
    r"(?:\.(?:items|keys|values|entrySet|keySet|iter_mut)\(\)|\.(?:Keys|Values|entries|keys|values))?\s*[):{]"
)
INSIDE = 12
"""Source: ours; a longer loop seldom changes what it goes through without meaning to."""
CHANGED_WHILE = frozenset(["iteration", "concurrentmodificationexception", "invalidoperationexception", "enumeration"])
NAMED = {"errors": 1.0, "crash": 1.0, "data": 0.8, "cache": 0.6}
FAMILIES = {"errors": 0.8, "crash": 0.8, "data": 0.7, "bounds": 0.5, "cache": 0.5}


def changed_in_loops(net: Net, spoken: frozenset[str]) -> list[Mechanism]:
    """Loops, new ones or such with new lines, that take from or put into what they go through."""
    came = {(line.file, line.number) for line in net.added.lines}
    lines = [line for line in net.whole.lines[:4000] if line.sign != "-" and net.kind(line) == "code"]
    for place, line in enumerate(lines):
        loop = LOOP.match(line.text[:300])
        changes = next(_changes(lines, place, loop["whole"]), None) if loop else None
        if changes is not None and {(line.file, line.number), (changes.file, changes.number)} & came:
            families = FAMILIES if spoken.isdisjoint(CHANGED_WHILE) else NAMED
            told = "a loop changes what it goes through"
            return [Mechanism("container changed while iterated", families, told, (line, changes))]
    return []


def _changes(lines: list[DiffLine], place: int, whole: str) -> Iterator[DiffLine]:
    """Yield the lines of a loop that change what it goes through; whoever leaves the loop then does no harm."""
    name = re.escape(whole)
    pattern = re.compile(rf"\bdel {name}\[|{name}\.(?:pop|remove|add|append|insert|clear|discard|push|delete|put)\w*\(")
    depth = len(lines[place].text) - len(lines[place].text.lstrip())
    body = []
    for line in lines[place + 1 : place + 1 + INSIDE]:
        if line.file != lines[place].file or (line.text.strip() and len(line.text) - len(line.text.lstrip()) <= depth):
            break
        body.append(line)
    for at, line in enumerate(body):
        leaves = any(
            one.text.strip().startswith(("break", "return", "raise", "throw")) for one in body[at + 1 : at + 2]
        )
        if pattern.search(line.text[:300]) and not leaves:
            yield line

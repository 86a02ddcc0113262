"""Names by which code asks for a field, and what follows when it asks by another that nobody gives."""

import re
from collections.abc import Sequence

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.words.tokens import PART

LOOKUP = re.compile(
    r"(?:\.(?:get|pop|fetch|dig|query|param|header|cookie|value)\w{0,20}\(|[\w\])]\[)\s?[\"'](?P<name>[A-Za-z][\w.-]{0,60})[\"']",
    re.IGNORECASE,
)
FAMILIES = {
    "null": 1.0,
    "parse": 0.9,
    "data": 0.8,
    "errors": 0.8,
    "route": 0.5,
    "auth": 0.5,
    "config": 0.5,
    "crash": 0.4,
}
LONGEST, MOST = 300, 400


def renamed_lookups(net: Net) -> list[Mechanism]:
    """Lines that ask for a field by another name than before, where the old name is asked for nowhere in the diff."""
    kept = {name for line in net.added.lines for name in _names(line)}
    for old, new in net.swaps:
        if net.kind(old) != "code":
            continue
        before, after = _names(old), _names(new)
        if len(before) == len(after) and not kept.intersection(before) and not _is_alike(before, after, old.text):
            told = f"it asks for {after[0]} where it asked for {before[0]}"
            return [Mechanism("asked for by another name", FAMILIES, told, (old, new))]
    return _moved_and_renamed(net)


def _moved_and_renamed(net: Net) -> list[Mechanism]:
    """The one name that is asked for no more, where code was moved, and the one that it became a part of."""
    before, now, kept = (_asked(lines, net) for lines in (net.removed.lines, net.added.lines, net.whole.context[:MOST]))
    gone, came = (
        {name: line for name, line in one.items() if name not in other} for one, other in ((before, now), (now, before))
    )
    pairs = [(a, b) for a in gone for b in came if a not in kept and b not in kept and _is_made_of(a, b)]
    if len(pairs) != 1:
        return []
    [(old, new)] = pairs
    told = f"it asks for {new} where it asked for {old}"
    return [Mechanism("asked for by another name", FAMILIES, told, (gone[old], came[new]))]


def _asked(lines: Sequence[DiffLine], net: Net) -> dict[str, DiffLine]:
    return {name: line for line in lines[:MOST] if net.kind(line) == "code" for name in _names(line)}


def _is_made_of(one: str, other: str) -> bool:
    """Whether one of two names has all parts of the other, and more."""
    parts, others = ({part.lower() for part in PART.findall(name)} for name in (one, other))
    return parts < others or others < parts


def _is_alike(before: list[str], after: list[str], text: str) -> bool:
    """Whether the names are the same; those of headers are read in any case (RFC 9110, 5.1)."""
    of_headers = "header" in text[:LONGEST].lower()
    return before == after or (of_headers and [one.lower() for one in before] == [one.lower() for one in after])


def _names(line: DiffLine) -> list[str]:
    return [found["name"] for found in LOOKUP.finditer(line.text[:LONGEST])]

"""Sets of values that services agreed on, to which one side adds a member that the other does not know."""

import re
from collections.abc import Sequence

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.told import quote
from rootline.changes.words.tokens import WORD

# Source: how Avro, Protocol Buffers, GraphQL, Thrift, JSON Schema, SQL and programming languages write enumerations.
ENUM = re.compile(
    r"\benum\b|\benumeration\b|\bsymbols\b|\boneOf\b|\bCHECK\s*\(\s*\w+\s+IN\b|\bas enum\b", re.IGNORECASE
)
MEMBER = re.compile(r"[\"']([A-Za-z][\w-]+)[\"']|(?<![\w.])([A-Z][A-Z0-9_]{2,})(?![\w(])")
ALONE = re.compile(r"^\s*(?:case\s+|\|\s*)?([A-Za-z]\w{2,})(?:\s*=\s*[\w\"'.-]+)?\s*[,;]?\s*$")
FAMILIES = {"parse": 1.0, "data": 0.8, "queue": 0.8, "null": 0.5, "errors": 0.5, "crash": 0.4, "schema": 0.4}
ABOVE = 12
COMMON_WORDS = "enum enumeration symbols type name class struct export public case string status state kind"
COMMON = frozenset(COMMON_WORDS.split())


def vocabulary(net: Net, spoken: frozenset[str]) -> list[Mechanism]:
    """Enumerations that gain a member and lose none, of which the errors name the set or one of its members."""
    came, went = _of_enumerations(net.added.lines, net), _of_enumerations(net.removed.lines, net)
    known = _members(net.removed.lines)
    new = tuple(line for line in came if _members([line]) - known)
    if not new or _members(went) - _members(came) or not _is_named(new, net, spoken):
        return []
    told = f"what it sends or stores may say what its readers do not know{quote(new[0])}"
    return [Mechanism("member of a set added", FAMILIES, told, new[:3])]


def _members(lines: Sequence[DiffLine]) -> set[str]:
    found = (match for line in lines for match in MEMBER.finditer(line.text[:300]))
    alone = {match[1] for line in lines if (match := ALONE.match(line.text[:300]))}
    return {match[1] or match[2] for match in found} | alone


def _of_enumerations(lines: Sequence[DiffLine], net: Net) -> list[DiffLine]:
    """The lines with members of an enumeration that was there and opens on them or within the 12 lines before."""
    return [line for line in lines if _members([line]) and any(_opens(one, line) for one in _opened(net))]


def _opened(net: Net) -> list[DiffLine]:
    before = (line for line in (*net.whole.lines[:2000], *net.whole.heads[:200]) if line.sign != "+")
    return [line for line in before if ENUM.search(line.text[:300])]


def _is_named(new: Sequence[DiffLine], net: Net, spoken: frozenset[str]) -> bool:
    """Whether the errors speak of a set by its name or by a member, the new one or one of the others."""
    sets = [one for one in _opened(net) if any(_opens(one, line) for line in new)]
    words = {word.lower() for line in (*sets, *new) for word in WORD.findall(line.text[:300])}
    return not words.isdisjoint(spoken - COMMON)


def _opens(one: DiffLine, line: DiffLine) -> bool:
    return one.file == line.file and 0 <= line.number - one.number <= ABOVE

"""A result that is reckoned otherwise: other operators or other operands, and not merely another number."""

import re

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.told import became

RECKONED = "calculation changed"
FAMILIES = {"data": 0.9, "errors": 0.6, "bounds": 0.6, "parse": 0.3, "auth": 0.3}
# Source: how Python, JavaScript, Java, Go, Rust and Ruby give a result its name, or hand it back.
_RESULT = re.compile(
    r"^\s*(?:(?:const|let|var|val|final|auto|int|long|double|float|mut)\s+)*"
    r"(?P<name>return\b|[A-Za-z_][\w.]{0,80})(?:\s*:[^=\n]{1,60})?\s*(?::?=(?!=)|(?<=return)\s)(?P<value>.{1,200})"
)
_QUOTED = re.compile(r"\"[^\"]{0,200}\"|'[^']{0,200}'")
_TERMS = re.compile(r"[A-Za-z_]\w{0,60}|//|\*\*|[-+*/%]")
_OPERATORS = frozenset(["+", "-", "*", "/", "//", "%", "**"])
_WRITTEN_OUT = frozenset(["int", "float", "round", "Number", "Decimal", "str", "await"])
MOST = 60


def reckoned(net: Net) -> list[Mechanism]:
    """The first line whose arithmetic differs from that of the line it replaces, in a diff that is not large."""
    if max(len(net.removed.lines), len(net.added.lines)) > MOST:
        return []
    pair = next(((old, new) for old, new in net.swaps if net.kind(old) == "code" and _differs(old, new)), None)
    if pair is None:
        return []
    name = _read(pair[1])[0]
    told = "what it hands back" if name == "return" else name[:60]
    return [Mechanism(RECKONED, FAMILIES, f"{told} is reckoned otherwise{became(*pair)}", pair)]


def _differs(old: DiffLine, new: DiffLine) -> bool:
    (name, before), (same, after) = _read(old), _read(new)
    is_arithmetic = any(_OPERATORS & set(one) and set(one) - _OPERATORS for one in (before, after))
    return bool(name) and name == same and is_arithmetic and before != after


def _read(line: DiffLine) -> tuple[str, list[str]]:
    """What a line gives a name to, and the names and operators that it is made of; the numbers are left out."""
    found = _RESULT.match(line.text[:300])
    if found is None:
        return "", []
    terms = _TERMS.findall(_QUOTED.sub("#", found["value"]))
    return found["name"], [one for one in terms if one not in _WRITTEN_OUT]

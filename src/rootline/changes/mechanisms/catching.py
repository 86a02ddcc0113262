"""Handlers of errors that catch fewer kinds than before."""

import builtins
import re
from collections.abc import Iterable, Iterator

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism

HANDLER = re.compile(r"\b(?:except|catch|rescue)\b(?P<kinds>[^:{]{0,300})")
KIND = re.compile(r"\b[A-Z]\w{2,80}\b")
ALL = frozenset({"BaseException", "Exception", "Throwable", "Error", "StandardError"})
KNOWN = {name.lower(): name for name in dir(builtins) if isinstance(getattr(builtins, name), type)}
FAMILIES = {"errors": 0.8, "crash": 0.9, "queue": 0.4, "startup": 0.4}
NAMED = {
    "errors": 1.0,
    "crash": 1.0,
    "startup": 0.9,
    "config": 1.0,
    "disk": 1.0,
    "network": 1.0,
    "parse": 1.0,
    "null": 1.0,
    "bounds": 1.0,
}
"""Source: ours; an error that is raised just where it is caught no longer may be of any family."""


def caught_less(net: Net, spoken: frozenset[str]) -> list[Mechanism]:
    """Handlers of which a kind of error is gone; `spoken` are the symptom's lowercase words."""
    for old, new in _pairs(net):
        lost = [one for one in _kinds(old) if not any(_is_a(one, kept) for kept in _kinds(new))]
        if not lost or not _kinds(new):
            continue
        told = f"{lost[0]} is caught no longer"
        named = next((one for one in lost if any(_is_a(error, one) for error in _errors(spoken))), "")
        if named:
            told = f"{named} is caught no longer, and the errors are of that kind"
        return [Mechanism("error handler narrowed", NAMED if named else FAMILIES, told, (old, new))]
    return []


def _pairs(net: Net) -> Iterator[tuple[DiffLine, DiffLine]]:
    news = [line for line in net.added.lines if HANDLER.search(line.text[:400])]
    for old in net.removed.lines:
        if HANDLER.search(old.text[:400]):
            near = (one for one in news if one.file == old.file and 0 <= one.number - old.number <= 1)
            yield from ((old, one) for one in near)


def _kinds(line: DiffLine) -> list[str]:
    found = HANDLER.search(line.text[:400])
    return KIND.findall(found["kinds"]) if found else []


def _errors(spoken: Iterable[str]) -> list[str]:
    return [
        KNOWN.get(word, word) for word in spoken if word.endswith(("error", "exception", "warning")) or word in KNOWN
    ]


def _is_a(one: str, other: str) -> bool:
    """Whether an error is of a kind, by name, or as Python's own errors descend from one another."""
    kind, above = getattr(builtins, one, None), getattr(builtins, other, None)
    descends = isinstance(kind, type) and isinstance(above, type) and issubclass(kind, above)
    return one.lower() == other.lower() or other in ALL or descends

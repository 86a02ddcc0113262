"""Versions of libraries that a diff moved, and how far."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.words.tokens import WORD

Step = Literal["major", "minor", "patch", "added", "removed"]
VERSION = re.compile(r"(?<![\w])v?(\d+)\.(\d+)(?:\.(\d+))?[\w.+-]*")
GENERIC_WORDS = """
github com org io net golang google www version name dependency require from to pypi npm v1 v2 v3
"""
GENERIC = frozenset(GENERIC_WORDS.split())
STRENGTH: dict[Step, float] = {"major": 1.0, "removed": 0.9, "minor": 0.8, "added": 0.5, "patch": 0.25}
NAMES: dict[Step, str] = {
    "major": "major update of a dependency",
    "minor": "minor update of a dependency",
    "patch": "patch of a dependency",
    "added": "dependency added",
    "removed": "dependency removed",
}
SHORTEST, LONG = 3, 5
NAMED, UNNAMED = 1.6, 0.5
FAMILIES = {
    "dependency": 1.0,
    "startup": 0.8,
    "crash": 0.6,
    "parse": 0.6,
    "null": 0.4,
    "memory": 0.4,
    "tls": 0.4,
    "auth": 0.3,
    "latency": 0.3,
    "errors": 0.4,
    "network": 0.3,
}


@dataclass(frozen=True)
class Bump:
    """One library whose version moved."""

    name: str
    step: Step
    lines: tuple[DiffLine, ...]


def bumps(net: Net) -> Iterator[Bump]:
    """Each library on a changed line of a manifest, at most 40, with the size of its step.

    Source: Semantic Versioning 2.0.0; below 1.0.0 the minor number counts as the major one.
    """
    olds = {_library(line.text): line for line in _versioned(net, net.removed.lines)}
    for line, _ in zip(_versioned(net, net.added.lines), range(40), strict=False):
        name = _library(line.text)
        old = olds.pop(name, None)
        if old is None:
            yield Bump(name, "added", (line,))
        else:
            yield Bump(name, _step(old.text, line.text), (old, line))
    yield from (Bump(name, "removed", (line,)) for name, line in list(olds.items())[:40])


def _versioned(net: Net, lines: tuple[DiffLine, ...]) -> list[DiffLine]:
    return [line for line in lines if net.kind(line) == "manifest" and VERSION.search(line.text[:200])]


def _library(text: str) -> str:
    return VERSION.sub("", text[:200]).strip().strip("\"'^~=<>:, ").lower()


def _step(before: str, after: str) -> Step:
    old, new = VERSION.search(before[:200]), VERSION.search(after[:200])
    if old is None or new is None:
        return "minor"
    if old[1] != new[1] or (old[1] == "0" and old[2] != new[2]):
        return "major"
    return "patch" if old[2] == new[2] else "minor"


def names_of(bump: Bump) -> frozenset[str]:
    """The words by which an error could name the library."""
    words = (word.lower() for word in WORD.findall(bump.name))
    return frozenset(word for word in words if len(word) >= SHORTEST and word not in GENERIC)


def _spoken_of(names: frozenset[str], spoken: frozenset[str]) -> bool:
    """Whether a word of the symptom is a library's name, or begins or ends with a long one."""
    longer = tuple(name for name in names if len(name) >= LONG)
    return bool(names & spoken) or any(word.startswith(longer) or word.endswith(longer) for word in spoken if longer)


def _told(bump: Bump) -> str:
    """A step with the versions that the lines name."""
    versions = [found[0] for line in bump.lines if (found := VERSION.search(line.text[:200]))]
    return f"{bump.step} step of {bump.name[:80]}" + (f" from {' to '.join(versions)}" if versions[1:] else "")


def dependencies(net: Net, spoken: frozenset[str]) -> list[Mechanism]:
    """The steps of libraries: a patch seldom breaks, and a library that the symptom names rather than another."""
    found = []
    for bump in bumps(net):
        named = _spoken_of(names_of(bump), spoken)
        strength = min(STRENGTH[bump.step] * (NAMED if named else UNNAMED), 1.0)
        families = {family: weight * strength for family, weight in FAMILIES.items()}
        reason = f"{_told(bump)}, which the symptom names" if named else _told(bump)
        found.append(Mechanism(NAMES[bump.step], families, reason, bump.lines))
    return sorted(found, key=lambda one: -max(one.families.values()))[:6]

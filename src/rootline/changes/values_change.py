"""Switches and names that a diff turned to another value."""

import re

from rootline.changes.diff import DiffLine
from rootline.changes.families import FAMILIES
from rootline.changes.mechanism import Mechanism
from rootline.changes.net import Net

SWITCH = re.compile(r"\b(true|false|on|off|yes|no|enabled?|disabled?)\b", re.IGNORECASE)
PAIR = re.compile(r"^\s*[-\"']{0,2}\s*([\w.:/-]{2,80})[\"']?\s*(?::=|=>|[:=])\s*(.{1,300}?)[,;]?\s*$")
ADDRESS = re.compile(
    r"://|\b[\w-]+(\.[\w-]+){2,}|\b(host|url|uri|endpoint|address|addr|dsn|server"
    r"|broker|upstream|region|bucket|namespace)s?\b",
    re.IGNORECASE,
)
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def values(net: Net) -> list[Mechanism]:
    """Keys whose switch flipped or whose text changed, at most 8; the key's words tell the families."""
    olds: dict[tuple[str, str], tuple[str, DiffLine]] = {}
    for line in net.removed.lines:
        if (pair := PAIR.match(line.text[:400])) and net.kind(line) != "manifest":
            olds[line.file, pair[1].lower()] = (pair[2], line)
    found = []
    for line in net.added.lines:
        pair = PAIR.match(line.text[:400])
        old = olds.pop((line.file, pair[1].lower()), None) if pair else None
        if pair and old and old[0] != pair[2]:
            found += _change(pair[1], old, (pair[2], line))
    return found[:8]


def _change(key: str, old: tuple[str, DiffLine], new: tuple[str, DiffLine]) -> list[Mechanism]:
    lines = (old[1], new[1])
    if SWITCH.fullmatch(old[0].strip("\"' ")) and SWITCH.fullmatch(new[0].strip("\"' ")):
        families = {"errors": 0.6, "config": 0.6, "data": 0.4, "crash": 0.3, **_topics(key, 0.8)}
        return [Mechanism("switch flipped", families, f"{key} turned from {old[0][:40]} to {new[0][:40]}", lines)]
    if ADDRESS.search(key) or ADDRESS.search(new[0]):
        families = {
            "network": 0.9,
            "dns": 0.9,
            "config": 0.8,
            "errors": 0.6,
            "auth": 0.4,
            "tls": 0.4,
            **_topics(f"{key} {old[0]} {new[0]}", 0.7),
        }
        return [Mechanism("address changed", families, f"{key} points elsewhere", lines)]
    if re.search(r"[A-Za-z]", new[0]) and not re.search(r"[({]", old[0] + new[0]):
        families = {"config": 0.6, "errors": 0.4, "startup": 0.4, **_topics(f"{key} {old[0]} {new[0]}", 0.7)}
        return [Mechanism("value changed", families, f"{key} has another value", lines)]
    return []


def _topics(key: str, strength: float) -> dict[str, float]:
    words = HUMP.sub(" ", key).replace("_", " ").replace("-", " ").replace(".", " ")
    return {family: strength for family, pattern in FAMILIES.items() if pattern.search(words)}

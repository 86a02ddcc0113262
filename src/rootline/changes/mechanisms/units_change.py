"""Lengths of time whose unit changed and whose number stayed."""

import re

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.setting import OTHER, setting_of
from rootline.changes.mechanisms.told import became

# Source: the names of time units in Go, Java, Python, JavaScript and Rust.
UNIT_WORDS: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (seconds, re.compile(words, re.IGNORECASE))
    for seconds, words in (
        (1e-9, r"nano(s|seconds?)?\b|(?<=[\d_])ns\b"),
        (1e-6, r"micro(s|seconds?)?\b|(?<=[\d_])us\b"),
        (1e-3, r"milli(s|seconds?)?\b|(?<=[\d_])ms\b|_millis\b"),
        (1.0, r"(?<!milli)(?<!micro)(?<!nano)seconds?\b|(?<=[\d_])(s|secs?)\b"),
        (60.0, r"minutes?\b|(?<=[\d_])(m|mins?)\b"),
        (3600.0, r"hours?\b|(?<=[\d_])h\b"),
        (86400.0, r"days?\b|(?<=[\d_])d\b"),
    )
)
NUMBER = re.compile(r"(?<![\w.])(\d[\d_]*)")
NEAR = 8


def units(net: Net) -> list[Mechanism]:
    """Numbers of more than one digit that stay while the unit beside them becomes another, at most 4."""
    found = []
    for old in net.removed.lines[:100]:
        for new in _beside(old, net.added.lines):
            before, after = _unit(old.text), _unit(new.text)
            kind = setting_of(old)
            if before and after and before != after and kind is not OTHER:
                direction = "lowered" if after < before else "raised"
                families = kind.lowered if after < before else kind.raised
                told = f"the unit of {kind.name} is another, its number is not{became(old, new)}"
                found.append(Mechanism(f"{kind.name} {direction}", families, told, (old, new)))
                break
    return found[:4]


def _beside(old: DiffLine, added: tuple[DiffLine, ...]) -> list[DiffLine]:
    numbers = {match[1] for match in NUMBER.finditer(old.text[:300]) if len(match[1]) > 1}
    near = (line for line in added if line.file == old.file and abs(line.number - old.number) <= NEAR)
    return [line for line in near if numbers & {match[1] for match in NUMBER.finditer(line.text[:300])}]


def _unit(text: str) -> float:
    """The only unit that a line speaks of, in seconds; 0 where it speaks of none or of several."""
    found = {seconds for seconds, pattern in UNIT_WORDS if pattern.search(text[:300])}
    return found.pop() if len(found) == 1 else 0.0

"""Numbers that a diff turns up or down, and what each direction can do."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.setting import OTHER, Setting, setting_of

Direction = Literal["lowered", "raised"]
NUMBER = re.compile(r"(?<![\w.])-?\d[\d_]*(?:\.\d+)?\s*\*?\s*(?:time\.)?([A-Za-z%]{0,12})")
QUOTE = re.compile(r"[\"']")
DIGITS = re.compile(r"-?\d[\d_]*(?:\.\d+)?")
NAMED = re.compile(r"([A-Za-z_][\w.-]{0,60})[\"']?\s{0,3}(?::\s?\w{1,20}\s?)?(?::=|=>|[:=(])\s{0,3}[\"']?$")
POWER = re.compile(r"(?<![\w.])(\d{1,4})\s{0,2}(\*\*|<<)\s{0,2}$")
"""Source: how Python, Ruby, JavaScript, C, Go, Java and Rust write powers and powers of two."""
HIGHEST = 64

WILD = 10.0
WHATEVER: Mapping[str, float] = {"latency": 0.5, "errors": 0.5, "cpu": 0.4, "memory": 0.4, "traffic": 0.3, "queue": 0.3}
"""Source: ours; what a number does that nobody knows, when it becomes ten times as large or small."""
MILLI = 1e-3
SLIGHT, FAR = 0.3, 3.0
"""Source: ours; a limit that moves by a tenth seldom breaks anything, one that moves threefold often does."""
# Source: SI and IEC prefixes, Kubernetes resource quantities, Go and Java duration names.
UNITS: Mapping[str, float] = {
    "ns": 1e-9,
    "us": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "sec": 1.0,
    "secs": 1.0,
    "second": 1.0,
    "seconds": 1.0,
    "min": 60.0,
    "minute": 60.0,
    "minutes": 60.0,
    "h": 3600.0,
    "hour": 3600.0,
    "hours": 3600.0,
    "d": 86400.0,
    "day": 86400.0,
    "days": 86400.0,
    "w": 604800.0,
    "week": 604800.0,
    "weeks": 604800.0,
    "millisecond": 1e-3,
    "milliseconds": 1e-3,
    "microsecond": 1e-6,
    "nanosecond": 1e-9,
    "k": 1e3,
    "ki": 1024.0,
    "kb": 1e3,
    "mi": 1024.0**2,
    "mb": 1e6,
    "gi": 1024.0**3,
    "gb": 1e9,
    "g": 1e9,
    "ti": 1024.0**4,
    "kib": 1024.0,
    "mib": 1024.0**2,
    "gib": 1024.0**3,
    "tib": 1024.0**4,
    "t": 1e12,
    "tb": 1e12,
}


@dataclass(frozen=True)
class Turned:
    """One number that changed on one line; `value` is the new one in base units, `key` what the line calls it."""

    before: DiffLine
    after: DiffLine
    direction: Direction
    old: str
    new: str
    value: float
    factor: float
    kind: Setting
    key: str = ""

    @property
    def extent(self) -> float:
        """How much the step tells, from `SLIGHT` for hardly any to 1 for a factor of `FAR` or more, or to or from 0."""
        return min(1.0, SLIGHT + (1.0 - SLIGHT) * math.log(self.factor) / math.log(FAR))


def turned(net: Net) -> Iterator[Turned]:
    """Pair removed and added lines that differ only in a number, in order."""
    waiting: dict[tuple[str, str], list[DiffLine]] = {}
    for line in net.removed.lines:
        if net.kind(line) == "manifest":
            continue
        waiting.setdefault((line.file, _mask(line.text)), []).append(line)
    for line in net.added.lines:
        olds = waiting.get((line.file, _mask(line.text)))
        if olds:
            yield from _compare(olds.pop(0), line)


def _mask(text: str) -> str:
    return "".join(QUOTE.sub("", NUMBER.sub("#", text[:400])).split())


def _compare(before: DiffLine, after: DiffLine) -> Iterator[Turned]:
    for old, new in zip(NUMBER.finditer(before.text[:400]), NUMBER.finditer(after.text[:400]), strict=False):
        kind = setting_of(after, new.start())
        small = MILLI if kind.name == "CPU share" else UNITS["min"]
        low, high = _value(old, small), _value(new, small)
        if low != high:
            direction: Direction = "lowered" if high < low else "raised"
            named = NAMED.search(after.text[max(0, new.start() - 100) : new.start()])
            key = named[1] if named else ""
            yield Turned(before, after, direction, old[0].strip(), new[0].strip(), high, _factor(low, high), kind, key)


def _factor(before: float, after: float) -> float:
    small, large = sorted((abs(before), abs(after)))
    return large / small if small and before * after > 0 else math.inf


def _value(match: re.Match[str], small: float) -> float:
    """The number in base units; `small` is what a bare m means: a thousandth of a CPU, else a minute.

    An exponent or a shift stands for the power that it makes with the number before it.
    """
    digits = DIGITS.match(match[0])
    amount = float(digits[0].replace("_", "")) if digits else 0.0
    power = POWER.search(match.string, max(0, match.start() - 16), match.start())
    if power and 0 <= amount <= HIGHEST:
        base = float(power[1])
        return base * 2.0**amount if power[2] == "<<" else math.pow(base, amount)
    return amount * (small if match[1] == "m" else UNITS.get(match[1].lower(), 1.0))


def settings(net: Net) -> list[Mechanism]:
    """Each number that a diff lowered or raised, at most 12 of them."""
    found: list[Mechanism] = []
    for one, _ in zip(turned(net), range(12), strict=False):
        setting = one.kind
        turned_by = setting.lowered if one.direction == "lowered" else setting.raised
        turned_by = {**turned_by, **WHATEVER} if setting is OTHER and one.factor >= WILD else turned_by
        families = {family: weight * one.extent for family, weight in turned_by.items()}
        reason = f"{setting.name} {one.direction} from {one.old} to {one.new}" + (f" ({one.key})" if one.key else "")
        found.append(Mechanism(f"{setting.name} {one.direction}", families, reason, (one.before, one.after)))
    return found

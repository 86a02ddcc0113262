"""Ten fixed questions about a range query, answered by a program that sees nothing but the text a model is sent."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log

from benchmarks.range_shop import START, Dataset, Truth

HEAD = re.compile(r"^(\d+) series.*?, (\d+) changed", re.MULTILINE)
MOVED = re.compile(
    r"^\[\d+\] (?P<name>\S+) (?P<verb>rose|fell) (?P<from>[\d.,e+-]+)→(?P<to>[\d.,e+-]+) "
    r"\(peak (?P<peak>[\d.,e+-]+)\).*? from (?P<begins>\d\d:\d\d:\d\d)Z(?: until (?P<ends>\d\d:\d\d:\d\d)Z)?",
    re.MULTILINE,
)
FLAT = re.compile(r"^flat at: (.+)$", re.MULTILINE)
LEVEL = re.compile(r"\[\d+\] (\S+) ([\d.,e+-]+)(?:;|$)")
NEAR_LEVEL, NEAR_S = 0.05, 60.0
VERBS = {"rises": "rose", "falls": "fell", "none": "flat"}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a line says of one series."""

    name: str
    verb: str
    before: float
    after: float
    peak: float
    begins: datetime | None
    ends: datetime | None

    @property
    def now(self) -> float:
        """The level at the end: where it went, unless that is over."""
        return self.before if self.ends else self.after


def answered(text: str, truth: Dataset) -> dict[str, bool]:
    """Say of each question whether the answer read from the text is right."""
    flat = [_still(*pair) for line in FLAT.findall(text) for pair in LEVEL.findall(line)]
    told = {one.name: one for one in [*map(_told, MOVED.finditer(text)), *flat]}
    true = {one.name: one for one in truth.series}
    if set(told) != set(true) or not (head := HEAD.search(text)):
        return dict.fromkeys(("every series is told of",), False)
    pairs = [(told[name], one) for name, one in true.items()]
    moved = [(said, one) for said, one in pairs if one.move != "none"]
    return {
        "how many series are there": int(head[1]) == len(true),
        "how many changed": int(head[2]) == len(moved),
        "which changed": {said.name for said in told.values() if said.verb != "flat"} == {one.name for _, one in moved},
        "in which direction did each go": all(said.verb == VERBS[one.move] for said, one in pairs),
        "when did each begin": all(_near_time(said.begins, one.begins) for said, one in moved),
        "from which level to which": all(_levels(said, one) for said, one in moved),
        "which changed most": _most(told) == max((one for _, one in moved), key=_change).name,
        "which is over, and since when": all(_near_time(said.ends, one.ends) for said, one in moved),
        "which is highest and which lowest now": _ends(told) == _true_ends(true),
        "what is the level of those that did not change": all(
            _near(said.before, one.level) for said, one in pairs if one.move == "none"
        ),
    }


def _told(line: re.Match[str]) -> Told:
    return Told(
        name=line["name"],
        verb=line["verb"],
        before=_number(line["from"]),
        after=_number(line["to"]),
        peak=_number(line["peak"]),
        begins=_moment(line["begins"]),
        ends=_moment(line["ends"]),
    )


def _still(name: str, level: str) -> Told:
    at = _number(level)
    return Told(name=name, verb="flat", before=at, after=at, peak=at, begins=None, ends=None)


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _moment(text: str | None) -> datetime | None:
    return datetime.combine(START, datetime.strptime(text, "%H:%M:%S").time(), UTC) if text else None  # noqa: DTZ007


def _near(told: float, true: float) -> bool:
    return abs(told - true) <= NEAR_LEVEL * abs(true)


def _near_time(told: datetime | None, true: datetime | None) -> bool:
    if told is None or true is None:
        return told is true
    return abs((told - true).total_seconds()) <= NEAR_S


def _levels(said: Told, one: Truth) -> bool:
    return _near(said.before, one.level) and _near(said.after, one.moved_to)


def _change(one: Truth) -> float:
    return abs(log(one.moved_to / one.level))


def _most(told: dict[str, Told]) -> str:
    return max(told.values(), key=lambda one: abs(log(one.after / one.before))).name


def _ends(told: dict[str, Told]) -> tuple[str, str]:
    ordered = sorted(told.values(), key=lambda one: one.now)
    return ordered[-1].name, ordered[0].name


def _true_ends(true: dict[str, Truth]) -> tuple[str, str]:
    ordered = sorted(true.values(), key=lambda one: one.now)
    return ordered[-1].name, ordered[0].name

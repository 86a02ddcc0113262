"""Signs that work waited before it was done."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.naming import Operation
from rootline.analysis.traces.periods import Periods, quantile

GAP = "gap before first child"
HANDOVER = "gap after parent"
_WAITED = re.compile(
    r"(?:^|[._-])(?:queue\w*|wait\w*|lag|pool|backlog|pending|acquire\w*|blocked|in_?flight)(?:$|[._-])"
)
_NUMBER = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)\s{0,3}(ns|us|µs|ms|s|sec|seconds|m)?")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "seconds": 1.0, "m": 60.0}
_UNIT_OF_KEY = {"ns": "ns", "nanos": "ns", "us": "us", "micros": "us", "ms": "ms", "millis": "ms", "s": "s"}
_GREW = 2.0
_WORTH_S = 0.01


@dataclass(frozen=True, kw_only=True)
class QueueSign:
    """A wait of one operation, as medians before and after the onset.

    `sign` is "gap before first child", "gap after parent" (of a consumer), or the name of the attribute.
    `unit` is "s" for a duration and empty for a level such as a depth. `baseline` is None where unseen.
    """

    service: str
    operation: str
    sign: str
    unit: Literal["s", ""]
    value: float
    baseline: float | None
    count: int


@dataclass(frozen=True)
class _Kind:
    name: Operation
    sign: str
    unit: Literal["s", ""]


def queue_signs(forest: Forest, periods: Periods) -> list[QueueSign]:
    """Find waits that doubled, or that have no baseline, the largest growth first.

    A gap counts from 10 ms. Source: own choice; below that, scheduling alone explains it.
    """
    before: dict[_Kind, list[float]] = {}
    after: dict[_Kind, list[float]] = {}
    for at, start in enumerate(forest.starts):
        side = before if periods.before(start) else after if periods.after(start) else None
        if side is not None:
            for kind, value in _waits(forest, at):
                side.setdefault(kind, []).append(value)
    found = [_sign(kind, values, before.get(kind, [])) for kind, values in after.items()]
    return sorted((one for one in found if _grew(one)), key=_order)


def _waits(forest: Forest, at: int) -> Iterable[tuple[_Kind, float]]:
    name = forest.operations[at]
    if forest.children[at] and not forest.coarse:
        first = min(forest.starts[child] for child in forest.children[at])
        yield _Kind(name, GAP, "s"), max(0.0, first - forest.starts[at])
    above = forest.parent[at]
    if above >= 0 and not forest.coarse and forest.starts[at] > forest.ends(above):
        yield _Kind(name, HANDOVER, "s"), forest.starts[at] - forest.ends(above)
    for key, text in forest.spans[at].attributes.items():
        read = _attribute(key.lower()[:100], str(text)[:40])
        if read:
            yield _Kind(name, key, read[1]), read[0]


def _attribute(key: str, text: str) -> tuple[float, Literal["s", ""]] | None:
    number = _NUMBER.fullmatch(text.strip())
    if not number or not _WAITED.search(key):
        return None
    unit = number[2] or _UNIT_OF_KEY.get(re.split(r"[._-]", key)[-1])
    return (float(number[1]) * _SECONDS[unit], "s") if unit else (float(number[1]), "")


def _sign(kind: _Kind, values: list[float], before: list[float]) -> QueueSign:
    return QueueSign(
        service=kind.name.service,
        operation=kind.name.name,
        sign=kind.sign,
        unit=kind.unit,
        value=quantile(sorted(values), 0.5),
        baseline=quantile(sorted(before), 0.5) if before else None,
        count=len(values),
    )


def _grew(one: QueueSign) -> bool:
    if one.value <= (_WORTH_S if one.unit else 0):
        return False
    if one.baseline is None:
        return one.sign not in {GAP, HANDOVER}
    return one.value >= _GREW * one.baseline


def _order(one: QueueSign) -> tuple[float, str, str, str]:
    growth = one.value / one.baseline if one.baseline else float("inf")
    return (-growth, one.service, one.operation, one.sign)

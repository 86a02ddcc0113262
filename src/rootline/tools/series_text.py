"""Series as short text: what they share is said once, those that moved have a line each, the others share one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from rootline.domain.fact import SeriesFact
from rootline.tools.infinities import infinite_text, why
from rootline.tools.wording import clock, cut, number

NONE: Mapping[int, datetime] = MappingProxyType({})
_VERBS = {"up": "rose", "down": "fell"}
# A spike and a drop are told by the verb and by whether they have ended.
_KINDS = {"trend_change": ", gradually", "threshold_breach": ", filling it"}


def series_text(
    facts: Sequence[SeriesFact],
    shown: int,
    stopped: Mapping[int, datetime] = NONE,
    begun: Mapping[int, datetime] = NONE,
) -> str:
    """Write the first `shown` series in their order, each with the place at which it is cited.

    `stopped` tells by place when a series had its last sample, where it has none any more; `begun`, when it had its
    first, where others are older.
    """
    changed = [_has_changed(one) for one in facts]
    metric, unit = _shared([one.metric for one in facts]), _shared([one.unit for one in facts])
    of = f" of {cut(metric, 120)}" if metric else ""
    known = f" in {unit}" if unit else ""
    told = list(zip(range(shown), facts, changed, strict=False))
    moved = [
        f"[{at}] {_changed(one, metric, unit)}{infinite_text(one)}" for at, one, has_changed in told if has_changed
    ]
    still = [
        f"[{at}] {_still(one, metric, unit)}{_start(begun, at)}{_end(stopped, at)}{infinite_text(one)}"
        for at, one, has_changed in told
        if not has_changed
    ]
    flat = [f"flat at: {'; '.join(still)}"] if still else []
    return "\n".join([f"{len(facts)} series{of}{known}, {sum(changed)} changed", *moved, *flat, *why(facts[:shown])])


def others_text(others: Sequence[SeriesFact], first: int) -> list[str]:
    """Write a line for the other trouble of each series that had two; `first` is the place of the first one."""
    return [f"[{first + at}] also {_changed(one, '', '')}" for at, one in enumerate(others)]


def _start(begun: Mapping[int, datetime], at: int) -> str:
    return f", no sample before {clock(begun[at])}" if at in begun else ""


def _end(stopped: Mapping[int, datetime], at: int) -> str:
    return f", no sample since {clock(stopped[at])}" if at in stopped else ""


def _shared(values: Sequence[str]) -> str:
    """Return the value that several series have in common; empty where they differ."""
    return values[0] if len(values) > 1 and len(set(values)) == 1 else ""


def _has_changed(fact: SeriesFact) -> bool:
    return fact.direction != "flat" or fact.anomaly == "pattern_break"


def _changed(fact: SeriesFact, metric: str, unit: str) -> str:
    return _moved(fact, metric, unit) if fact.direction != "flat" else _broken(fact, metric, unit)


def _moved(fact: SeriesFact, metric: str, unit: str) -> str:
    levels = f"{number(fact.baseline)}→{number(fact.current)} (peak {number(fact.peak)}) {_unit(fact, unit)}".rstrip()
    until = f" until {clock(fact.ended)}" if fact.ended else ""
    what = f"{_name(fact, metric)} {_VERBS[fact.direction]}"
    kind = _KINDS.get(fact.anomaly, "")
    return f"{what} {levels} from {clock(fact.onset)}{until}{kind}, score {number(fact.score)} {fact.sparkline}"


def _broken(fact: SeriesFact, metric: str, unit: str) -> str:
    """A series that kept its level and lost its rhythm or its noise."""
    until = f" until {clock(fact.ended)}" if fact.ended else ""
    level = f"{number(fact.current)} {_unit(fact, unit)}".rstrip()
    what = f"{_name(fact, metric)} broke its pattern around {level} from {clock(fact.onset)}{until}"
    return f"{what}, score {number(fact.score)} {fact.sparkline}"


def _still(fact: SeriesFact, metric: str, unit: str) -> str:
    level = "" if fact.baseline is None and fact.infinite else f" {number(fact.baseline)}"
    return f"{_name(fact, metric)}{level} {_unit(fact, unit)}".rstrip()


def _unit(fact: SeriesFact, shared: str) -> str:
    return "" if shared else fact.unit


def _name(fact: SeriesFact, metric: str) -> str:
    """Name a series by its service and labels, and by its metric where that is not said above."""
    named = fact.subject.replace(f" {metric}", "", 1) if metric else fact.subject
    return cut(named, 120) or cut(fact.subject, 120)

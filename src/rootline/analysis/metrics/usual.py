"""Numbers that only say what is usual at this hour, and the numbers beside them, which are read against them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.joining import Labels

# Source: the endings under which dashboards and recording rules keep an earlier day or a forecast beside a number.
_USUAL = re.compile(
    r"[_.:-]+((same|this)_(weekday|day|hour|minute|time)_)?((last|previous|prev|prior)_(week|day|month|year)|yesterday"
    r"|(a_|one_|\d+)?(week|day|w|d)s?_(ago|before|earlier)|offset_\d+[wd]|(expected|forecast(ed)?|predicted|usual|typical"
    r"|seasonal|baseline)(_value)?)$",
    re.IGNORECASE,
)
# Source: own choice; from one week to the next the same hour differs by less than a third.
_LIKE = 1.33
Key = tuple[str, str, Labels]


@lru_cache(maxsize=4096)
def plain_of(metric: str) -> str:
    """Return the metric whose usual value another one keeps; empty where it keeps none."""
    plain = _USUAL.sub("", metric)
    return plain if plain != metric else ""


def against_usual(findings: Sequence[MetricFinding]) -> list[MetricFinding]:
    """Take for unchanged what moved as it did at the same hour before, and the record of that hour itself.

    A number that moved otherwise keeps its finding, with its growth over what was usual as its ratio.
    """
    kept = {_key(one, plain): one for one in findings if (plain := plain_of(one.metric))}
    if not kept:
        return list(findings)
    known = kept.keys() & {_key(one, one.metric) for one in findings}
    return [_read(one, kept, known) for one in findings] if known else list(findings)


def _read(one: MetricFinding, kept: dict[Key, MetricFinding], known: set[Key]) -> MetricFinding:
    if _key(one, plain_of(one.metric)) in known:
        return _unchanged(one, one.ratio)
    usual = kept.get(_key(one, one.metric))
    if usual is None or one.direction == "flat" or not one.ratio or not usual.ratio:
        return one
    growth = one.ratio / usual.ratio
    return _unchanged(one, growth) if 1 / _LIKE < growth < _LIKE else replace(one, ratio=growth)


def _unchanged(one: MetricFinding, ratio: float | None) -> MetricFinding:
    return replace(
        one, direction="flat", kind="none", onset=None, ended=None, score=0.0, effect=0.0, significance=0.0, ratio=ratio
    )


def _key(one: MetricFinding, metric: str) -> Key:
    return one.service, metric, tuple(sorted(one.labels.items()))

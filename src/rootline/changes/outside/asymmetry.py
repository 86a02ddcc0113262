"""One of several likes that fails while its siblings are well: a machine, a copy, or a portion of the data."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

from rootline.changes.symptom import Symptom

Dimension = Literal["machine", "copy", "standby", "portion"]
# Source: the words by which exporters and log lines call machines, places and portions of data.
MACHINE = re.compile(r"(node|host|machine|instance|rack|az|zone|vm|hypervisor|blade)s?$", re.IGNORECASE)
COPY = re.compile(r"(pod|replica|broker|member|device|disk|volume)s?$", re.IGNORECASE)
STANDBY = re.compile(r"[-_.](replica|standby|secondary|follower|reader|mirror|slave)s?[-_.]?\d*$", re.IGNORECASE)
DEVICE = frozenset(["disk", "volume", "fsync", "nvme", "block", "io", "iops", "await"])
PORTION = re.compile(
    r"(partition|shard|tenant|workspace|customer|account|feed|supplier|source|store|warehouse|part)s?$", re.IGNORECASE
)
SHORT_PORTION = re.compile(r"(p|part|shard|partition)\d+$", re.IGNORECASE)
PERCENTILE = re.compile(r"p(50|75|9\d+)$", re.IGNORECASE)
ASPECTS = frozenset(
    [
        *(
            "available",
            "free",
            "used",
            "size",
            "total",
            "capacity",
            "limit",
            "max",
            "bytes",
            "inodes",
            "usage",
            "percent",
        ),
        *(
            "reads",
            "writes",
            "read",
            "write",
            "written",
            "errors",
            "latency",
            "seconds",
            "ops",
            "count",
            "time",
            "queue",
        ),
    ]
)
"""Source: the words by which exporters tell what of a thing they measure; they name none of several things."""
SPLIT = re.compile(r"[_\-.:/]+")
LEAST = 1
MOST = 200
_CALLED: tuple[tuple[Dimension, re.Pattern[str]], ...] = (("machine", MACHINE), ("copy", COPY))


def lone(symptom: Symptom) -> Iterator[tuple[Dimension, str, str]]:
    """Yield the dimension, the member that moved and one that stayed, for each family of numbers with more that stayed.

    Numbers are likes when their names differ in one word that names a machine, a copy or a portion, on one service;
    numbers of a device are likes also on a store and on its standby, which does the same work.
    """
    moved = [*symptom.rising[:MOST], *symptom.falling[:MOST]]
    for one in moved:
        stayed = [other for other in symptom.steady[:MOST] if _dimension(one, other)]
        also = [other for other in moved if other != one and _dimension(one, other)]
        if len(stayed) > len(also) and len(stayed) >= LEAST:
            dimension = _dimension(one, stayed[0])
            if dimension:
                yield dimension, one, stayed[0]


def _dimension(one: str, other: str) -> Dimension | None:
    service, here = _read(one)
    same, there = _read(other)
    if here == there:
        return "standby" if DEVICE.intersection(here) and STANDBY.sub("", same) == service != same else None
    if service != same or len(here) != len(there):
        return None
    apart = [at for at, pair in enumerate(zip(here, there, strict=False)) if pair[0] != pair[1]]
    if len(apart) != 1 or ASPECTS & {here[apart[0]].lower(), there[apart[0]].lower()}:
        return None
    return _of(here, apart[0])


@lru_cache(maxsize=4096)
def _read(name: str) -> tuple[str, tuple[str, ...]]:
    """The service of a "metric of service" name, and the words of its metric."""
    metric, _, service = name[:400].rpartition(" of ")
    return service, tuple(SPLIT.split(metric))


def _of(words: Sequence[str], at: int) -> Dimension | None:
    before = words[at - 1] if at else ""
    for dimension, called in _CALLED:
        if called.match(before) or called.match(words[at].rstrip("0123456789")):
            return dimension
    is_short = SHORT_PORTION.match(words[at]) and not PERCENTILE.match(words[at])
    return "portion" if PORTION.match(before) or is_short else None

"""Who wrote what fills a volume: the service beside which it stands, or somebody else."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.harm import is_of_the_node, is_used_up
from rootline.analysis.metrics.units import words
from rootline.changes.outside.measured import is_room

_WRITES, _BYTES = frozenset(["write", "writes", "written"]), "bytes"
_PER_SECOND = re.compile(r"_per_s(ec(ond)?)?$", re.IGNORECASE)
BEFORE = timedelta(seconds=30)
"""Source: ours; what is written shows on a volume within a few samples."""
HARDLY = 0.1
"""Source: ours; what counts all that a process writes counts its logs and answers too, so a tenth is much."""


def filled_by_others(findings: Sequence[MetricFinding], until: datetime) -> str:
    """Say that a volume was filled by others than its service; empty where that is not measured.

    What the service wrote, at the highest rate it was seen to write at, is hardly any of what went from the volume.
    """
    return next(_told(findings, until), "")


def _told(findings: Sequence[MetricFinding], until: datetime) -> Iterator[str]:
    for room in findings:
        if not is_room(room.metric) or _BYTES not in words(room.metric) or not is_used_up(room) or room.onset is None:
            continue
        lost, for_s = room.baseline - room.current, (until - room.onset + BEFORE).total_seconds()
        rates = [max(one.current, one.peak, one.baseline) for one in _writes(findings, room.service)]
        wrote = sum(rates) * for_s
        if rates and wrote < HARDLY * lost:
            yield (
                f"{room.metric} of {room.service} lost {lost / 1e6:.3g} MB, of which {room.service} wrote at most "
                f"{wrote / 1e6:.2g} MB"
            )


def _writes(findings: Iterable[MetricFinding], service: str) -> Iterator[MetricFinding]:
    """Yield how many bytes a second a service writes itself, as far as that is counted."""
    for one in findings:
        named = set(words(one.metric))
        is_rate = one.as_rate or bool(_PER_SECOND.search(one.metric))
        if (
            one.service == service
            and named & _WRITES
            and _BYTES in named
            and is_rate
            and not is_of_the_node(one.metric)
        ):
            yield one

"""Metrics of very many series: some are read at fewer moments, and whatever is left out of a look is told by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from rootline.domain.evidence import ClusterOutcome
from rootline.errors import ToolFault
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.hearing import LONGEST_DETAIL, tell
from rootline.sources.metrics.meters import Meter

MOST_JOINED = 50_000
"""Source: ours; a metric with more series than this is read at fewer moments where no service or label is named."""
PART = 0.5
"""Source: ours; of what the largest other metric costs. A Prometheus takes 0.5 microseconds for a sample's rate."""
LEAST_MOMENTS = 60
"""Source: ours; over a window and as much before it, so that an onset is known to a thirtieth of the window."""
MOST_LARGE = 4
"""Source: ours; with two questions at a time they cost a Prometheus some ten seconds together."""
_MOMENTS = 480


@dataclass(frozen=True, kw_only=True)
class Look:
    """What of several meters is read, each with how many times fewer moments, and what is not, with its series."""

    read: Sequence[tuple[Meter, int]]
    left: Sequence[tuple[Meter, int]]


def looked_at(chosen: Sequence[Meter], sizes: Mapping[str, float], moments: int, most: int = MOST_JOINED) -> Look:
    """Decide by the number of stored series; of the large ones the first few are read, as the order tells."""
    read: list[tuple[Meter, int]] = []
    left: list[tuple[Meter, int]] = []
    large: set[str] = set()
    for meter in chosen:
        size = round(sizes.get(meter.stored, 0))
        fewer = times_fewer(size, moments, most)
        if fewer > 1 and (fewer * LEAST_MOMENTS > moments or (meter.name not in large and len(large) >= MOST_LARGE)):
            left.append((meter, size))
            continue
        large.update({meter.name} if fewer > 1 else ())
        read.append((meter, fewer))
    return Look(read=read, left=left)


def times_fewer(series: int, moments: int, most: int = MOST_JOINED) -> int:
    """Return how many times fewer moments so many series are to be read at: 1 where they are not too many."""
    return 1 if series <= most else max(1, ceil(series * moments / (most * _MOMENTS * PART)))


def tell_of_the_rest(look: Look, failed: Mapping[str, SourceFailed | ToolFault]) -> None:
    """Say which metrics were left out of a look because of their size, with what helps, and which could not be read."""
    unread = ", ".join(f"{meter.name} ({size:,} series)" for meter, size in look.left)
    parts = [f"name a service or a label to read {unread}: too many at once"] if unread else []
    parts += [f"without {name}: {_why(why)}" for name, why in sorted(failed.items())]
    if parts:
        detail = "; ".join(parts)[:LONGEST_DETAIL]
        tell([ClusterOutcome(cluster="", asked="metrics", status="partial", detail=detail)])


def _why(failed: SourceFailed | ToolFault) -> str:
    return failed.happened if isinstance(failed, SourceFailed) else str(failed)

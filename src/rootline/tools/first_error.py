"""When services began to say that they fail."""

from collections.abc import Collection
from datetime import datetime, timedelta

from rootline.analysis.logs.findings import LogFinding
from rootline.analysis.logs.summary import summarise
from rootline.domain.window import Window
from rootline.sources.bundle import Sources
from rootline.sources.logs.source import NOTHING_READ, LogQuery
from rootline.tools.attempted import attempted

NEAR_ONSET, OFTEN = timedelta(minutes=5), 3
"""Source: ours; an error that comes once or twice may be any other."""
MISSED = 3.0
"""Source: ours; of what comes at random, three are expected in a time in which none comes once in twenty times."""


async def first_new_error(
    sources: Sources, window: Window, service: str, onset: datetime, around: Collection[str] = ()
) -> datetime | None:
    """Return when a service first logged an error that it did not log before, near an onset.

    Where it logs none of its own, those around it are asked, about errors that would have come before if they could.
    """
    if sources.logs is None:
        return None
    read = await attempted(sources.logs.read(LogQuery(), window), NOTHING_READ)
    found = summarise(read.lines, read.patterns, window, onset=onset - NEAR_ONSET)
    new = [one for one in found if one.is_error and one.count >= OFTEN and one.baseline_count == 0]
    near = [one for one in new if one.first_seen and abs(one.first_seen - onset) <= NEAR_ONSET]
    own = [one for one in near if one.service == service]
    since = min((line.at for line in read.lines if line.at >= window.start), default=window.start)
    others = [one for one in near if one.service in around and _was_missed(one, since)]
    return min((one.first_seen for one in own or others if one.first_seen), default=None)


def _was_missed(one: LogFinding, since: datetime) -> bool:
    """Whether an error comes so often now that its silence since a moment tells that it could not come then."""
    if one.first_seen is None or one.last_seen is None:
        return False
    lasted = max((one.last_seen - one.first_seen).total_seconds(), 1.0)
    return one.count / lasted * (one.first_seen - since).total_seconds() >= MISSED

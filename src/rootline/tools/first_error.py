"""When a service began to say that it fails."""

from datetime import datetime, timedelta

from rootline.analysis.logs.summary import summarise
from rootline.domain.window import Window
from rootline.sources.bundle import Sources
from rootline.sources.logs.source import NOTHING_READ, LogQuery
from rootline.tools.attempted import attempted

NEAR_ONSET, OFTEN = timedelta(minutes=5), 3
"""Source: ours; an error that comes once or twice may be any other."""


async def first_new_error(sources: Sources, window: Window, service: str, onset: datetime) -> datetime | None:
    """Return when a service first logged an error that it did not log before, near an onset."""
    if sources.logs is None:
        return None
    read = await attempted(sources.logs.read(LogQuery(), window), NOTHING_READ)
    found = summarise(read.lines, read.patterns, window, onset=onset - NEAR_ONSET)
    own = [one for one in found if one.is_error and one.service == service and one.count >= OFTEN]
    new = [one.first_seen for one in own if one.baseline_count == 0]
    return min((at for at in new if at and abs(at - onset) <= NEAR_ONSET), default=None)

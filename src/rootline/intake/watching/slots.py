"""The moments at which a watch evaluates: whole multiples of its interval, each once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

MOST_BEHIND = 30
"""Source: ours; a watch that was away for longer goes on with the present, as an alert of then helps nobody now."""


def slot_of(moment: datetime, interval: timedelta) -> datetime:
    """Return the last slot that is over at a moment."""
    step = interval.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // step * step, UTC)


def due(last: datetime | None, moment: datetime, interval: timedelta) -> Sequence[datetime]:
    """Return the slots that are over and were not evaluated, oldest first; one where there was none before."""
    now = slot_of(moment, interval)
    if last is None:
        return [now]
    missed = min(MOST_BEHIND, int((now - last) / interval))
    return [now - interval * back for back in reversed(range(missed))]

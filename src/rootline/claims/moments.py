"""The moments a fact tells: when something began, when it ended, and when two moments are the same."""

from datetime import UTC, datetime

from rootline.domain.window import Window, rfc3339

STARTS = frozenset({"onset", "at", "fired_at", "first_seen"})
ENDS = frozenset({"ended", "resolved_at", "last_seen"})
_LONGEST = 40


def moment(text: object) -> datetime | None:
    """Read an RFC 3339 moment with its zone; None for anything else."""
    if not isinstance(text, str) or len(text) > _LONGEST or "T" not in text:
        return None
    try:
        read = datetime.fromisoformat(text)
        return None if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def same_second(one: datetime, other: datetime) -> bool:
    """Whether both fall into the same second."""
    return one.replace(microsecond=0) == other.replace(microsecond=0)


def clock(at: datetime, beside: datetime | None = None) -> str:
    """Show a moment in UTC as 14:40:05; with its date when that is not the day of `beside`."""
    try:
        utc = at.astimezone(UTC)
        day = utc if beside is None else beside.astimezone(UTC)
    except (ValueError, OverflowError):
        return "an impossible time"
    return f"{utc:%H:%M:%S}" if utc.date() == day.date() else f"{utc:%Y-%m-%d %H:%M:%S}"


def span(window: Window) -> str:
    """Show a window in UTC as 14:40–15:20 UTC; with seconds or dates only where they say something."""
    start, end = clock(window.start), clock(window.end, beside=window.start)
    if start.endswith(":00") and end.endswith(":00"):
        start, end = start[:-3], end[:-3]
    return f"{start}–{end} UTC"


def shown(at: datetime) -> str:
    """Write a moment as evidence does: RFC 3339 in UTC."""
    try:
        return rfc3339(at)
    except (ValueError, OverflowError):
        return "an impossible time"

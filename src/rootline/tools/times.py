"""Times as models write them: RFC 3339, `now`, `now-1h`."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import Field

from rootline.domain.moment import read_length, read_moment
from rootline.domain.window import Window
from rootline.errors import ToolFault

LONGEST_WINDOW = timedelta(days=31)

Start = Annotated[str, Field(description="RFC 3339 or now-1h; default: incident window", max_length=40)]
End = Annotated[str, Field(description="As start", max_length=40)]


def read_time(text: str, now: datetime) -> datetime:
    """Read one time; raise ToolFault that shows how to write it."""
    told = text.strip()
    back = timedelta() if told == "now" else read_length(told.removeprefix("now-")) if told.startswith("now-") else None
    try:
        return read_moment(told).astimezone(UTC) if back is None else now - back
    except (ValueError, OverflowError) as bad:
        raise ToolFault(f"{text[:40]!r} is no time. Write 2026-06-18T15:03:00Z, now or now-30m.") from bad


def resolve(start: str, end: str, window: Window, now: datetime) -> Window:
    """Resolve two optional times to a window; what is left out comes from the incident's window."""
    first = read_time(start, now) if start else window.start
    last = read_time(end, now) if end else window.end
    if last <= first:
        raise ToolFault(f"The window {first.isoformat()} to {last.isoformat()} is empty: start must be before end.")
    if last - first > LONGEST_WINDOW:
        raise ToolFault(f"A window of {(last - first).days} days is too long; ask for at most {LONGEST_WINDOW.days}.")
    return Window(start=first, end=last)

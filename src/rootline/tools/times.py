"""Times as models write them: RFC 3339, `now`, `now-1h`."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import Field

from rootline.domain.moment import read_moment
from rootline.domain.window import Window
from rootline.errors import ToolFault

LONGEST_WINDOW = timedelta(days=31)
_RELATIVE = re.compile(r"now(?:-(\d{1,6})([smhdw]))?")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

Start = Annotated[str, Field(description="RFC 3339 or now-1h; default: incident window", max_length=40)]
End = Annotated[str, Field(description="As start", max_length=40)]


def read_time(text: str, now: datetime) -> datetime:
    """Read one time; raise ToolFault that shows how to write it."""
    relative = _RELATIVE.fullmatch(text.strip())
    try:
        if relative:
            amount, unit = relative.groups()
            return now - timedelta(**{_UNITS[unit]: int(amount)}) if unit else now
        return read_moment(text.strip()).astimezone(UTC)
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

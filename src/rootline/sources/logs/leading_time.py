"""The time that a line of a log begins with, and the times that programs write into fields."""

import re
from datetime import UTC, datetime

from rootline.domain.moment import read_moment

LONGEST = 2**14
_LEADING_TIME = re.compile(
    r"\s*\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)(?: ?(Z|UTC|[+-]\d\d:?\d\d)(?![\w:]))?\]?\s*"
)
_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))


def split_time(text: str) -> tuple[datetime, str] | None:
    """Part a line from the time before it, UTC where it names no zone; None where it begins with no time."""
    found = _LEADING_TIME.match(text[:LONGEST])
    at = _iso(found.group(1) + (found.group(2) or "").replace("UTC", "Z")) if found else None
    return (at, text[found.end() :]) if found is not None and at is not None else None


def moment_in(text: str) -> datetime | None:
    """Read a time: as ISO 8601 (UTC where no zone is told), or as seconds, milli-, micro- or nanoseconds since 1970."""
    try:
        number = float(text)
    except ValueError:
        return _iso(text)
    unit = next((unit for above, unit in _UNITS if number > above), 1.0)
    try:
        return datetime.fromtimestamp(number / unit, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _iso(text: str) -> datetime | None:
    try:
        return read_moment(text)
    except ValueError:
        return None

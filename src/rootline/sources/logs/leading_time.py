"""The time that a line of a log begins with, and the times that programs write into fields."""

import re
from datetime import UTC, datetime

from rootline.domain.moment import read_moment
from rootline.sources.logs.yearless import MONTHS, split_yearless

LONGEST = 2**14
_LEADING_TIME = re.compile(
    r"\s*\[?(\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)(?: ?(Z|UTC|[+-]\d\d:?\d\d)(?![\w:]))?\]?\s*"
)
_REQUEST = re.compile(
    r"(\S{1,300} \S{1,300} \S{1,300}) \[(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\] "
)
"""Source: Apache HTTP Server, "Log Files", the common log format, which nginx and others write too."""
_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))


def split_time(text: str, received: datetime | None = None) -> tuple[datetime, str] | None:
    """Part a line from the time before it, UTC where it names no zone; None where it begins with no time.

    The time of a request to a web server stands behind who made it, and is taken out from there. A time without a year,
    as syslog and klog write it, is read where it is known when the line was received.
    """
    found = _LEADING_TIME.match(text[:LONGEST])
    if found is None:
        return _of_request(text) or (split_yearless(text[:LONGEST], received) if received else None)
    at = _iso(found.group(1).replace("/", "-") + (found.group(2) or "").replace("UTC", "Z"))
    return (at, text[found.end() :]) if at is not None else None


def _of_request(text: str) -> tuple[datetime, str] | None:
    found = _REQUEST.match(text)
    if found is None or found[3] not in MONTHS:
        return None
    at = _iso(f"{found[4]}-{MONTHS.index(found[3]) + 1:02}-{found[2]}T{found[5]}{found[6]}")
    return (at, f"{found[1]} {text[found.end() :]}") if at is not None else None


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

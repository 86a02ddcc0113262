"""Times that name no year, as syslog and klog write them: the year is of the last such day before the line came."""

import re
from datetime import datetime, timedelta

from rootline.domain.moment import read_moment

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
AHEAD = timedelta(hours=14)
"""Source: the tz database; how far a local time, which these are where they name no zone, may be ahead of UTC."""
_LEAP_YEARS_APART = 8
"""Source: the Gregorian calendar; no 29 February is further from the one before."""
_CLOCK = r"(?P<clock>\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)"
_KLOG = re.compile(rf"[IWEF](?P<month>\d\d)(?P<day>\d\d) {_CLOCK} {{1,20}}")
"""Source: k8s.io/klog, the header of a line, which glog and its descendants write too."""
_SYSLOG = re.compile(
    rf"(?:<\d{{1,3}}>)?(?P<month>[A-Z][a-z]{{2}}) (?P<day>[ 0-3]?\d) {_CLOCK}"
    r"(?: ?(?P<zone>Z|UTC|[+-]\d\d:?\d\d)(?![\w:]))? {1,20}"
)
"""Source: RFC 3164, section 4.1; a fraction and a zone, which some programs add, are read too."""


def split_yearless(text: str, received: datetime) -> tuple[datetime, str] | None:
    """Part a line from the time before it, UTC where it names no zone; None where it begins with none of these.

    Args:
        text: The line, of a bounded length.
        received: When it was read, or had been written at the latest. The year is the last one that puts the line
            before that; a local time may be ahead of it.

    """
    found = _KLOG.match(text) or _SYSLOG.match(text)
    at = _moment(found.groupdict(), received) if found else None
    return (at, text[found.end() :]) if found and at else None


def _moment(told: dict[str, str | None], received: datetime) -> datetime | None:
    month, zone = told["month"] or "", (told.get("zone") or "").replace("UTC", "Z")
    number = month if month.isdigit() else f"{MONTHS.index(month) + 1:02}" if month in MONTHS else "00"
    rest = f"{number}-{(told['day'] or '').strip():0>2}T{told['clock']}{zone}"
    for year in range(received.year + 1, received.year - _LEAP_YEARS_APART - 1, -1):
        try:
            at = read_moment(f"{year}-{rest}")
        except ValueError:
            continue
        if at <= received + AHEAD:
            return at
    return None

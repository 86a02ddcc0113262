"""Moments that come from outside: one without a zone means UTC, wherever it is read.

Log lines, tapes, tables, webhooks and recorded incidents often leave the zone out. Compared with a moment that has one
such a moment is an error, and read in the zone of the machine it would move by hours. So every reader asks here.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator

_LENGTH = re.compile(r"([0-9]{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def in_utc(at: datetime) -> datetime:
    """Give a moment without a zone UTC; one with a zone stays as it is."""
    return at if at.utcoffset() is not None else at.replace(tzinfo=UTC)


def read_moment(text: str) -> datetime:
    """Read an ISO 8601 moment, with a point or a comma before its fraction; one without a zone is UTC.

    Raise ValueError where it is none.
    """
    return in_utc(datetime.fromisoformat(text))


def read_length(text: str) -> timedelta | None:
    """Read a length of time such as 90s, 30m, 2h, 1d or 1w; None where it is none."""
    found = _LENGTH.fullmatch(text.strip())
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None


def read_seconds(text: str) -> float:
    """Read an ISO 8601 moment as Unix seconds, as `read_moment` does."""
    return read_moment(text).timestamp()


Moment = Annotated[datetime, AfterValidator(in_utc)]
"""A moment as it is read out of JSON; whatever was written, it has a zone."""

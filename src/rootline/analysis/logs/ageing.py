"""Errors that tell how old something is: where all point back to one moment, it has not been renewed since then."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median

from rootline.domain.signal import LogLine

LONGEST = 600
LEAST, AGREEING = 4, 0.8
WITHIN, APART = timedelta(seconds=1), timedelta(seconds=8)
"""Source: ours; ages are told in whole seconds, and what is always of one age points to another moment each time."""
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
# Source: how programs write in errors that something expired, is stale, or was last seen, renewed or heard of.
_AGE = re.compile(
    r"(?<![\w.])(\d{1,9}(?:\.\d{1,6})?)\s?(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)\s"
    r"(?:ago|old|behind|overdue)\b",
    re.IGNORECASE,
)
_LOUD = frozenset({"error", "err", "critical", "fatal", "severe", "alert", "emergency"})


def dates_from(lines: Iterable[LogLine]) -> datetime | None:
    """Return the moment from which all dates that errors say is too old; None where they do not agree on one."""
    told = [(line.at, age) for line in lines if line.severity.lower() in _LOUD and (age := _age(line.text)) is not None]
    if len(told) < LEAST or max(at for at, _ in told) - min(at for at, _ in told) < APART:
        return None
    moments = [at - age for at, age in told]
    first = min(moments)
    middle = first + timedelta(seconds=median((one - first).total_seconds() for one in moments))
    agree = sum(abs(one - middle) <= WITHIN for one in moments)
    return middle if agree >= AGREEING * len(moments) else None


def _age(text: str) -> timedelta | None:
    found = _AGE.search(text[:LONGEST])
    if found is None:
        return None
    unit = found[2].lower()
    seconds = float(found[1]) * _UNITS["ms" if unit.startswith("mil") or unit == "ms" else unit[0]]
    return timedelta(seconds=seconds) if seconds < timedelta(days=365).total_seconds() else None

"""Ages as kubectl prints them."""

from datetime import datetime

_SECONDS = 120
_MINUTES_WITH_SECONDS = 600
_MINUTES = 3 * 3_600
_HOURS_WITH_MINUTES = 8 * 3_600
_HOURS = 48 * 3_600
_DAYS_WITH_HOURS = 8 * 86_400


def age(since: datetime | None, now: datetime) -> str:
    """Write how long ago something was: `45s`, `2m17s`, `3h5m`, `95d`; `<unknown>` where nobody knows.

    A time ahead of our clock counts as now. Years are written as days.

    Source: k8s.io/apimachinery, pkg/util/duration, HumanDuration.
    """
    if since is None:
        return "<unknown>"
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < _SECONDS:
        return f"{seconds}s"
    if seconds < _MINUTES:
        return _two(seconds, 60, "m", 1, "s", fine=seconds < _MINUTES_WITH_SECONDS)
    if seconds < _HOURS:
        return _two(seconds, 3_600, "h", 60, "m", fine=seconds < _HOURS_WITH_MINUTES)
    return _two(seconds, 86_400, "d", 3_600, "h", fine=seconds < _DAYS_WITH_HOURS)


def _two(seconds: int, unit_s: int, unit: str, part_s: int, part: str, *, fine: bool) -> str:
    rest = seconds % unit_s // part_s
    return f"{seconds // unit_s}{unit}" + (f"{rest}{part}" if fine and rest else "")

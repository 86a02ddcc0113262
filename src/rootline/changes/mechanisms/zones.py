"""Days and hours that are counted in another zone than before."""

import re

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net, lowered
from rootline.changes.mechanisms.mechanism import Mechanism

ZONED = lowered(
    r"\btz\b|\.tz\b|time_?zone|pytz|zoneinfo|zone_?id|\.zone\b|\.zone\(|at_?zone|as_?time_?zone|in_?time_?zone|local_?time\b"
    r"|utc_?offset|utcnow|zone_?offset|\butc\b|\.utc\(|time\.utc|time\.local|offsetdatetime|zoneddatetime|at time zone"
    r"|setdefault\(time|user\.timezone|\btz="
)
DAYS = lowered(
    r"\.date\(\)|to_?local_?date|\.to_date|local_?date|\btoday\b|start_?of_?day|truncate\(24|date_trunc|current_date"
    r"|day_?of|midnight|service_date|business_day"
)
FAMILIES = {"clock": 1.0, "data": 0.9, "schedule": 0.8, "errors": 0.4, "auth": 0.3}
DAY = {"clock": 0.8, "data": 0.7, "schedule": 0.6, "errors": 0.3}


def zones(net: Net) -> list[Mechanism]:
    """Statements whose zone is another one now, or whose day begins or ends at another moment."""
    went, came = net.removed.find(ZONED, 8), net.added.find(ZONED, 8)
    old, new = _words(went), _words(came)
    if (went or came) and old != new and (went or net.removed.lines):
        return [Mechanism("zone of a time changed", FAMILIES, "a time is read in another zone", (*went[:2], *came[:1]))]
    days = (*net.removed.find(DAYS, 2), *net.added.find(DAYS, 2))
    if net.removed.find(DAYS, 1) and net.added.lines:
        return [Mechanism("bounds of a day changed", DAY, "a day begins or ends at another moment", days[:3])]
    return []


def _words(lines: tuple[DiffLine, ...]) -> list[str]:
    return sorted(word for line in lines for word in re.findall(r"\w+", line.text[:300].lower()) if ZONED.search(word))

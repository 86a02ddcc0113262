"""Days and hours that are counted in another zone than before."""

import re
from collections.abc import Iterable, Sequence

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import MAX_LINE, Net, Side, lowered
from rootline.changes.mechanisms.mechanism import Mechanism

# Source: IANA, "Time Zone Database": the regions with which the names of zones begin.
_NAMED = r"(?:africa|america|antarctica|arctic|asia|atlantic|australia|europe|indian|pacific)/[a-z]|etc/(?:utc|gmt)\b"
ZONED = lowered(
    r"\btz\b|\.tz\b|time_?zone|pytz|\bzoneinfo\(|\bzoneid|at_?zone|as_?time_?zone|in_?time_?zone|local_?time\b"
    r"|utc_?offset|utcnow|zone_?offset|\butc\b|\.utc\(|time\.utc|time\.local|offsetdatetime|zoneddatetime|at time zone"
    r"|setdefault\(time|user\.timezone|\btz=|\bload_?location\(" + rf"|\bzoneinfo/(?:{_NAMED})"
)
OF_ANYTHING = lowered(r"\.zone\b|\bzone_id\b")
"""A zone that may also be one of machines or of names; only beside a word of time it is one of time."""
TIMED = lowered(r"time|date|clock|instant|moment|calendar|midnight|\bnow\b|\b(?:at|day|hour)s?\b")
BRINGS = lowered(
    r"^\s*(?:import\s|from\s+\S+\s+import\s|us(?:e|ing)\s+[\w:\\.]+\s*;|require(?:_relative)?\s)|\brequire\("
)
WORD = re.compile(rf"(?:{_NAMED})[\w/]*|\w+\(?")
MOST = 8
DAYS = lowered(
    r"\.date\(\)|to_?local_?date|\.to_date|local_?date|\btoday\b|start_?of_?day|truncate\(24|date_trunc|current_date"
    r"|day_?of|midnight|service_date|business_day"
)
FAMILIES = {"clock": 1.0, "data": 0.9, "schedule": 0.8, "errors": 0.4, "auth": 0.3}
DAY = {"clock": 0.8, "data": 0.7, "schedule": 0.6, "errors": 0.3}


def zones(net: Net) -> list[Mechanism]:
    """Statements whose zone is another one now, or whose day begins or ends at another moment."""
    went, came = _zoned(net.removed), _zoned(net.added)
    if _words(went) != _words(came) and (went or _replaces(came, net.removed.lines)):
        return [Mechanism("time zone changed", FAMILIES, "a time is read in another zone", (*went[:2], *came[:1]))]
    days = (*net.removed.find(DAYS, 2), *net.added.find(DAYS, 2))
    if net.removed.find(DAYS, 1) and net.added.lines:
        return [Mechanism("bounds of a day changed", DAY, "a day begins or ends at another moment", days[:3])]
    return []


def _zoned(side: Side) -> tuple[DiffLine, ...]:
    """Return the lines that say in which zone a time is; those that only bring a library in do not."""
    of_time = (line for line in side.find(OF_ANYTHING, MOST) if TIMED.search(_lower(line)))
    found = dict.fromkeys((*side.find(ZONED, MOST), *of_time))
    return tuple(line for line in sorted(found, key=lambda one: one.number) if not BRINGS.search(_lower(line)))


def _replaces(came: Iterable[DiffLine], went: Sequence[DiffLine]) -> bool:
    """Whether something else stood before in the file of one of these lines."""
    files = {line.file for line in went}
    return any(line.file in files for line in came)


def _words(lines: Iterable[DiffLine]) -> list[str]:
    """Return, in order, what names or converts a zone."""
    every = (word.rstrip("(") for line in lines for word in WORD.findall(_lower(line)) if _is_of_zone(word))
    return sorted(every)


def _is_of_zone(word: str) -> bool:
    return "/" in word or ZONED.search(word) is not None or word in {"zone", "zone(", "zone_id"}


def _lower(line: DiffLine) -> str:
    return line.text[:MAX_LINE].lower()

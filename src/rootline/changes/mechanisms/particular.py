"""Keys and labels that became particular to one caller, so that nearly each call makes a new one."""

import re

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net, lowered
from rootline.changes.mechanisms.keys import KEY
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.mechanisms.told import quote

# Source: what the documentation of caches and of Prometheus ("Instrumentation", on labels) warns to make keys of.
PARTICULAR = lowered(
    r"(cart|basket|session|access|visitor|csrf|request|trace|span|user|client|device|customer|correlation)_?(token|id)\b"
    r"|\buuid|nonce|time_?stamp|\bnow\(|\brandom|user_?agent|remote_?addr|full_?url|request_?uri|query_?string|\be_?mail\b"
)
CLOCK = lowered(
    r"\btime\.(time|monotonic|perf_counter)\w*\(|date\.now\(|current_?time_?millis|nano_?time\(|\.unix(nano|milli)?\("
)
LABEL = re.compile(r"with_?label|label_?names|labels?\s*[(\[{:=]|cache_?key|cachekey", re.IGNORECASE)
BESIDE = 6
"""Source: ours; of what a key is made stands in its own line, or in the few that follow its name."""
FAMILIES = {"cache": 1.0, "memory": 0.8, "queries": 0.6, "traffic": 0.6, "cpu": 0.6, "latency": 0.5, "disk": 0.4}


def particular(net: Net) -> list[Mechanism]:
    """What tells one caller from another came where keys or labels are built."""
    keyed = [line for line in net.added.lines if net.kind(line) == "code" and _builds_key(line)]
    came = (
        *_more(net, PARTICULAR),
        *(line for line in _more(net, CLOCK) if any(_is_beside(line, one) for one in keyed)),
    )
    if not keyed or not came:
        return []
    told = f"a key or label is built of what differs with each caller, so little is found again{quote(keyed[0])}"
    return [Mechanism("key with too many values", FAMILIES, told, tuple(dict.fromkeys((*came[:2], keyed[0]))))]


def _more(net: Net, pattern: re.Pattern[str]) -> tuple[DiffLine, ...]:
    return net.added.find(pattern) if net.added.count(pattern) > net.removed.count(pattern) else ()


def _is_beside(line: DiffLine, keyed: DiffLine) -> bool:
    return line.file == keyed.file and 0 <= line.number - keyed.number <= BESIDE


def _builds_key(line: DiffLine) -> bool:
    return bool(KEY.search(line.text[:300]) or LABEL.search(line.text[:300]) or LABEL.search(line.file[-100:]))

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
LABEL = re.compile(r"with_?label|label_?names|labels?\s*[(\[{:=]|cache_?key|cachekey", re.IGNORECASE)
FAMILIES = {"cache": 1.0, "memory": 0.8, "queries": 0.6, "traffic": 0.6, "cpu": 0.6, "latency": 0.5, "disk": 0.4}


def particular(net: Net) -> list[Mechanism]:
    """What tells one caller from another came where keys or labels are built."""
    came = net.added.find(PARTICULAR)
    if not came or net.added.count(PARTICULAR) <= net.removed.count(PARTICULAR):
        return []
    keyed = [line for line in net.added.lines if net.kind(line) == "code" and _builds_key(line)]
    if not keyed:
        return []
    told = f"a key or label is built of what differs with each caller, so little is found again{quote(keyed[0])}"
    return [Mechanism("key with too many values", FAMILIES, told, tuple(dict.fromkeys((*came[:2], keyed[0]))))]


def _builds_key(line: DiffLine) -> bool:
    return bool(KEY.search(line.text[:300]) or LABEL.search(line.text[:300]) or LABEL.search(line.file[-100:]))

"""Lines that only watch: logs, metrics and traces."""

import re

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net

WATCHES = re.compile(
    r"\blog(ger|ging)?\w*\.|\blog\w*\(|\bprint\w*\(|\.inc\(|\.observe\(|withlabelvalues|prometheus|statsd|\.gauge\(|histogram"
    r"|counter\b|setattribute|span\.|tracer|^\s*\"\w+\",\s*[\w.()]+,?\s*$|console\.",
    re.IGNORECASE,
)


def watching(net: Net) -> tuple[DiffLine, ...]:
    """The changed lines that only log, count or trace."""
    return tuple(line for line in (*net.added.lines, *net.removed.lines) if WATCHES.search(line.text[:300]))


def only_watches(net: Net) -> bool:
    """Whether nothing but logs, metrics and traces changes; brackets alone on a line do not count."""
    lines = [line for line in (*net.added.lines, *net.removed.lines) if re.search(r"\w", line.text[:300])]
    return bool(lines) and len(watching(net)) >= len(lines)

"""What to call a cause that only numbers and traces show."""

import re
from collections.abc import Iterable

from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.harm import hurts, is_down, is_partly_down, is_unanswered
from rootline.analysis.metrics.services import ServiceScore
from rootline.analysis.metrics.views import view_of
from rootline.domain.hypothesis import HypothesisType, Remediation

UNREACHED, SLOW = "it_cannot_be_reached", "it_became_slow"
Named = tuple[HypothesisType, str, Remediation]

_USED_UP = "memory_exhaustion"
_GROWTH: Named = ("capacity", "memory_growth", "scale")
_TAKEN_UP = "connections_exhausted"
_MORE_OPEN: Named = ("capacity", "connections_grew", "")
_OPEN = re.compile(r"open_connections|alive_connections|established", re.IGNORECASE)
_AMOUNTS = frozenset(["bytes", "KB", "KiB", "MB", "MiB", "GB", "GiB"])
"""An amount of memory, of which nobody said how much there may be."""

# The first row whose pattern the most telling metric bears decides.
_METRICS: tuple[tuple[str, Named], ...] = (
    (r"replica\w*lag|replication", ("database", "replication_lag", "")),
    (r"_lock(?:s|ed)?\b|_lock_|longest_transaction", ("database", "lock_contention", "")),
    (r"rows_(?:scanned|read)|blocks_read|disk_reads", ("database", "reads_grew", "")),
    (r"throttl", ("capacity", "cpu_throttled", "scale")),
    (r"blocked_by", ("capacity", "publishers_blocked", "")),
    (r"oom|mem(?!cached)|heap|rss", ("capacity", _USED_UP, "scale")),
    (r"cpu|load\d*\b", ("capacity", "cpu_saturation", "scale")),
    (r"(?:filesystem|storage|database|inodes?|journal)_utili[sz]ation", ("capacity", "room_used_up", "scale")),
    (r"disk|storage|inode|iops|filesystem", ("capacity", "disk_saturation", "scale")),
    (r"conn|pool|session", ("capacity", _TAKEN_UP, "scale")),
    (r"unack", ("capacity", "work_is_not_acknowledged", "")),
    (r"queue|lag|backlog|pending|depth", ("capacity", "backlog_growth", "scale")),
    (r"in_?flight", ("capacity", "work_piles_up", "")),
    (r"thread|goroutine|descriptor|\bfds?\b", ("capacity", "threads_exhausted", "scale")),
    (r"restart|crash", ("unknown", "keeps_restarting", "")),
    (r"cert\w*|\btls\b", ("certificate", "certificate_trouble", "rotate-cert")),
    (r"dns|resolv", ("network", "name_resolution_failure", "")),
    (r"retrans|packet|network|bytes|\brx\b|\btx\b", ("network", "network_trouble", "")),
)
# These tell by themselves what is wrong, whichever question about a service they answer.
_TELLING: tuple[tuple[str, Named], ...] = (
    (r"evicted_(?:keys|items)|cache\w*evict|evict\w*cache", ("capacity", "cache_too_small", "scale")),
    (r"(?:^|_)hits?_(?:ratio|rate|percent)", ("unknown", "cache_is_missed", "")),
    (
        r"(?:dns|name)\w*(?:fail|error)|failed_(?:lookups|answers)|lookup\w*(?:fail|error)",
        ("network", "name_resolution_failure", ""),
    ),
    (r"retransmit|network_(?:receive|transmit)_errors", ("network", "network_trouble", "")),
    (r"oom_kill", ("capacity", _USED_UP, "scale")),
)
# What a note of an operation begins with; names of operations that stand further on say nothing.
_NOTES: tuple[tuple[str, Named], ...] = (
    (r"n plus one:", ("unknown", "call_in_a_loop", "")),
    (r"retry:", ("dependency", "retry_storm", "")),
    (r"waits: (?:gap|\S*queue)", ("capacity", "work_waits_in_a_queue", "scale")),
    (r"waits: \S*pool", ("capacity", "connections_exhausted", "scale")),
)

# Source: own choice. A resource that changed this strongly names the cause better than the slowness it brings.
_STRAINED = 0.5


def named(score: ServiceScore | None, notes: Iterable[str], *, has_errors: bool) -> Named:
    """Name a cause by whether it is there, what its traces note, its most telling metric, or by how it fails."""
    if score is not None and score.top is not None and is_down(score.top):
        return "infrastructure", UNREACHED, ""
    if score is not None and score.top is not None and is_unanswered(score.top):
        return "unknown", "its_probe_fails", ""
    if score is not None and score.top is not None and is_partly_down(score.top):
        return "infrastructure", "partly_unreachable", ""
    for note in notes:
        for words, name in _NOTES:
            if re.match(words, note[:200], re.IGNORECASE):
                return name
    return _by_words(score) or _by_metric(score) or _by_failure(score, has_errors=has_errors)


def _by_words(score: ServiceScore | None) -> Named | None:
    if score is None or score.top is None or not hurts(score.top):
        return None
    said = score.top.metric[:200]
    return next((name for words, name in _TELLING if re.search(words, said, re.IGNORECASE)), None)


def _by_metric(score: ServiceScore | None) -> Named | None:
    if score is None or score.top is None or score.strain < min(_STRAINED, max(score.slowness, score.failures)):
        return None
    if view_of(score.top.metric) == "rate":
        rises = score.top.direction == "up"
        return ("traffic", "traffic_surge", "scale") if rises else ("traffic", "traffic_lost", "")
    name = next((name for words, name in _METRICS if re.search(words, score.top.metric[:200], re.IGNORECASE)), None)
    return name if name is None else _as_far_as_known(name, score.top)


def _as_far_as_known(name: Named, top: MetricFinding) -> Named:
    """Call more of something used up only where it is a share, waits, is refused, or how much there may be is told."""
    if name[1] == _USED_UP and top.unit in _AMOUNTS:
        return _GROWTH
    is_number = name[1] == _TAKEN_UP and top.unit == "" and _OPEN.search(top.metric[:200])
    return _MORE_OPEN if is_number else name


def _by_failure(score: ServiceScore | None, *, has_errors: bool) -> Named:
    if has_errors or (score is not None and score.failures > max(score.slowness, score.strain)):
        return "unknown", "its_requests_fail", ""
    if score is not None and score.slowness > 0:
        return "unknown", SLOW, ""
    return "unknown", "it_changed_first", ""

"""Which way of changing hurts, and whose fault a latency is."""

import math
from functools import lru_cache

from rootline.analysis.metrics.ceilings import is_success
from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.units import is_share_of_hits, is_up, words
from rootline.analysis.metrics.views import View, view_of

_MORE_IS_BETTER = frozenset(["available", "free", "ready", "replicas", "healthy", "up", "remaining", "hits"])
_OF_DEPENDENCIES = frozenset(
    ["client", "upstream", "outbound", "outgoing", "egress", "dependency", "dependencies", "downstream", "probe"]
)
_OF_THE_NODE = frozenset(["node", "host", "instance", "vm"])
# What a view says about its own service: failures and slowness are the symptom itself, a saturated resource
# is close to it, traffic is mostly somebody else's.
_WEIGHT: dict[View, float] = {
    "errors": 1.0,
    "duration": 1.0,
    "saturation": 0.9,
    "utilisation": 0.8,
    "rate": 0.3,
    "other": 0.3,
}
_NOT_ITS_OWN = 0.2
# Source: ours; a failing probe is told where nothing that stands behind it is, which weighs twice as much.
_PROBED, _UNANSWERED = "probe_success", 0.5
_CPU_SECONDS, _WAITS = frozenset(["s/s"]), frozenset(["wait", "waiting", "waited", "steal", "pressure"])
# A process that has just been started takes this much for a moment; on a busy machine everybody waits a little.
_IDLE_CPUS, _WAITED, _CROWDED = 0.1, 0.25, 0.5
_AGAINST = 0.15
_SHARE_OF_A_WHOLE = frozenset(["utilisation", "utilization"])
# Source: Brendan Gregg, "The USE Method": from 70 % utilisation on, queues begin to show in averages over a while.
_ROOMY = 0.7
# Source: ours; nothing else that a number can tell is as plain.
_DOWN = 0.9
_DESCRIPTORS, _FEW_DESCRIPTORS = frozenset(["fds", "descriptors"]), 512
"""Source: getrlimit(2) and systemd's defaults; the least usual limit is 1,024 open descriptors."""
_ALARM = "alarm"
# Source: ours; a process that has served for a while holds somewhat more than one that has just begun.
_MEMORY, _GROWN = frozenset(["memory", "mem", "heap", "rss", "resident"]), 1.5
_SUPPLY, _LEFT = frozenset(["available", "free", "remaining"]), 0.05


@lru_cache(maxsize=4096)
def more_is_better(metric: str) -> bool:
    """Whether the metric counts room, replicas or health, so that less of it hurts."""
    return bool(_MORE_IS_BETTER.intersection(words(metric))) or is_share_of_hits(metric)


@lru_cache(maxsize=4096)
def is_of_the_node(metric: str) -> bool:
    """Whether the metric measures the machine below the service."""
    return bool(_OF_THE_NODE.intersection(words(metric)))


@lru_cache(maxsize=4096)
def is_own(metric: str) -> bool:
    """Whether the metric measures the service itself, not what it calls or the machine below it."""
    return not (_OF_DEPENDENCIES | _OF_THE_NODE).intersection(words(metric))


def weight_of(view: View) -> float:
    """How much a metric of a view says about its own service, 0 to 1."""
    return _WEIGHT[view]


def harm(finding: MetricFinding) -> float:
    """How much a finding speaks against its service: its score, weighted by view, direction and ownership, 0 to 1."""
    weight = _WEIGHT[view_of(finding.metric)] * _own_part(finding)
    weight *= _AGAINST if any(tells(finding) for tells in (is_idle, _has_room, _grew_little, is_few)) else 1.0
    score = max(finding.score, _DOWN) if is_plain(finding) else finding.score
    score *= math.sqrt(1 - finding.current) if is_partly_down(finding) else 1.0
    return score * weight * (1.0 if hurts(finding) else _AGAINST)


def _own_part(finding: MetricFinding) -> float:
    if is_own(finding.metric):
        return 1.0
    return _UNANSWERED if is_unanswered(finding) else _NOT_ITS_OWN


def is_plain(finding: MetricFinding) -> bool:
    """Whether it tells by itself that its subject cannot do its work: it is down, in alarm, or fails every probe."""
    return is_down(finding) or is_alarmed(finding) or is_unanswered(finding)


def is_unanswered(finding: MetricFinding) -> bool:
    """Whether each probe of something fails that did not before, whoever is to blame for it."""
    fell = finding.direction == "down" and finding.ended is None and finding.current <= 0
    return fell and finding.metric == _PROBED


def is_alarmed(finding: MetricFinding) -> bool:
    """Whether an alarm that something raises about itself, 1 while it lasts and else 0, was raised and lasts."""
    is_raised = finding.direction == "up" and finding.ended is None and finding.current >= 1
    return _ALARM in words(finding.metric) and is_raised


def is_down(finding: MetricFinding) -> bool:
    """Whether something that could be reached cannot be reached any more."""
    return is_up(finding.metric) and finding.direction == "down" and finding.ended is None and finding.current <= 0


def is_out_of_reach(metric: str, level: float) -> bool:
    """Whether a level says by itself, whatever was usual before, that something or a part of it is not reached."""
    return (is_up(metric) or metric == _PROBED) and level < 1


def is_partly_down(finding: MetricFinding) -> bool:
    """Whether some of what could be reached cannot be reached any more, and the rest can."""
    fell = is_up(finding.metric) and finding.direction == "down" and finding.ended is None
    return fell and 0 < finding.current < 1


def is_idle(finding: MetricFinding) -> bool:
    """Whether it is less CPU time than matters: a tenth of one CPU used, or a quarter of the time waited for one."""
    named = set(words(finding.metric))
    least = _WAITED if named & _WAITS else _IDLE_CPUS
    return finding.unit in _CPU_SECONDS and "cpu" in named and max(finding.current, finding.peak) < least


def is_few(finding: MetricFinding) -> bool:
    """Whether it counts open descriptors that are fewer than half of what any process may have."""
    named = set(words(finding.metric))
    is_of_open = bool(named & _DESCRIPTORS) and "open" in named
    return is_of_open and max(finding.current, finding.peak) < _FEW_DESCRIPTORS


def _has_room(finding: MetricFinding) -> bool:
    return has_room(finding.metric, finding.unit, max(finding.current, finding.peak))


def _grew_little(finding: MetricFinding) -> bool:
    """Whether it is an amount of memory, of an unknown whole, that grew by less than a half."""
    is_amount = finding.unit == "bytes" and not _MEMORY.isdisjoint(words(finding.metric))
    return is_amount and finding.direction == "up" and max(finding.current, finding.peak) < _GROWN * finding.baseline


def has_room(metric: str, unit: str, most: float) -> bool:
    """Whether it is a share of a whole, such as memory or connections, of which enough is left at the most used."""
    return unit == "ratio" and most < _ROOMY and not _SHARE_OF_A_WHOLE.isdisjoint(words(metric))


def is_crowded(finding: MetricFinding) -> bool:
    """Whether it came to wait for a CPU half of the time, which hurts however often it has had to wait a little."""
    named = set(words(finding.metric))
    is_wait = finding.unit in _CPU_SECONDS and "cpu" in named and bool(named & _WAITS)
    return is_wait and finding.direction == "up" and finding.current >= _CROWDED > 2 * finding.baseline


def is_used_up(finding: MetricFinding) -> bool:
    """Whether room or another supply of which there was enough is all but gone, however it went before."""
    supply = _SUPPLY.intersection(words(finding.metric))
    return bool(supply) and finding.direction == "down" and 0 <= finding.current <= _LEFT * finding.baseline


def hurts(finding: MetricFinding) -> bool:
    """Whether it changed for the worse: more of most things, less of success, of room and of traffic."""
    if finding.kind == "none":
        return False
    if finding.kind == "pattern_break" or view_of(finding.metric) in ("rate", "other"):
        return True
    better = is_success(finding.metric) or more_is_better(finding.metric)
    return finding.direction == ("down" if better else "up")

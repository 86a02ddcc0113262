"""The RED and USE views: which question about a service a metric answers."""

from functools import lru_cache
from typing import Literal

from rootline.analysis.metrics.units import is_share_of_hits, is_up, words

View = Literal["rate", "errors", "duration", "utilisation", "saturation", "other"]

# Source: Tom Wilkie, "The RED Method" (2018), and Brendan Gregg, "Thinking Methodically about Performance"
# (ACM Queue, 2012) for USE. The first row that shares a word with the name decides, so order matters:
# `request_errors` are errors, `queue_wait_seconds` is saturation, `cpu_seconds` is utilisation.
_NAMES: tuple[tuple[View, str], ...] = (
    (
        "errors",
        (
            "error errors err fail failed failure failures fault faults exception exceptions 5xx 4xx 500 502 503 "
            "504 timeout timeouts abort aborted reject rejected rejections drop dropped drops lost retransmits "
            "restart restarts crash crashes oom oomkilled unavailable availability panic panics discards success "
            "evicted evictions"
        ),
    ),
    (
        "saturation",
        (
            "queue queued backlog lag pending wait waiting throttle throttled throttling throttles saturation pool "
            "inflight depth blocked contention load load1 load5 load15 pressure stall swap iowait exhausted"
        ),
    ),
    (
        "utilisation",
        (
            "cpu memory mem heap rss disk fs filesystem utilization utilisation util usage used working cache "
            "threads goroutines fds descriptors connections sessions bandwidth inodes gc storage network receive "
            "transmit rx tx replicas available free cores"
        ),
    ),
    (
        "duration",
        (
            "latency duration seconds ms milliseconds time rtt response p50 p75 p90 p95 p99 p999 elapsed "
            "delay lat lat50 lat90 lat95 lat99 microseconds"
        ),
    ),
    (
        "rate",
        (
            "requests request rps qps tps rate throughput calls hits ops operations messages count traffic total "
            "workload volume invocations transactions"
        ),
    ),
)


_COUNTED = ("_per_second", "_count")
_SIZES = frozenset(["bytes", "byte", "size", "length"])
_WORDS = tuple((view, frozenset(names.split())) for view, names in _NAMES)


@lru_cache(maxsize=4096)
def view_of(metric: str) -> View:
    """Classify a metric by the words in its name; `other` when none is known. Not to be up is to fail.

    How much a cache answers itself is how well it is used, how many durations were measured is traffic, and
    how large a response is says nothing of how long it takes.
    """
    if is_up(metric):
        return "errors"
    if is_share_of_hits(metric):
        return "utilisation"
    parts = set(words(metric))
    view: View = next((view for view, known in _WORDS if known & parts), "other")
    if view != "duration":
        return view
    return "rate" if metric.endswith(_COUNTED) else "other" if parts & _SIZES else view

"""What a metric's name says about its unit and about whether it only counts up."""

import re
from functools import lru_cache
from typing import Literal

CounterHint = Literal["counter", "gauge", "unknown"]

TO_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "min": 60.0}

# Source: prometheus.io, "Metric and label naming", base units; and the short forms of StatsD and OpenTelemetry.
_UNIT_OF_WORD = {
    "nanoseconds": "ns",
    "ns": "ns",
    "microseconds": "us",
    "us": "us",
    "milliseconds": "ms",
    "millis": "ms",
    "ms": "ms",
    "seconds": "s",
    "sec": "s",
    "secs": "s",
    "minutes": "min",
    "bytes": "bytes",
    "byte": "bytes",
    "kb": "KB",
    "kib": "KiB",
    "mb": "MB",
    "mib": "MiB",
    "gb": "GB",
    "gib": "GiB",
    "ratio": "ratio",
    "percent": "percent",
    "pct": "percent",
    "percentage": "percent",
    "celsius": "celsius",
    "volts": "volts",
    "cores": "cores",
    "millicores": "millicores",
    "rps": "1/s",
    "qps": "1/s",
    "tps": "1/s",
}
_HITS, _SHARES = frozenset(["hit", "hits"]), frozenset(["ratio", "rate", "percent", "percentage", "pct", "share"])
_PER = {"s": "1/s", "sec": "1/s", "second": "1/s", "min": "1/min", "minute": "1/min"}
_AGGREGATES = {"total", "count", "sum", "bucket", "avg", "mean", "max", "min", "median", "rate", "sec"}
_PERCENTILE = re.compile(r"p\d{2,3}|q?0?\d{2}")
_COUNTER_ENDINGS = ("_total", "_count", "_sum", "_bucket")
_GAUGES = (
    "bytes ratio percent pct celsius usage used free available memory mem heap rss disk size length depth queue "
    "lag backlog pending inflight active open connections sessions threads goroutines replicas ready latency "
    "duration seconds ms age temperature load util utilization cpu fds limit offset"
)
_GAUGE_WORDS = frozenset(_GAUGES.split())


def words(metric: str) -> list[str]:
    """Split a metric name into lower-case words at underscores, dots, dashes and camel humps."""
    humps = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", metric[:200])
    return [word for word in re.split(r"[^a-z0-9%]+", humps.lower()) if word]


def is_up(metric: str) -> bool:
    """Whether a metric is 1 while something can be reached and else 0.

    Source: prometheus.io, "Jobs and instances" for `up`, and "Writing exporters" for `…_up`.
    """
    return words(metric)[-1:] == ["up"]


def is_share_of_hits(metric: str) -> bool:
    """Whether a metric is the share of what a cache could answer itself, of which less hurts."""
    said = set(words(metric))
    return bool(said & _HITS) and bool(said & _SHARES)


def guess_unit(metric: str) -> str:
    """The unit a metric's name ends in, or an empty string.

    `_seconds`, `_ms`, `_bytes`, `_ratio`, `_percent` and their like are read as they stand, a counting
    ending such as `_total` behind them is passed over, a bare `_total` or `_count` is a count, and what ends in
    `_per_sec` is a rate.
    """
    parts = words(metric)
    if len(parts) > 1 and parts[-2] == "per" and parts[-1] in _PER:
        return _PER[parts[-1]]
    for word in reversed(parts):
        if word in _UNIT_OF_WORD:
            return _UNIT_OF_WORD[word]
        if word not in _AGGREGATES and not _PERCENTILE.fullmatch(word):
            break
    return "count" if metric.lower().endswith(("_total", "_count", "_bucket")) else ""


@lru_cache(maxsize=4096)
def counter_hint(metric: str) -> CounterHint:
    """Whether the name promises a counter, a gauge, or neither."""
    if metric.lower().endswith(_COUNTER_ENDINGS):
        return "counter"
    return "gauge" if _GAUGE_WORDS.intersection(words(metric)) else "unknown"

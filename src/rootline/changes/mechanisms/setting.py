"""Kinds of numbers in code and configuration, and what follows when they are turned down or up."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rootline.changes.diffs.diff import DiffLine

HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Setting:
    """A kind of number: how its name looks, and what follows when it is lowered or raised."""

    name: str
    pattern: re.Pattern[str]
    lowered: Mapping[str, float]
    raised: Mapping[str, float]


def _setting(name: str, words: str, lowered: Mapping[str, float], raised: Mapping[str, float]) -> Setting:
    return Setting(name, re.compile(words.replace(r"\b", r"(?:\b|_)"), re.IGNORECASE), lowered, raised)


# Source: what each limit protects, after M. Nygard, Release It! (2nd ed., 2018), chapters 4 and 5, and
# B. Beyer et al., Site Reliability Engineering (2016), chapters 21 and 22. First match wins.
SETTINGS: tuple[Setting, ...] = (
    _setting(
        "liveness or readiness probe",
        r"initial_delay|failure_threshold|liveness|readiness|probe|grace_period",
        {"startup": 0.9, "crash": 0.7},
        {"network": 0.3, "startup": 0.3},
    ),
    _setting(
        "idle or health-check period",
        r"idle_?time(?:out)?|conn_idle|max_conn_idle|life_?time|health_?check"
        r"|keep_?alive",
        {"network": 0.9, "handles": 0.5, "errors": 0.5, "latency": 0.4, "pool": 0.4},
        {"network": 0.6, "handles": 0.5, "errors": 0.4, "pool": 0.4},
    ),
    _setting(
        "connection ceiling",
        r"max_(open_|idle_|active_|db_)?conn|pool_?size|max_?pool|maximum_pool"
        r"|conn\w*_limit|pool_(max|limit)"
        r"|max_active|max_total|connections?\b|\bpool\b",
        {"pool": 1.0, "latency": 0.7, "errors": 0.5, "queue": 0.4},
        {"pool": 0.7, "handles": 0.5, "memory": 0.3},
    ),
    _setting(
        "lease or heartbeat",
        r"lease|heart_?beat|renew_deadline|session_timeout|election|member_timeout|rebalance|visibility|lock_?duration",
        {
            "leader": 1.0,
            "queue": 0.9,
            "network": 0.6,
            "data": 0.5,
            "replica": 0.6,
            "errors": 0.5,
            "crash": 0.4,
            "lock": 0.4,
        },
        {"leader": 0.7, "queue": 0.6, "latency": 0.5, "lock": 0.5, "replica": 0.4},
    ),
    _setting(
        "back-off",
        r"back_?off|retry_(delay|interval|wait|after)|jitter",
        {"traffic": 0.8, "ratelimit": 0.7, "cpu": 0.4, "latency": 0.4},
        {"latency": 0.3},
    ),
    _setting(
        "number of retries",
        r"retr(y|ies)|attempts?",
        {"errors": 0.5, "network": 0.4},
        {"traffic": 1.0, "ratelimit": 0.8, "latency": 0.6, "queue": 0.5, "handles": 0.3, "cpu": 0.4},
    ),
    _setting(
        "life of credentials",
        r"(token|session|jwt|credential|cert\w*|secret|login)_?\w*(ttl|expir|life|age|valid|renew|timeout|duration)",
        {"auth": 1.0, "tls": 0.7, "errors": 0.6, "clock": 0.5, "traffic": 0.3},
        {"auth": 0.4},
    ),
    _setting(
        "time to live",
        r"ttl|expir|max_age|stale|cache_(control|seconds|minutes|duration|time)|leeway",
        {"cache": 1.0, "latency": 0.6, "traffic": 0.6, "queries": 0.6, "cpu": 0.4, "auth": 0.4, "clock": 0.4},
        {"data": 0.6, "memory": 0.4, "cache": 0.5, "auth": 0.3, "disk": 0.2},
    ),
    _setting(
        "cache size",
        r"cache_\w*(size|max|entries|capacity|limit)|(max|most)_?(entries|items|keys)|lru|maxmemory",
        {"cache": 0.8, "latency": 0.5, "queries": 0.5},
        {"memory": 0.9, "cache": 0.3},
    ),
    _setting(
        "timeout",
        r"time_?out|deadline|time_limit|max_wait|wait_(ms|seconds|time)",
        {"latency": 0.8, "errors": 0.8, "network": 0.6, "queue": 0.4},
        {"latency": 0.8, "handles": 0.5, "pool": 0.5, "queue": 0.4},
    ),
    _setting(
        "rate limit",
        r"rate_?limit|quota|\bqps|\brps|burst|throttl|max_requests|requests_per|per_second",
        {"ratelimit": 1.0, "errors": 0.7},
        {"traffic": 0.7, "cpu": 0.4, "latency": 0.4, "ratelimit": 0.6},
    ),
    _setting(
        "memory limit",
        r"memory|\bmem\b|mem_limit|heap|xmx|old_space|shm|work_mem|ephemeral_storage",
        {"memory": 1.0, "crash": 0.7, "schedule": 0.3},
        {"schedule": 0.6, "memory": 0.4},
    ),
    _setting(
        "CPU share",
        r"\bcpus?\b|gomaxprocs|millicores|nproc",
        {"cpu": 1.0, "latency": 0.8, "startup": 0.3},
        {"schedule": 0.5},
    ),
    _setting(
        "number of replicas",
        r"replicas|replica_count|scale_to|min_available|shards_per|min_instances|max_instances|desired_count|instance_count|num_nodes"
        r"|capacity",
        {"latency": 0.8, "cpu": 0.8, "traffic": 0.7, "queue": 0.7, "errors": 0.5},
        {"pool": 0.6, "schedule": 0.6},
    ),
    _setting(
        "concurrency",
        r"concurren|workers?|threads?|parallel|in_flight|prefetch|\bqos|semaphore|processes",
        {"queue": 1.0, "latency": 0.7, "traffic": 0.5},
        {"cpu": 0.7, "memory": 0.8, "queue": 0.6, "pool": 0.7, "lock": 0.5, "handles": 0.6, "ratelimit": 0.5},
    ),
    _setting(
        "length of a queue",
        r"queue|backlog|max_(pending|waiting)|accept_count",
        {"queue": 1.0, "traffic": 0.7, "errors": 0.7},
        {"latency": 0.6, "memory": 0.5, "queue": 0.5},
    ),
    _setting(
        "size limit",
        r"(max|most|longest|largest|biggest)_(body|message|request|payload|upload|header|file|line)|size_limit|max_size"
        r"|max_bytes|max_len|buffer",
        {"size": 1.0, "errors": 0.6, "network": 0.5, "parse": 0.3},
        {"memory": 0.6},
    ),
    _setting(
        "batch size",
        r"batch|chunk|page_size|fetch_size|bulk_?(size|limit|count)|per_page|window_size|poll_records|max_records|\blimit",
        {"queue": 0.8, "queries": 0.6, "traffic": 0.4, "latency": 0.4, "data": 0.3, "cpu": 0.3},
        {
            "memory": 0.9,
            "queue": 0.8,
            "leader": 0.8,
            "latency": 0.7,
            "size": 0.7,
            "lock": 0.5,
            "replica": 0.4,
            "queries": 0.3,
        },
    ),
    _setting("retention", r"retention|rotat|max_files|max_backups|keep_", {"data": 0.5}, {"disk": 1.0}),
    _setting(
        "interval",
        r"interval|period|every|frequen|ticker?|schedul|delay|sleep|poll|refresh",
        {"cpu": 0.6, "traffic": 0.7, "ratelimit": 0.6, "queries": 0.4},
        {"queue": 0.5, "data": 0.5, "schedule": 0.4, "latency": 0.3, "cache": 0.3},
    ),
    _setting(
        "port",
        r"port\b|ports\b|listen",
        {"network": 1.0, "startup": 0.7, "errors": 0.6},
        {"network": 1.0, "startup": 0.7, "errors": 0.6},
    ),
    _setting(
        "share of a roll-out",
        r"roll_?out|percent|experiment|canary|traffic_(split|weight|share)",
        {"errors": 0.3, "data": 0.3},
        {"latency": 0.8, "errors": 0.8, "cpu": 0.6, "memory": 0.6, "crash": 0.5, "traffic": 0.5, "data": 0.5},
    ),
    _setting(
        "share or threshold",
        r"threshold|ratio|weight|sampl|probabil|rate",
        {"errors": 0.3, "data": 0.4, "disk": 0.3},
        {"errors": 0.3, "data": 0.4, "disk": 0.4, "cpu": 0.3},
    ),
    _setting(
        "amount of work",
        r"rounds|iterations|(cost|work)_factor|complexity|depth|passes|repeats|fan_?out",
        {"data": 0.3, "errors": 0.2},
        {"cpu": 1.0, "latency": 0.9, "memory": 0.3, "queue": 0.3},
    ),
    _setting("partitions", r"partition|shard", {"queue": 0.7, "latency": 0.4}, {"queue": 0.5, "data": 0.4}),
)
DURATION = _setting(
    "a duration",
    r"_(s|ms|us|secs?|seconds?|millis|minutes)[\"']?\s*(:\s*\w{1,20}\s*)?[:=]",
    {"errors": 0.4, "traffic": 0.3, "data": 0.2},
    {"latency": 0.5, "queue": 0.4, "pool": 0.2},
)
OTHER = Setting("a number", re.compile(""), {"data": 0.2, "errors": 0.15}, {"data": 0.2, "errors": 0.15})


REACH = 80
"""Source: ours; a number's own name stands close before it."""


def setting_of(line: DiffLine, place: int = -1) -> Setting:
    """Which kind of number a line holds, judged by its words with humps and dashes made underscores.

    Of several words, those next before the number at a `place` decide; without a place, or where none stands before
    it, the first kind of all that the line speaks of.
    """
    before = _name(line.text[max(0, place - REACH) : place]) if place > 0 else ""
    near = _nearest(before)
    name = _name(line.text[:400])
    return near or next((one for one in (*SETTINGS, DURATION) if one.pattern.search(name)), OTHER)


def _name(text: str) -> str:
    return HUMP.sub("_", text).replace("-", "_").replace(".", "_")


def _nearest(before: str) -> Setting | None:
    """The kind whose words end last, and of those that end together the first in the table."""
    ends = [(max((match.end() for match in one.pattern.finditer(before)), default=-1), one) for one in SETTINGS]
    last = max(end for end, _ in ends)
    return next(one for end, one in ends if end == last) if last > 0 else None

"""Numbers that a diff turns up or down, and what each direction can do."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from rootline.changes.diff import DiffLine
from rootline.changes.mechanism import Mechanism
from rootline.changes.net import Net

Direction = Literal["lowered", "raised"]
NUMBER = re.compile(r"(?<![\w.])-?\d[\d_]*(?:\.\d+)?\s*\*?\s*(?:time\.)?([A-Za-z%]{0,12})")
DIGITS = re.compile(r"-?\d[\d_]*(?:\.\d+)?")
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

# Source: SI and IEC prefixes, Kubernetes resource quantities, Go and Java duration names.
UNITS: Mapping[str, float] = {
    "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0, "min": 60.0,
    "minute": 60.0, "minutes": 60.0, "h": 3600.0, "hour": 3600.0, "hours": 3600.0, "d": 86400.0, "day": 86400.0,
    "days": 86400.0, "millisecond": 1e-3, "milliseconds": 1e-3, "microsecond": 1e-6, "nanosecond": 1e-9,
    "k": 1e3, "ki": 1024.0, "kb": 1e3, "mi": 1024.0**2, "mb": 1e6, "gi": 1024.0**3, "gb": 1e9, "g": 1e9, "ti": 1024.0**4,
}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """A kind of number: how its name looks, and what follows when it is lowered or raised."""

    name: str
    pattern: re.Pattern[str]
    lowered: Mapping[str, float]
    raised: Mapping[str, float]


def _setting(name: str, words: str, lowered: Mapping[str, float], raised: Mapping[str, float]) -> Setting:
    return Setting(name, re.compile(words, re.IGNORECASE), lowered, raised)


# Source: what each limit protects, after M. Nygard, Release It! (2nd ed., 2018), chapters 4 and 5, and
# B. Beyer et al., Site Reliability Engineering (2016), chapters 21 and 22. First match wins.
SETTINGS: tuple[Setting, ...] = (
    _setting("liveness or readiness probe", r"initial_delay|failure_threshold|liveness|readiness|probe|grace_period",
        {"startup": 0.9, "crash": 0.7}, {"network": 0.3, "startup": 0.3}),
    _setting("idle or health-check period", r"idle_?time|conn_idle|max_conn_idle|idle_timeout|life_?time|health_?check|keep_?alive",
        {"network": 0.3, "handles": 0.2}, {"network": 0.3, "handles": 0.3}),
    _setting("connection ceiling", r"max_(open_|idle_|active_|db_)?conn|pool_?size|max_?pool|maximum_pool|conn\w*_limit|pool_(max|limit)"
        r"|max_active|max_total|connections?\b|\bpool\b",
        {"pool": 1.0, "latency": 0.7, "errors": 0.5, "queue": 0.4}, {"pool": 0.7, "handles": 0.5, "memory": 0.3}),
    _setting("back-off", r"back_?off|retry_(delay|interval|wait|after)|jitter",
        {"traffic": 0.8, "ratelimit": 0.7, "cpu": 0.4, "latency": 0.4}, {"latency": 0.3}),
    _setting("number of retries", r"retr(y|ies)|attempts?", {"errors": 0.5, "network": 0.4},
        {"traffic": 0.8, "ratelimit": 0.6, "latency": 0.6, "queue": 0.3, "handles": 0.3}),
    _setting("time to live", r"ttl|expir|max_age|stale|cache_(control|seconds|minutes|duration|time)|leeway",
        {"cache": 1.0, "latency": 0.6, "traffic": 0.6, "queries": 0.6, "cpu": 0.4, "auth": 0.4, "clock": 0.4},
        {"data": 0.6, "memory": 0.4, "cache": 0.5, "auth": 0.3, "disk": 0.2}),
    _setting("cache size", r"cache_\w*(size|max|entries|capacity|limit)|max_entries|lru|maxmemory",
        {"cache": 0.8, "latency": 0.5, "queries": 0.5}, {"memory": 0.9, "cache": 0.3}),
    _setting("timeout", r"time_?out|deadline|time_limit|max_wait|wait_(ms|seconds|time)",
        {"latency": 0.8, "errors": 0.8, "network": 0.6, "queue": 0.4}, {"latency": 0.8, "handles": 0.5, "pool": 0.5, "queue": 0.4}),
    _setting("rate limit", r"rate_?limit|quota|\bqps|\brps|burst|throttl|max_requests|requests_per|per_second",
        {"ratelimit": 1.0, "errors": 0.7}, {"traffic": 0.7, "cpu": 0.4, "latency": 0.4, "ratelimit": 0.6}),
    _setting("memory limit", r"memory|\bmem\b|mem_limit|heap|xmx|old_space|shm|work_mem|ephemeral_storage",
        {"memory": 1.0, "crash": 0.7, "schedule": 0.3}, {"schedule": 0.6, "memory": 0.4}),
    _setting("CPU share", r"\bcpus?\b|gomaxprocs|millicores|nproc", {"cpu": 1.0, "latency": 0.8, "startup": 0.3}, {"schedule": 0.5}),
    _setting("number of replicas", r"replicas|min_instances|max_instances|desired_count|instance_count|num_nodes|capacity",
        {"latency": 0.8, "cpu": 0.8, "traffic": 0.7, "queue": 0.7, "errors": 0.5}, {"pool": 0.6, "schedule": 0.6}),
    _setting("concurrency", r"concurren|workers?|threads?|parallel|in_flight|prefetch|semaphore|processes",
        {"queue": 1.0, "latency": 0.7, "traffic": 0.5}, {"cpu": 0.7, "memory": 0.7, "pool": 0.7, "lock": 0.5, "handles": 0.6, "ratelimit": 0.5}),
    _setting("size limit", r"max_(body|message|request|payload|upload|header|file|line)|size_limit|max_size|max_bytes|max_len|buffer",
        {"size": 1.0, "errors": 0.6, "parse": 0.3}, {"memory": 0.6}),
    _setting("batch size", r"batch|chunk|page_size|fetch_size|bulk|per_page|window_size|\blimit",
        {"queue": 0.7, "queries": 0.6, "traffic": 0.4, "latency": 0.4, "data": 0.3},
        {"memory": 0.8, "latency": 0.7, "size": 0.7, "lock": 0.4, "queries": 0.3}),
    _setting("retention", r"retention|rotat|max_files|max_backups|keep_", {"data": 0.5}, {"disk": 1.0}),
    _setting("interval", r"interval|period|every|frequen|ticker?|schedul|delay|sleep|poll|refresh",
        {"cpu": 0.6, "traffic": 0.7, "ratelimit": 0.6, "queries": 0.4}, {"queue": 0.5, "data": 0.5, "schedule": 0.4, "latency": 0.3, "cache": 0.3}),
    _setting("port", r"port\b|ports\b|listen", {"network": 1.0, "startup": 0.7, "errors": 0.6}, {"network": 1.0, "startup": 0.7, "errors": 0.6}),
    _setting("share or threshold", r"threshold|ratio|percent|weight|sampl|probabil|rate",
        {"errors": 0.3, "data": 0.4, "disk": 0.3}, {"errors": 0.3, "data": 0.4, "disk": 0.4, "cpu": 0.3}),
    _setting("partitions", r"partition|shard", {"queue": 0.7, "latency": 0.4}, {"queue": 0.5, "data": 0.4}),
)  # fmt: skip
OTHER = Setting("number", re.compile(""), {"data": 0.2, "errors": 0.15}, {"data": 0.2, "errors": 0.15})


@dataclass(frozen=True)
class Turned:
    """One number that changed on one line."""

    before: DiffLine
    after: DiffLine
    direction: Direction
    old: str
    new: str


def turned(net: Net) -> Iterator[Turned]:
    """Pair removed and added lines that differ only in a number, in order."""
    waiting: dict[tuple[str, str], list[DiffLine]] = {}
    for line in net.removed.lines:
        if net.kind(line) == "manifest":
            continue
        waiting.setdefault((line.file, _mask(line.text)), []).append(line)
    for line in net.added.lines:
        olds = waiting.get((line.file, _mask(line.text)))
        if olds and (pair := _compare(olds.pop(0), line)):
            yield pair


def _mask(text: str) -> str:
    return "".join(NUMBER.sub("#", text[:400]).split())


def _compare(before: DiffLine, after: DiffLine) -> Turned | None:
    for old, new in zip(NUMBER.finditer(before.text[:400]), NUMBER.finditer(after.text[:400]), strict=False):
        low, high = _value(old), _value(new)
        if low != high:
            direction: Direction = "lowered" if high < low else "raised"
            return Turned(before, after, direction, old[0].strip(), new[0].strip())
    return None


def _value(match: re.Match[str]) -> float:
    digits = DIGITS.match(match[0])
    amount = float(digits[0].replace("_", "")) if digits else 0.0
    return amount * UNITS.get(match[1].lower(), 1.0) if match[1] != "m" else amount * 1e-3


def setting_of(line: DiffLine) -> Setting:
    """Which kind of number a line holds, judged by its words with humps and dashes made underscores."""
    name = HUMP.sub("_", line.text[:400]).replace("-", "_").replace(".", "_")
    return next((one for one in SETTINGS if one.pattern.search(name)), OTHER)


def settings(net: Net) -> list[Mechanism]:
    """Each number that a diff lowered or raised, at most 12 of them."""
    found: list[Mechanism] = []
    for one, _ in zip(turned(net), range(12), strict=False):
        setting = setting_of(one.after)
        families = setting.lowered if one.direction == "lowered" else setting.raised
        reason = f"{setting.name} {one.direction} from {one.old} to {one.new}"
        found.append(Mechanism(f"{setting.name} {one.direction}", families, reason, (one.before, one.after)))
    return found

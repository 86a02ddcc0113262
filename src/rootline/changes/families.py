"""The families of symptoms that an on-call sees, and the words by which each is known."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rootline.analysis.joining.unasked import UNASKED
from rootline.changes.symptom import Symptom

MAX_TEXTS = 200
MAX_CHARS = 600
RESOURCES = ("memory", "cpu", "pool", "disk", "replica")
UNMOVED = 0.6
"""Source: ours; what an error only names counts less where the instrument of it was read and shows nothing."""


@dataclass(frozen=True)
class Seen:
    """A family that was observed: `strength` 0 to 1 and the text that says so."""

    family: str
    strength: float
    quote: str


# Source: SI and IEC units, as alerts write the limits that they are about.
UNIT = r"(?!\s?(?:%|[num]?s\b|secs?\b|(?:milli)?seconds?\b|m(?:in(?:utes?)?)?\b|h(?:ours?)?\b|[kmgt]?i?b(?:ytes)?\b))"


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


def _status(codes: str) -> str:
    """Return the pattern of a status: a number of these, and nothing that has a unit."""
    return rf"\b(?:{codes})\b{UNIT}"


# Source: the error texts of Go, Python, Java, Node, PostgreSQL, MySQL, Kubernetes and OpenSSL, and the metric
# names of their usual exporters.
FAMILIES: dict[str, re.Pattern[str]] = {
    "latency": _pattern(
        r"latenc|slow|duration|p9[059]|deadline|time[d_ -]?out|response.?time"
        r"|took \S+ ?m?s|(?<!_age_)(?<!_skew_)(?<!after_)(seconds|_ms)(_p\d+)?\b|\bstuck\b|hang(s|ing)?\b"
    ),
    "errors": _pattern(
        r"5xx|"
        + _status("50[0234]")
        + r"|error.?(rate|ratio|count|pct|percent)|exception|\bfail(s|ing)?\b|failed|failure"
        r"|errors|reject|refus(e|al)"
    ),
    "null": _pattern(
        r"nil pointer|null.?pointer|nonetype|\bnil\b|undefined is not|cannot read propert"
        r"|of (undefined|null)|null ref"
        r"|sigsegv|segfault|attributeerror|keyerror|unwrap|invalid memory address"
        r"|optional.*empty|has no attribute|missing (required )?(field|key|property|argument)|key not found"
        r"|nomethoderror|missing (request |required )?(extension|header|context|attribute|binding|provider|service)\b"
        r"|\bno (provider|bean|binding|handler) (for|of|found)"
        r"|(extension|dependency|context|bean) .{0,60}not (found|provided)"
        r"|undefined method|\] is missing|null value"
    ),
    "bounds": _pattern(
        r"out of (range|bounds)|indexerror|index out|slice bounds|overflow|underflow|divi(de|sion) by zero"
    ),
    "crash": _pattern(
        r"panic|crash|segfault|abort|fatal|exit(ed)? (code|status|with)|restart|\bkilled\b|core dump|stack overflow"
    ),
    "startup": _pattern(
        r"crashloop|start-?up|failed to start|boot|readiness|not ready|ready_replicas"
        r"|init container|imagepull"
        r"|errimage|entrypoint|during init|at start|exec format|failed to initiali"
    ),
    "dependency": _pattern(
        r"version (conflict|mismatch)|incompatib|duplicate regist|nosuchmethod|noclassdef"
        r"|classnotfound|modulenotfound"
        r"|eresolve|peer dep|(resolv|conflicting|unmet).{0,20}dependenc|dependency conflict|resolutionimpossible"
        r"|importerror|cannot find module|no module named|undefined symbol|linkage"
        r"|unsatisfied|unsupported class"
    ),
    "memory": _pattern(
        r"\boom|oom_?kill|out of memory|memory|heap|gc pause|garbage|(\b|_)rss(\b|_)|working_set|killed process"
    ),
    "cpu": _pattern(
        r"(?:\b|_)cpu|throttl|load average|event.?loop.?(lag|blocked|delay)|busy|hot loop|backtrack|spinning"
    ),
    "pool": _pattern(
        r"\bpool|too many (connections|clients)|connection.{0,20}(exhaust|limit|slots)"
        r"|acquir\w+ conn|max_conn"
        r"|remaining connection slots|no (idle|free|available) connection|connections? in use|pool_in_use"
    ),
    "handles": _pattern(
        r"too many open files|file.?descriptor|\bfds?\b|emfile|goroutines?|native thread"
        r"|thread.?(count|leak|pool|s\b)"
        r"|sockets?\b|time_wait|close_wait|ephemeral port|address already in use|\bleak"
    ),
    "queue": _pattern(
        r"queue|backlog|consumer.?lag|\blag\b|kafka|rabbit|sqs|dead.?letter|\bdlq\b|offset"
        r"|partition|undelivered|redeliver|unacked|rebalanc|\bconsum|deliveries"
    ),
    "traffic": _pattern(
        r"requests?_(per|rate)|requests? (per|rate)|\brps\b|\bqps\b|traffic|fan.?out"
        r"|retry storm|surge|overload|shed|(attempts|retries|calls)_(per|rate|total)"
    ),
    "queries": _pattern(
        r"quer(y|ies).?(count|per)|n\+1|\bselect\b.{1,80}\bfrom\b|db_quer"
        r"|seq(uential)? scan|full table scan|slow query|\bselect\b.{1,160}\bwhere\b|seq_tup|rows_(read|examined)"
        r"|duration: .{1,16}ms\s+(execute|statement|parse|bind)"
    ),
    "schema": _pattern(
        r"does not exist|no such (table|column)|unknown column|undefined(table|column)|doesn'?t exist|migrat"
        r"|constraint|not.null|foreign key|duplicate key|programmingerror|relation \""
    ),
    "lock": _pattern(
        r"deadlock|lock (wait|timeout|contention)|lock_|waiting for .{0,20}lock|mutex"
        r"|blocked (by|on)|\blocks?\b"
    ),
    "route": _pattern(
        _status("40[45]") + r"|no route matches|route not found|no handler|cannot (get|post|put|delete) /|not found: /"
        r"|unknown (path|host header)"
        r"|default backend"
    ),
    "leader": _pattern(
        r"leader|\blease\b|election|renew (the )?(lease|lock)|heart_?beat|member.{0,20}(left|leav)"
        r"|session (expired|timed out)"
        r"|rebalanc|split.?brain|fencing|jobs?_duplicat|twice"
    ),
    "auth": _pattern(
        _status("40[13]") + r"|unauthori[sz]ed|forbidden|permission denied|access denied"
        r"|not authorized|\bjwt\b|credential"
        r"|invalid (token|signature|audience|issuer)|token|authenticat|login|\brbac\b|signature"
    ),
    "tls": _pattern(r"x509|certificate|\btls\b|\bssl\b|handshake|\bcert\b|not_after|unknown authority"),
    "dns": _pattern(
        r"no such host|nxdomain|name resolution|resolve host|lookup \S+|\bdns\b|eai_again"
        r"|enotfound|servfail|unknown host"
    ),
    "ratelimit": _pattern(
        _status("429") + r"|rate.?limit|throttl|quota|too many requests|resource_?exhausted|\brate.(per|based|exceeded)"
    ),
    "parse": _pattern(
        r"unmarshal|pars(e|ing)|decod|invalid (character|json|format|syntax|wire)"
        r"|unexpected token|deseriali|encod"
        r"|utf-?8|malformed|cannot (convert|cast)|schema validation|unknown field"
        r"|missing (required )?field|type mismatch"
        r"|valueerror|protobuf|content.type|validation ?(error|exception)|should be (a )?valid|unprocessable"
        r"|(argument|ind(ex|ices)) must be|unsupported operand|not (iterable|subscriptable)"
        r"|cast\w*exception|cannot be cast"
        r"|"
        + _status("400|415|422")
        + r"|bad request|expected:? .{0,12}\b(int\w*|number|string|bool\w*|float|object|array|map|list)\b"
    ),
    "data": _pattern(
        r"wrong|incorrect|mismatch|corrupt|negative|duplicate|inconsisten|missing|double"
        r"|rounding|stale|discrepan|invalid"
        r"|reconcil|lost|zero (amount|price|total|result)|\bno (results?|offers?|rows)\b|conflict|oversold"
        r"|\b(is|are|was|were) empty\b|does not match|un-?balanced|out of balance|\bdifferences?\b"
    ),
    "config": _pattern(
        r"missing (env|config|key|var|required)|invalid (config|value|option)|not (set"
        r"|configured|defined)|unknown (option|key)"
        r"|configuration|config|environment variable|no such file|file not found"
        r"|secret .{0,40}not found|feature flag"
    ),
    "cache": _pattern(r"cache|stampede|evict|hit.?rat|redis|memcache|thundering"),
    "network": _pattern(
        r"connection (refused|reset|closed)|unreachable|econn|no route|broken pipe"
        r"|unexpected eof|dial tcp|i/o timeout"
        r"|network|packet loss|connect error|upstream connect|prematurely closed|hang up|"
        + _status("502")
        + r"|no healthy upstream|bad gateway|unavailable"
    ),
    "disk": _pattern(
        r"no space left|disk|inode|enospc|volume|read-only file|filesystem|log(ging)? volume|\bwal\b|iops"
    ),
    "replica": _pattern(
        r"replica.?lag|replication|stale read|read.?after.?write|hot standby|standby"
        r"|follower|read replica|recovery conflict"
    ),
    "clock": _pattern(
        r"clock|skew|\bntp\b|not yet valid|in the future|used before issued|time drift|time_?zone|timestamp"
        r"|\btz\b|\bdst\b|midnight"
        r"|yesterday|tomorrow|past_\w{0,20}date|\b(africa|america|asia|atlantic|australia|europe|pacific)/"
    ),
    "size": _pattern(
        r"too large|" + _status("413") + r"|exceed(s|ed)? (max|the max|limit|size)|max.{0,12}size|truncat"
        r"|message size|larger than|max.?length|too (big|long)"
    ),
    "monitoring": _pattern(
        r"\bscrap(e|es|ed|ing)\b|target.?(is )?down|^up\b|\babsent(_over_time)?\b"
        r"|(metrics|samples) (are |is )?(missing|gone)"
    ),
    "unasked": UNASKED,
    "schedule": _pattern(
        r"cron|schedul|job (missed|failed|late)|unschedulable|pending pods?|insufficient (cpu|memory)|evicted"
    ),
    "build": _pattern(
        r"\btests?\b|\bspecs?\b|\bci\b|travis|jenkins|lint|compil|build|warning|docs?\b|undeclared|unittest"
    ),
}


def seen(symptom: Symptom) -> tuple[Seen, ...]:
    """The families that texts or moving metrics speak of, strongest first.

    A family is 1.0 when the alert or an error says it, 0.8 when only a metric moved.
    """
    found: dict[str, Seen] = {}
    _collect(found, symptom.nameless, 1.0)
    _collect(found, (_metric(name) for name in symptom.rising), 0.8)
    _collect(found, (_metric(name) for name in symptom.falling), 0.4)
    held = _steady(symptom)
    weighed = (replace(one, strength=one.strength * UNMOVED) if one.family in held else one for one in found.values())
    return tuple(sorted(weighed, key=lambda one: (-one.strength, one.family)))


def _steady(symptom: Symptom) -> frozenset[str]:
    """The resources of the failing service whose instruments were read and did not move."""
    own = [_metric(name) for name in symptom.steady if name.endswith(f" of {symptom.service}")]
    moved = [_metric(name) for name in (*symptom.rising, *symptom.falling)]
    return frozenset(one for one in RESOURCES if _any(one, own) and not _any(one, moved))


def _any(family: str, metrics: Iterable[str]) -> bool:
    return any(FAMILIES[family].search(metric[:MAX_CHARS]) for metric in metrics)


def _metric(name: str) -> str:
    return name.split(" of ", 1)[0]


def _collect(found: dict[str, Seen], texts: Iterable[str], strength: float) -> None:
    for text, _ in zip((text[:MAX_CHARS] for text in texts), range(MAX_TEXTS), strict=False):
        for family, pattern in FAMILIES.items():
            if found.get(family) is None and pattern.search(text):
                found[family] = Seen(family, strength, text[:160])

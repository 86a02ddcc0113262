"""Mechanisms that show on single lines: what has to come or to go, and what may follow."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rootline.changes.diff import DiffLine
from rootline.changes.mechanism import Mechanism
from rootline.changes.net import Net, Side, lowered

# A diff that only concerns a subject speaks less than one that does something known to break it.
TOUCHED = 0.6


@dataclass(frozen=True)
class Rule:
    """`came` or `went` has to occur more often on its side than on the other; `unless` must not come along."""

    name: str
    reason: str
    families: Mapping[str, float]
    came: re.Pattern[str] | None = None
    went: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    either: bool = False

    def judge(self, net: Net) -> Mechanism | None:
        """The mechanism with its lines, or None."""
        lines = self._more(self.came, net.added, net.removed) or self._more(self.went, net.removed, net.added)
        if not lines or (self.unless is not None and self._spared(net)):
            return None
        return Mechanism(self.name, self.families, self.reason, lines)

    def _more(self, pattern: re.Pattern[str] | None, here: Side, there: Side) -> tuple[DiffLine, ...]:
        if pattern is None:
            return ()
        lines = here.find(pattern)
        enough = self.either or not lines or here.count(pattern) > there.count(pattern)
        return lines if enough else ()

    def _spared(self, net: Net) -> bool:
        if self.unless is None:
            return False
        return bool(self.unless.search(net.added.text) or self.unless.search(net.around))


_words = lowered


def _touches(name: str, words: str, families: Mapping[str, float]) -> Rule:
    weaker = {family: TOUCHED * weight for family, weight in families.items()}
    return Rule(
        f"{name} touched", f"the diff changes {name}", weaker, came=_words(words), went=_words(words), either=True
    )


CLOSES = r"\.close\(|\bdefer\b|\.?release\(|dispose|unsubscribe|removeListener|removeEventListener|\bcancel\(\)|\.stop\(\)|\bwith\b.{1,60}\bas\b|finally|\bfree\(|_delete\(|_destroy\(|shutdown\(|\busing\b|rollback\("
OPENS = r"\.Query\(|\.Begin\w*\(|\bopen\(|http\.(Get|Post)\(|client\.Do\(|NewTicker|time\.Tick\(|addEventListener|\.subscribe\(|socket\(|getConnection|\.connect\(|setInterval|NewClient\(|new \w*Client\(|http\.Transport\{|createClient|create_engine|urlopen"
THREADS = r"\bgo func|\bgo \w+\(|new Thread|Thread\(|newCachedThreadPool|newFixedThreadPool|ThreadPoolExecutor|\bspawn\w*\(|create_task|Executors\.|setInterval|worker_threads|fork\("
SLEEPS = r"sleep|back_?off|delay|jitter|wait|time\.after|exponential"

# Source: the failure modes listed in M. Nygard, Release It! (2nd ed., 2018), part I, and the post-mortem
# categories of B. Beyer et al., Site Reliability Engineering (2016), appendix C.
RULES: tuple[Rule, ...] = (
    Rule("retry without back-off", "it tries again at once and without end", {"traffic": 1.0, "ratelimit": 0.9, "latency": 0.6, "cpu": 0.6, "queue": 0.4, "errors": 0.4, "network": 0.3},
         came=_words(r"retr(y|ies|ying)\b|\battempts?\b|requeue|redeliver"), unless=_words(SLEEPS)),
    Rule("back-off removed", "the wait between two attempts is gone", {"traffic": 1.0, "ratelimit": 0.9, "latency": 0.5, "cpu": 0.7, "queue": 0.4, "errors": 0.4},
         went=_words(r"back_?off|jitter|time\.sleep|Thread\.sleep|\bsleep\(|exponential")),
    Rule("lock added", "calls now wait for one another", {"lock": 1.0, "latency": 0.8, "queue": 0.5, "pool": 0.5, "errors": 0.3, "cpu": 0.2},
         came=_words(r"\.R?Lock\(\)|\bsynchronized\b|mutex|FOR UPDATE|LOCK TABLE|_lock\b|\bacquire\(|ReentrantLock|advisory_lock|serializable|with_lock|Semaphore")),
    Rule("lock removed", "shared state is no longer guarded", {"data": 0.9, "crash": 0.7, "null": 0.4, "bounds": 0.4, "lock": 0.4, "errors": 0.4},
         went=_words(r"\.R?Lock\(\)|\bsynchronized\b|mutex|FOR UPDATE|LOCK TABLE|_lock\b|atomic|ReentrantLock|singleflight|sync\.Once|\.Do\(func")),
    Rule("unlock or release removed", "something taken is no longer given back", {"handles": 1.0, "pool": 1.0, "memory": 0.8, "lock": 0.7, "network": 0.3, "latency": 0.4, "errors": 0.3},
         went=_words(CLOSES + r"|unlock\(")),
    Rule("resource opened and not closed", "something is opened and nothing closes it", {"handles": 0.9, "pool": 0.8, "memory": 0.6, "network": 0.3, "latency": 0.3},
         came=_words(OPENS), unless=_words(CLOSES)),
    Rule("threads started", "work starts beside the caller without a bound", {"handles": 0.9, "memory": 0.6, "cpu": 0.5, "data": 0.3, "pool": 0.4},
         came=_words(THREADS), unless=_words(r"semaphore|errgroup|SetLimit|max_workers|\bbounded|waitgroup")),
    Rule("waiting added", "the caller now waits", {"latency": 0.9, "queue": 0.6, "cpu": 0.2, "lock": 0.3, "handles": 0.3, "startup": 0.3},
         came=_words(r"sleep\(|\.Result\b|\.Wait\(\)|runBlocking|\.block\(\)|readFileSync|execSync|writeFileSync|requests\.(get|post)\(|subprocess|\.join\(\)|await ")),
    Rule("heavy work added", "more is computed for each call", {"cpu": 0.9, "latency": 0.7, "memory": 0.3},
         came=_words(r"re\.compile|regexp\.\w*compile|pattern\.compile|new RegExp|bcrypt|scrypt|pbkdf2|deep_?copy|clonedeep|\.sort\w*\(|reflect\.|BigInteger|\([^()\n]*[+*]\)[+*]")),
    Rule("bulk load added", "everything is read at once", {"memory": 0.9, "latency": 0.6, "size": 0.4, "cpu": 0.3},
         came=_words(r"read_?all\(|\.readlines\(|fetch_?all\(|find_?all\(|\.all\(\)|\.to_a\b|\.toList\(\)|ioutil\.ReadAll|list_all|load_?all")),
    Rule("cache bypassed", "what a cache answered is asked anew", {"cache": 1.0, "latency": 0.8, "queries": 0.8, "traffic": 0.7, "cpu": 0.5, "ratelimit": 0.4, "pool": 0.4},
         went=_words(r"cache|memoi[sz]e|singleflight|redis|memcache")),
    Rule("fallback removed", "a failing dependency is no longer cushioned", {"errors": 0.8, "network": 0.6, "latency": 0.6, "handles": 0.4, "crash": 0.3},
         went=_words(r"circuit|breaker|fallback|bulkhead|hedg|degrad|default_value|timeout|withdeadline")),
    Rule("environment required", "it needs a variable that may be missing", {"config": 1.0, "startup": 1.0, "crash": 0.7, "null": 0.4, "auth": 0.3},
         came=_words(r"getenv\(|os\.environ|process\.env\b|System\.getenv|env\.(require|fetch)|\bENV\[|LookupEnv|secretKeyRef|configMapKeyRef|required\(")),
    Rule("setting removed or renamed", "a key that something reads is gone", {"config": 0.9, "startup": 0.7, "errors": 0.4, "null": 0.4, "auth": 0.3},
         went=_words(r"^\s*-?\s*[\w.-]{2,60}:\s|^\s*[A-Z][A-Z0-9_]{3,60}=|valueFrom|secretRef|envFrom|volumeMounts")),
    Rule("wire field renamed", "what is sent or expected is called differently", {"parse": 1.0, "data": 0.8, "null": 0.6, "errors": 0.5, "queue": 0.3},
         went=_words(r"json:\"|@JsonProperty|serialized_name|=\s*\d+;\s*$|alias=\"|\breserved\b|xml:\"|@SerializedName|bson:\"|yaml:\"")),
    Rule("verbose logging", "it writes far more", {"disk": 0.9, "cpu": 0.5, "latency": 0.3, "memory": 0.2},
         came=_words(r"level.{0,12}(debug|trace)|setLevel\(.{0,20}DEBUG|DEBUG\s*=\s*True|log_statement|access_log\s+on|verbose.{0,6}(true|on)")),
    Rule("metric label added", "each value of a label is a series of its own", {"memory": 0.8, "cpu": 0.4, "disk": 0.3},
         came=_words(r"(label|tag|dimension|attribute)\w*.{0,60}(user|request|session|trace|path|url|id\b|email)")),
    Rule("error swallowed", "an error is no longer told", {"data": 0.9, "queue": 0.4, "errors": 0.2},
         came=_words(r"except[^\n]*:\s*pass|catch\s*(\([^)]*\))?\s*\{\s*\}|_ = err\b|,\s*_\s*:?=|rescue\s*(nil|=>\s*_)|on error resume|set \+e|\|\| true")),
    Rule("process image changed", "it runs on another image or with another command", {"startup": 0.8, "dependency": 0.6, "crash": 0.5, "tls": 0.3, "config": 0.3},
         came=_words(r"^\s*FROM\s+\S|entrypoint|^\s*CMD\b|\bimage:\s|imagePullPolicy|^\s*command:|runtime:|python-version|node-version")),
    Rule("permissions of the process changed", "it runs as somebody else or sees another file system", {"startup": 0.8, "disk": 0.7, "auth": 0.5, "config": 0.4, "crash": 0.4},
         came=_words(r"runAs(User|NonRoot|Group)|readOnlyRootFilesystem|fsGroup|securityContext|\bchmod\b|\bchown\b|^\s*USER\s|umask|serviceAccount|capabilities"),
         went=_words(r"runAs(User|NonRoot|Group)|fsGroup|securityContext|\bchmod\b|\bchown\b|^\s*USER\s|serviceAccount")),
    Rule("start-up work added", "more has to succeed before it is ready", {"startup": 0.8, "crash": 0.5, "dependency": 0.3, "latency": 0.2},
         came=_words(r"func init\(|@PostConstruct|static \{|on_startup|lifespan|Must(Register|Compile|Parse)|\bregister\w*\(|init_app|initializ")),
    Rule("outbound call added", "another service has to answer first", {"latency": 0.7, "network": 0.6, "errors": 0.5, "traffic": 0.4, "dns": 0.3, "ratelimit": 0.4},
         came=_words(r"http\.(get|post|newrequest)|requests\.(get|post|put)|fetch\(|axios|grpc\.(dial|newclient)|resttemplate|webclient|httpx?\.|urlopen|\w*[cC]lient\.\w+\(")),
    _touches("authentication", r"\bjwt|oauth|\b\w*token\w*\b|audience|issuer|\brole\b|permission|\brbac\b|credential|password|api_?key|\bacl\b|session|cookie|hmac|signature|\biam\b|authori|authent|\bscopes?\b", {"auth": 0.9, "errors": 0.3}),
    _touches("TLS", r"\btls|\bssl|\bcert(s|ificates?|_file|_path)?\b|x509|ca_?(file|bundle|cert)|cipher|mtls|handshake|keystore|truststore|insecureskipverify|\bsni\b", {"tls": 1.0, "network": 0.6, "errors": 0.3}),
    _touches("name resolution", r"\bdns|ndots|resolv\w*|nameserver|coredns|search.domain|cluster\.local|/etc/hosts|externalname", {"dns": 1.0, "network": 0.6, "latency": 0.4, "errors": 0.3}),
    _touches("network rules", r"networkpolic|ingress|egress|firewall|security_?group|iptables|\bcidr\b|subnet|\bnat\b|load_?balancer|virtualservice|destinationrule|istio|envoy|\bvpc\b|selector:|targetPort", {"network": 1.0, "dns": 0.6, "errors": 0.4, "latency": 0.3, "tls": 0.2}),
    _touches("parsing or encoding", r"json|xml|protobuf|\bproto\b|decod|encod|marshal|pars(e|ing)|serde|seriali|charset|utf.?8|iso.?8601|str[fp]time|date_?format|atoi|parseint|base64|gzip|content.type|avro|\bcsv\b|msgpack", {"parse": 0.9, "data": 0.5, "errors": 0.4, "queue": 0.2, "crash": 0.2}),
    _touches("amounts or rounding", r"\bround|floor|ceil|cents|/ ?100\b|\* ?100\b|currency|decimal|\btax|amount|price|exchange_?rate|balance", {"data": 0.9}),
    _touches("clock or time zone", r"time\.(local|utc|now)|utcnow|time_?zone|\btz\b|unix(milli|nano)?\(|epoch|datetime\.now|currenttimemillis|not_?before|\bnbf\b|\biat\b|leeway|skew|\bntp\b|chrony", {"clock": 1.0, "auth": 0.4, "data": 0.5, "schedule": 0.6, "tls": 0.3}),
    _touches("replica routing", r"replica\b|read_?only|read_?write|secondary|\bprimary\b|follower|standby|wal_|hot_standby|max_wal|replication", {"replica": 1.0, "data": 0.5, "errors": 0.3}),
    _touches("queue handling", r"\back\(|nack|commit_?offset|auto_?commit|prefetch|partition|consumer|visibility_?timeout|dead_?letter|\bdlq\b|\btopic|basic_?(ack|qos)|offset_?reset|max\.poll", {"queue": 1.0, "data": 0.4, "latency": 0.3}),
    _touches("cache handling", r"cache|redis|memcache|invalidat|singleflight", {"cache": 0.9, "latency": 0.5, "queries": 0.4, "data": 0.5, "memory": 0.4}),
    _touches("rate limiting", r"limiter|rate_?limit|throttl|token_?bucket|quota", {"ratelimit": 1.0, "errors": 0.4}),
    _touches("connection pool", r"\w*pool\w*|max_?conn|connections?\b", {"pool": 0.6, "handles": 0.3}),
    _touches("memory handling", r"malloc|\bfree\(|\bheap|gc_?percent|gogc|memlimit|xm[xs]\d|buffer", {"memory": 0.5}),
    _touches("scheduling", r"cron|schedule|affinity|toleration|taint|nodeselector|priorityclass|poddisruption|topologyspread|resources:|requests:|limits:", {"schedule": 1.0, "startup": 0.5}),
    _touches("storage", r"volume|\bpvc\b|persistentvolume|tmpfs|emptydir|mount|logrotate|retention", {"disk": 0.9, "startup": 0.5}),
    _touches("redirect or route", r"\broute\w*\b|redirect|rewrite|path_?prefix|location\s|upstream\s|proxy_pass|backend", {"errors": 0.5, "network": 0.6, "traffic": 0.4}),
)  # fmt: skip


def rules(net: Net, families: frozenset[str]) -> list[Mechanism]:
    """The rules that hold, of those that could produce one of the families."""
    relevant = (rule for rule in RULES if not families.isdisjoint(rule.families))
    return [found for rule in relevant if (found := rule.judge(net)) is not None]

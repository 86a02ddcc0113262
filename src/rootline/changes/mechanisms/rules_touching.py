"""Subjects that a diff touches: weaker than doing, but they say where to look."""

from rootline.changes.mechanisms.rule import Rule, touches

# Source: the usual subjects of production incidents, named as their configuration and libraries name them.
TOUCHING: tuple[Rule, ...] = (
    touches(
        "authentication",
        r"\bjwt|oauth|\b\w*token\w*\b|audience|issuer|\brole\b|permission|\brbac\b"
        r"|credential|password|api_?key|\bacl\b|session|cookie|hmac|signature|\biam\b"
        r"|authori|authent|\bscopes?\b",
        {"auth": 0.9, "errors": 0.3},
    ),
    touches(
        "TLS",
        r"\btls|\bssl|\bcert(s|ificates?|_file|_path)?\b|x509|ca_?(file|bundle|cert)"
        r"|cipher|mtls|handshake|keystore|truststore|insecureskipverify|\bsni\b",
        {"tls": 1.0, "network": 0.6, "errors": 0.3},
    ),
    touches(
        "name resolution",
        r"\bdns|ndots|resolv\w*|nameserver|coredns|search.domain|cluster\.local|/etc/hosts"
        r"|externalname",
        {"dns": 1.0, "network": 0.6, "latency": 0.4, "errors": 0.3},
    ),
    touches(
        "network rules",
        r"networkpolic|ingress|egress|firewall|security_?group|iptables|\bcidr\b|subnet"
        r"|\bnat\b|load_?balancer|virtualservice|destinationrule|istio|envoy|\bvpc\b"
        r"|selector:|targetPort",
        {"network": 1.0, "dns": 0.6, "errors": 0.4, "latency": 0.3, "tls": 0.2},
    ),
    touches(
        "parsing or encoding",
        r"json|xml|protobuf|\bproto\b|decod|encod|marshal|pars(e|ing)|serde|seriali"
        r"|charset|utf.?8|iso.?8601|str[fp]time|date_?format|atoi|parseint|base64|gzip"
        r"|content.type|avro|\bcsv\b|msgpack",
        {"parse": 0.9, "data": 0.5, "errors": 0.4, "queue": 0.2, "crash": 0.2},
    ),
    touches(
        "amounts or rounding",
        r"\bround|floor|ceil|cents|/ ?100\b|\* ?100\b|currency|decimal|\btax|amount|price"
        r"|exchange_?rate|balance",
        {"data": 0.9},
    ),
    touches(
        "clock or time zone",
        r"time\.(local|utc|now)|utcnow|time_?zone|\btz\b|unix(milli|nano)?\(|epoch"
        r"|datetime\.now|currenttimemillis|not_?before|\bnbf\b|\biat\b|leeway|skew|\bntp\b"
        r"|chrony",
        {"clock": 1.0, "auth": 0.4, "data": 0.5, "schedule": 0.6, "tls": 0.3},
    ),
    touches(
        "replica routing",
        r"replica\b|read_?only|read_?write|secondary|\bprimary\b|follower|standby|wal_"
        r"|hot_standby|max_wal|replication",
        {"replica": 1.0, "data": 0.5, "errors": 0.3},
    ),
    touches(
        "queue handling",
        r"\back\(|nack|commit_?offset|auto_?commit|prefetch|partition|consumer"
        r"|visibility_?timeout|dead_?letter|\bdlq\b|\btopic|basic_?(ack|qos)|offset_?reset"
        r"|max\.poll",
        {"queue": 1.0, "data": 0.4, "latency": 0.3},
    ),
    touches(
        "cache handling",
        r"cache|redis|memcache|invalidat|singleflight",
        {"cache": 0.9, "latency": 0.5, "queries": 0.4, "data": 0.5, "memory": 0.4},
    ),
    touches("rate limiting", r"limiter|rate_?limit|throttl|token_?bucket|quota", {"ratelimit": 1.0, "errors": 0.4}),
    touches("connection pool", r"\w*pool\w*|max_?conn|connections?\b", {"pool": 0.6, "handles": 0.3}),
    touches("memory handling", r"malloc|\bfree\(|\bheap|gc_?percent|gogc|memlimit|xm[xs]\d|buffer", {"memory": 0.5}),
    touches(
        "scheduling",
        r"cron|schedule|affinity|toleration|taint|nodeselector|priorityclass|poddisruption"
        r"|topologyspread|resources:|requests:|limits:",
        {"schedule": 1.0, "startup": 0.5},
    ),
    touches(
        "storage",
        r"volume|\bpvc\b|persistentvolume|tmpfs|emptydir|mount|logrotate|retention",
        {"disk": 0.9, "startup": 0.5},
    ),
    touches(
        "redirect or route",
        r"\broute\w*\b|redirect|rewrite|path_?prefix|location\s|upstream\s|proxy_pass"
        r"|backend",
        {"errors": 0.5, "network": 0.6, "traffic": 0.4},
    ),
    touches(
        "reuse of connections",
        r"keep_?alive|idle_?conn|http2|transport\b|so_reuse|multiplex|persistent_?conn",
        {"handles": 1.0, "network": 0.7, "latency": 0.5, "pool": 0.6, "errors": 0.3},
    ),
    touches(
        "compression or encryption",
        r"gzip|zstd|brotli|deflate|compress|snappy|encrypt|decrypt|\baes\b|bcrypt|argon",
        {"cpu": 1.0, "latency": 0.7, "size": 0.6, "memory": 0.4, "parse": 0.5, "auth": 0.3},
    ),
    touches(
        "isolation of tenants",
        r"tenant|\borg_?id|workspace|account_?id|owner_?id|customer_?id",
        {"data": 0.7, "auth": 0.7, "cache": 0.4},
    ),
)

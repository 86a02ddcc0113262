"""Lines that change who may pass, by which way, and how the ways are shared."""

from rootline.changes.diffs.net import lowered
from rootline.changes.mechanisms.rule import Rule

TLS_VERSION = (
    r"tls_?v?1[._]?[0-3]\b|versiontls1[0-3]|ssl_?protocols?|ssl_?ciphers?|cipher_?suites?|min_?(tls_?)?(proto\w*"
    r"|version)"
)

WAYS = (
    r"^\s*(resources?|namespace|scope|get|post|put|match|mount) [:'\"/]|router\.\w+\(|@(get|post|put"
    r"|request|delete)mapping"
    r"|\bpath\(|route\(|app\.(get|post|use|route)\(|location\s+[~=/^]|url_?patterns|handlefunc"
    r"|path_?prefix|base_?path"
)

STAGES = (
    r"\.layer\(|middleware|interceptor|filter_?chain|add_?filter|servicebuilder|pipe_through|\bplug :|\.wrap\("
    r"|http_filters|(before|around|after)_action|insert_(before|after)|app\.use\w+\(|@order\(|exception_?handler\("
)

SHOWS = (
    r"[\"'/]metrics\b|metrics_?(path|port|addr\w*|server|endpoint)|generate_latest|promhttp|start_http_server"
    r"|make_(wsgi|asgi)_app|prometheus\.io/|(service|pod)monitor\b|scrape_?(configs?|interval|timeout)"
    r"|management\.(endpoints?|server|metrics)|exporter_?port|collectorregistry"
)

COUNTED = r"\b(new_?)?(counter|gauge|histogram|summary|meter|timer)\w*\(\s*[\"']"

REFUSES = r"\b(raise|throw|return|abort|fail|reject|respond)\w*\b"

# Source: the resources of Kubernetes' networking API, Envoy, nginx and cloud firewalls, and what each refuses.
ROADS: tuple[Rule, ...] = (
    Rule(
        "refusal added",
        "it refuses what it let in before",
        {"parse": 0.9, "errors": 0.7, "data": 0.5, "size": 0.5},
        came=lowered(
            REFUSES + r"[^\n]{0,60}(\b4(00|09|1[0-8]|22)\b|bad_?request"
            r"|unprocessable|invalid_?argument|illegal_?argument|validation_?(error|exception|failed))"
        ),
    ),
    Rule(
        "refusal added",
        "it knows nothing any more of what it was asked for before",
        {"route": 0.9, "errors": 0.7, "data": 0.5},
        came=lowered(REFUSES + r"[^\n]{0,60}(\b4(04|05|10)\b|\bnot_?found\w*)"),
    ),
    Rule(
        "refusal added",
        "it lets nobody in who was let in before",
        {"auth": 0.9, "errors": 0.7},
        came=lowered(REFUSES + r"[^\n]{0,60}(\b40[13]\b|unauthori[sz]ed|forbidden|access_?denied)"),
    ),
    Rule(
        "circuit breaker added",
        "whom it thinks to do badly it asks no more for a while, and refuses for him",
        {"errors": 1.0, "network": 0.9, "ratelimit": 0.5, "traffic": 0.3},
        came=lowered(
            r"circuit|breaker|bulkhead|half_?open|outlier_?detection|eject\w*_?time|consecutive_?(errors|5xx|failures)"
        ),
    ),
    Rule(
        "routes changed",
        "requests are led elsewhere than before",
        {"route": 1.0, "network": 0.6, "errors": 0.6, "auth": 0.4, "traffic": 0.3, "unasked": 0.8},
        came=lowered(
            WAYS
            + r"|\.handle\(|rewrite|redirect|strip_?prefix|ingressclass|backendrefs?|virtualhost|server_?name|\bhosts?:"
        ),
        went=lowered(WAYS),
        either=True,
    ),
    Rule(
        "metrics endpoint changed",
        "what it shows of itself to be collected is elsewhere or made otherwise",
        {"monitoring": 1.0, "unasked": 0.6},
        came=lowered(SHOWS),
        went=lowered(SHOWS),
        either=True,
    ),
    Rule(
        "metric renamed or dropped",
        "what it counts is counted under another name, or no more",
        {"monitoring": 0.6, "unasked": 0.9},
        came=lowered(COUNTED),
        went=lowered(COUNTED),
        instead_of=lowered(COUNTED),
        either=True,
    ),
    Rule(
        "early exit added",
        "it ends early, before what it did until now",
        {"unasked": 0.9},
        came=lowered(r"^\s*(return\b|continue\b|break\b|raise\b|throw\b|next\b|exit\b)"),
    ),
    Rule(
        "call removed",
        "something is called no more",
        {"unasked": 1.0},
        went=lowered(
            r"\bawait [\w.]+\(|\.(get|post|put|call|send|publish|enqueue|emit|invoke|request|fetch|execute)\("
            r"|\bfetch\(|axios|\bhttp\.|requests\."
        ),
    ),
    Rule(
        "middleware changed",
        "what each request passes through is another chain, or stands in another order",
        {"auth": 0.8, "null": 0.9, "errors": 0.6, "route": 0.5, "config": 0.5, "network": 0.3, "latency": 0.3},
        came=lowered(STAGES),
        went=lowered(STAGES),
        either=True,
    ),
    Rule(
        "protocol or ciphers narrowed",
        "older callers can no longer agree on a protocol",
        {"tls": 1.0, "network": 0.7, "errors": 0.5, "auth": 0.2},
        came=lowered(TLS_VERSION),
        instead_of=lowered(TLS_VERSION),
        either=True,
    ),
    Rule(
        "network policy narrowed",
        "a policy of the network lets fewer pass",
        {"network": 1.0, "dns": 0.7, "latency": 0.5, "errors": 0.6, "pool": 0.3, "startup": 0.3},
        came=lowered(
            r"\begress\b|policytypes|namespaceselector|podselector|cidr_?(blocks?|ips?)|ipblock|from_port"
            r"|to_port|security_?groups?"
            r"|source_?ranges|deny\b|action:\s*[\"']?deny|authorizationpolicy|denied_|route_table|mtls"
            r"|peerauthentication|strict\b"
        ),
        needs=lowered(
            r"egress|ingress|selector|cidr|port|security_?group|source_?ranges|deny|policy|route_table|mtls"
            r"|peerauth|mode"
        ),
    ),
    Rule(
        "requests refused by a rule",
        "a rule at the door refuses what it let in before",
        {"auth": 1.0, "errors": 0.7, "ratelimit": 0.6, "size": 0.4, "network": 0.3},
        came=lowered(
            r"\bwaf|web_acl|managed_?rule|rule_?set|mod_?security|owasp|\bblock\b|block_?(mode|list)"
            r"|deny_?list|rate_based|geo_?match"
            r"|override_action|paranoia|bot_?(control|management)|challenge|captcha|none \{|secrule\w*"
        ),
        needs=lowered(r"waf|acl|rule|block|deny|geo|override|paranoia|bot|challenge|captcha|none \{"),
    ),
    Rule(
        "limit on requests added",
        "whoever asks more often than a limit allows is refused",
        {"ratelimit": 1.0, "errors": 0.5},
        came=lowered(
            r"too.?many.?requests|\b429\b|resource_?exhausted|rate_?limit|(token|leaky)[_ ]?bucket|limiter|throttl"
            r"|\bburst\b|(rate|requests|calls|limit)_per_(s|sec|second|minute|m|h|hour)\b|sliding_?window|\bquotas?\b"
        ),
    ),
    Rule(
        "access check changed",
        "a check of who asks is another one",
        {"auth": 1.0, "errors": 0.6, "clock": 0.4, "data": 0.2},
        came=lowered(
            r"\bissuers?\b|\baudiences?\b|\baud\b|jwks|required_?scopes?|has_?(role|authority)"
            r"|@?pre_?authorize|permit_?all|authorize\w*"
            r"|expected_?(iss|aud)|trusted_?|allowed_?(origins?|hosts?|audiences?|clients?)|same_?site"
            r"|cookie_?(domain|path|secure)"
            r"|csrf|\bcors\b|key_?id\b|\bkid\b|algorithms?\W{1,6}(hs|rs|es|ps|eddsa|none)|leeway|skew"
        ),
        went=lowered(
            r"jwks|required_?scopes?|has_?(role|authority)|permit_?all|allowed_?(origins?|hosts?|audiences?)"
            r"|leeway|clock_?skew"
            r"|tolerance|grace"
        ),
    ),
    Rule(
        "load balancing changed",
        "other replicas get the requests than before",
        {
            "cache": 0.8,
            "latency": 0.7,
            "traffic": 0.6,
            "auth": 0.6,
            "cpu": 0.5,
            "memory": 0.3,
            "queue": 0.4,
            "data": 0.3,
        },
        came=lowered(
            r"session_?affinity|sticky|consistent_?hash|hash_?policy|ring_?hash|maglev|lb_?policy"
            r"|load_?balanc\w*_?(policy|algorithm|type)"
            r"|least_?(conn|request)|round_?robin|pick_?first|external_?traffic_?policy|locality"
            r"|topology_?aware|partitioner|weighted"
        ),
        either=True,
    ),
    Rule(
        "graceful shutdown removed",
        "what is under way is cut off when a process ends",
        {"network": 0.9, "errors": 0.7, "data": 0.4, "queue": 0.4},
        went=lowered(r"pre_?stop|graceful|drain|termination_?grace|deregistration|sigterm|shutdown"),
    ),
    Rule(
        "caching of answers removed",
        "every answer has to be made anew",
        {"cache": 1.0, "traffic": 1.0, "latency": 0.7, "cpu": 0.6, "queries": 0.6, "network": 0.3},
        came=lowered(
            r"no-?store|no-?cache\b|max-?age=0|must-?revalidate|cache_?enabled?[\"']?\s*[:=]\s*false"
            r"|bypass_?cache|private, "
        ),
    ),
    Rule(
        "polling added",
        "somebody now asks again and again",
        {"traffic": 1.0, "queries": 0.7, "ratelimit": 0.7, "latency": 0.5, "cpu": 0.5, "cache": 0.3},
        came=lowered(
            r"set_?interval\(|refetch_?interval|poll(ing)?_?interval|\bpoll\(|watch_?poll|@scheduled"
            r"|time\.newticker|every\("
        ),
    ),
)

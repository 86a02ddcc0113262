"""Lines that do something known to break things."""

from rootline.changes.diffs.net import lowered
from rootline.changes.mechanisms.rule import Rule

CLOSES = (
    r"\.close\(|\bdefer\b|\.?release\(|dispose|unsubscribe|removeListener"
    r"|removeEventListener|\bcancel\(\)|\.stop\(\)|\bwith\b.{1,60}\bas\b|finally"
    r"|\bfree\(|_delete\(|_destroy\(|shutdown\(|\busing\b|rollback\("
)
OPENS = (
    r"\.Query\(|\.Begin\w*\(|\bopen\(|http\.(Get|Post)\(|client\.Do\(|NewTicker"
    r"|time\.Tick\(|addEventListener|\.subscribe\(|socket\(|getConnection|\.connect\("
    r"|setInterval|NewClient\(|new \w*Client\(|http\.Transport\{|createClient"
    r"|create_engine|urlopen"
)
THREADS = (
    r"\bgo func|\bgo \w+\(|new Thread|Thread\(|newCachedThreadPool|newFixedThreadPool"
    r"|ThreadPoolExecutor|\bspawn\w*\(|create_task|Executors\.|setInterval"
    r"|worker_threads|fork\("
)
RECIPE = r"^\s*FROM\s+[\w./-]+(?::[\w.$-]+|@sha)|^\s*RUN\s+\S|^\s*(COPY|ADD)\s+(--\S+\s+)?\S+\s+\S+$"
SLEEPS = r"sleep|back_?off|delay|jitter|wait|time\.after|exponential"

# Source: the failure modes listed in M. Nygard, Release It! (2nd ed., 2018), part I, and the post-mortem
# categories of B. Beyer et al., Site Reliability Engineering (2016), appendix C.
DOING: tuple[Rule, ...] = (
    Rule(
        "retry without back-off",
        "it tries again at once and without end",
        {"traffic": 1.0, "ratelimit": 0.9, "latency": 0.6, "cpu": 0.6, "queue": 0.4, "errors": 0.4, "network": 0.3},
        came=lowered(r"retr(y|ies|ying)\b(?!.?after)|\battempts?\b|requeue|redeliver"),
        needs=lowered(r"\bfor\b|\bwhile\b|\bloop\b|\btimes\b|requeue|redeliver|retry\("),
        unless=lowered(SLEEPS),
    ),
    Rule(
        "back-off removed",
        "the wait between two attempts is gone",
        {"traffic": 1.0, "ratelimit": 0.9, "latency": 0.5, "cpu": 0.7, "queue": 0.4, "errors": 0.4},
        went=lowered(r"back_?off|jitter|time\.sleep|Thread\.sleep|\bsleep\(|exponential"),
    ),
    Rule(
        "jitter removed",
        "what happened spread out now happens at once",
        {"cache": 1.0, "traffic": 0.9, "queries": 0.8, "ratelimit": 0.7, "latency": 0.6, "cpu": 0.5, "schedule": 0.4},
        went=lowered(r"jitter|\bsplay\b|rand\w*[.(].{0,60}(ttl|expir|delay|interval)|spread"),
    ),
    Rule(
        "lock added",
        "calls now wait for one another",
        {"lock": 1.0, "latency": 0.8, "queue": 0.5, "pool": 0.5, "errors": 0.3, "cpu": 0.2},
        came=lowered(
            r"\.R?Lock\(\)|\bsynchronized\b|mutex|FOR UPDATE|LOCK TABLE|_lock\b|\bacquire\("
            r"|ReentrantLock|advisory_lock|serializable|with_lock|Semaphore"
        ),
    ),
    Rule(
        "lock removed",
        "shared state is no longer guarded",
        {"data": 0.9, "crash": 0.7, "null": 0.4, "bounds": 0.4, "lock": 0.4, "errors": 0.4},
        went=lowered(
            r"\.R?Lock\(\)|\bsynchronized\b|mutex|FOR UPDATE|LOCK TABLE|_lock\b|atomic"
            r"|ReentrantLock|singleflight|sync\.Once|\.Do\(func"
        ),
    ),
    Rule(
        "unlock or release removed",
        "something taken is no longer given back",
        {"handles": 1.0, "pool": 1.0, "memory": 0.8, "lock": 0.7, "network": 0.3, "latency": 0.4, "errors": 0.3},
        went=lowered(CLOSES + r"|unlock\("),
    ),
    Rule(
        "resource opened and not closed",
        "something is opened and nothing closes it",
        {"handles": 0.9, "pool": 0.8, "memory": 0.6, "network": 0.3, "latency": 0.3},
        came=lowered(OPENS),
        unless=lowered(CLOSES),
    ),
    Rule(
        "borrowed and not always given back",
        "something is borrowed by hand, and a way out of the code does not give it back",
        {"pool": 1.0, "handles": 1.0, "lock": 0.7, "memory": 0.5, "latency": 0.5, "errors": 0.4, "queue": 0.4},
        came=lowered(r"\.acquire\(|\.borrow\w*\(|\.check_?out\(|\.get_?conn\w*\(|\.lease\("),
        unless=lowered(r"\bfinally\b|\bdefer\b|\bwith\b[^\n]{0,120}acquire|try \(|using \("),
    ),
    Rule(
        "time limit removed",
        "a call may now wait without end",
        {"latency": 0.9, "handles": 0.9, "queue": 0.8, "pool": 0.7, "network": 0.4, "errors": 0.3, "lock": 0.4},
        went=lowered(r"time_?out|deadline|cancel_?after|max_?wait|time_?limit"),
    ),
    Rule(
        "non-blocking step made blocking",
        "what gave way when there was no room now waits",
        {"latency": 0.9, "handles": 0.9, "queue": 0.8, "lock": 0.7, "memory": 0.3, "startup": 0.2},
        went=lowered(
            r"^\s*select\s*\{|^\s*default:|try_?(send|lock|acquire|put)|\.offer\(|_nowait|nonblock|async_?send|fire_and_forget"
        ),
    ),
    Rule(
        "blocking call added",
        "everything else in the process waits while it waits",
        {"latency": 1.0, "queue": 0.9, "cpu": 0.3, "startup": 0.3, "handles": 0.3},
        came=lowered(
            r"(?<!asyncio\.)\btime\.sleep\(|Thread\.sleep|requests\.(get|post|put)\(|urlopen\(|subprocess\.(run|check)"
            r"|readFileSync|execSync|\.block\(\)|runBlocking|\.get_result\(|run_until_complete"
        ),
    ),
    Rule(
        "file system searched",
        "files are looked for in folders each time, and everything waits meanwhile",
        {"latency": 1.0, "cpu": 0.8, "disk": 0.7, "queue": 0.7, "startup": 0.4},
        came=lowered(
            r"\br?glob(sync|stream)?\(|os\.walk\(|\b(list|scan|read)dir(sync)?\(|filepath\.walk\w*\(|walkdir|files\.(walk|find|list)\("
            r"|dir\.(glob|entries|children)\b|\bfind\.find\(|list_?files\("
        ),
    ),
    Rule(
        "division added",
        "a number is divided by one that may be zero",
        {"bounds": 1.0, "crash": 0.6, "errors": 0.5, "data": 0.4},
        came=lowered(r"[\w)\]] ?/ ?\(?(len\(|float\(|int\(|count|total|size|num|n\b|\w+\.(length|size|count)\b)"),
        unless=lowered(r"/ ?max\(|if not |or 1\b|== ?0|> ?0|!= ?0"),
    ),
    Rule(
        "listener added",
        "each call adds a listener that stays",
        {"memory": 1.0, "handles": 0.8, "cpu": 0.4, "latency": 0.2},
        came=lowered(r"\.on\(['\"`]|add_?(event_?)?listener|\.subscribe\(|signal\.connect|setinterval|\.adddisposable"),
        unless=lowered(r"\.off\(|remove_?(event_?)?listener|\.once\(|unsubscribe|dispose|clearinterval"),
    ),
    Rule(
        "threads started",
        "work starts beside the caller without a bound",
        {"handles": 0.9, "memory": 0.6, "cpu": 0.5, "data": 0.3, "pool": 0.4},
        came=lowered(THREADS),
        unless=lowered(r"semaphore|errgroup|SetLimit|max_workers|\bbounded|waitgroup"),
    ),
    Rule(
        "waiting added",
        "the caller now waits",
        {"latency": 0.9, "queue": 0.6, "cpu": 0.2, "lock": 0.3, "handles": 0.3, "startup": 0.3},
        came=lowered(
            r"sleep\(|\.Result\b|\.Wait\(\)|runBlocking|\.block\(\)|readFileSync|execSync"
            r"|writeFileSync|requests\.(get|post)\(|subprocess|\.join\(\)|await "
        ),
    ),
    Rule(
        "heavy work added",
        "more is computed for each call",
        {"cpu": 0.9, "latency": 0.7, "memory": 0.3},
        came=lowered(
            r"re\.compile|regexp\.\w*compile|pattern\.compile|new RegExp|bcrypt|scrypt|pbkdf2"
            r"|deep_?copy|clonedeep|\.sort\w*\(|reflect\.|BigInteger|\([^()\n]*[+*]\)[+*]"
        ),
    ),
    Rule(
        "serialization added",
        "something is turned into text or bytes as a whole for each call",
        {"cpu": 0.8, "latency": 0.7, "memory": 0.5, "disk": 0.3, "size": 0.3},
        came=lowered(
            r"json\.dumps?\(|json\.stringify\(|pickle\.dumps?\(|json\.marshal\w*\(|\.to_?json\(|write_?value_?as_?string\("
            r"|yaml\.(safe_)?dump\(|\bserialize\(|serde_json::to_\w+\(|spew\.sdump"
        ),
    ),
    Rule(
        "bulk load added",
        "everything is read at once",
        {"memory": 0.9, "latency": 0.6, "size": 0.4, "cpu": 0.3},
        came=lowered(
            r"read_?all\(|\.readlines\(|fetch_?all\(|find_?all\(|\.all\(\)|\.to_a\b"
            r"|\.toList\(\)|ioutil\.ReadAll|list_all|load_?all"
        ),
    ),
    Rule(
        "cache bypassed",
        "what a cache answered is asked anew",
        {"cache": 1.0, "latency": 0.8, "queries": 0.8, "traffic": 0.7, "cpu": 0.5, "ratelimit": 0.4, "pool": 0.4},
        went=lowered(r"cache|memoi[sz]e|singleflight|redis|memcache"),
    ),
    Rule(
        "fallback removed",
        "a failing dependency is no longer cushioned",
        {"errors": 0.8, "network": 0.6, "latency": 0.6, "handles": 0.4, "crash": 0.3},
        went=lowered(r"circuit|breaker|fallback|bulkhead|hedg|degrad|default_value"),
    ),
    Rule(
        "environment required",
        "it needs a variable that may be missing",
        {"config": 1.0, "startup": 1.0, "crash": 0.7, "null": 0.4, "auth": 0.3},
        came=lowered(
            r"getenv\(|os\.environ|process\.env\b|System\.getenv|env\.(require|fetch)|\bENV\["
            r"|LookupEnv|secretKeyRef|configMapKeyRef|required\("
        ),
    ),
    Rule(
        "setting removed or renamed",
        "a key that something reads is gone",
        {"config": 0.9, "startup": 0.7, "errors": 0.4, "null": 0.4, "auth": 0.3},
        went=lowered(
            r"^\s*-?\s*[\w.-]{2,60}:\s|^\s*[A-Z][A-Z0-9_]{3,60}=|valueFrom|secretRef|envFrom"
            r"|volumeMounts"
        ),
    ),
    Rule(
        "wire field renamed",
        "what is sent or expected is called differently",
        {"parse": 1.0, "data": 0.8, "null": 0.6, "errors": 0.5, "queue": 0.3},
        went=lowered(
            r"json:\"|@JsonProperty|serialized_name|=\s*\d+;\s*$|alias=\"|\breserved\b|xml:\""
            r"|@SerializedName|bson:\"|yaml:\""
        ),
    ),
    Rule(
        "verbose logging",
        "it writes far more",
        {"disk": 0.9, "cpu": 0.5, "latency": 0.3, "memory": 0.2},
        came=lowered(
            r"level.{0,12}(debug|trace)|setLevel\(.{0,20}DEBUG|DEBUG\s*=\s*True|log_statement"
            r"|access_log\s+on|verbose.{0,6}(true|on)"
        ),
    ),
    Rule(
        "metric label added",
        "each value of a label is a series of its own",
        {"memory": 0.8, "cpu": 0.4, "disk": 0.3},
        came=lowered(
            r"(label|tag|dimension|attribute)\w*.{0,60}(user|request|session|trace|path|url"
            r"|id\b|email)|\[\]string\{[^}]*\"\w*(user|request|session|trace|path|url|email)\w*\""
            r"|label_?names.{0,60}(user|request|session|trace|path|url|email)"
        ),
    ),
    Rule(
        "error swallowed",
        "an error is no longer told",
        {"data": 0.9, "queue": 0.4, "errors": 0.2},
        came=lowered(
            r"except[^\n]*:\s*pass|catch\s*(\([^)]*\))?\s*\{\s*\}|_ = err\b|,\s*_\s*:="
            r"|rescue\s*(nil|=>\s*_)|on error resume|set \+e|\|\| true"
        ),
    ),
    Rule(
        "image or command changed",
        "it runs on another image or with another command",
        {"startup": 0.8, "dependency": 0.6, "config": 0.7, "crash": 0.5, "tls": 0.3},
        went=lowered(r"^\s*(?:COPY|ADD|RUN|ENV|WORKDIR)\s"),
        came=lowered(
            r"^\s*FROM\s+[\w./-]+(?::[\w.$-]+|@sha)|entrypoint|^\s*CMD\b|\bimage:\s|imagePullPolicy|^\s*command:"
            r"|runtime:|python-version|node-version"
        ),
    ),
    Rule(
        "image build changed",
        "its image is built on another base or with other parts",
        {"startup": 0.9, "dependency": 0.9, "config": 0.6, "crash": 0.5, "tls": 0.4, "clock": 0.3},
        came=lowered(RECIPE),
        went=lowered(RECIPE),
        either=True,
    ),
    Rule(
        "may run twice at once",
        "what ran one at a time may now run twice at once",
        {"lock": 1.0, "data": 0.8, "leader": 0.8, "cpu": 0.5, "latency": 0.5, "queue": 0.5, "schema": 0.3},
        went=lowered(
            r"concurrency_?policy\W{1,4}(forbid|replace)|without_?overlapping|disallow_?concurrent|\bflock\b"
            r"|single_?instance|max_?active_?runs|max_?instances|@?singleton|leader_?elect|unique_?for|shed_?lock"
        ),
    ),
    Rule(
        "permissions of the process changed",
        "it runs as somebody else or sees another file system",
        {"startup": 0.8, "disk": 0.7, "auth": 0.5, "config": 0.4, "crash": 0.4},
        came=lowered(
            r"runAs(User|NonRoot|Group)|readOnlyRootFilesystem|fsGroup|securityContext"
            r"|\bchmod\b|\bchown\b|^\s*USER\s|umask|serviceAccount|capabilities"
        ),
        went=lowered(
            r"runAs(User|NonRoot|Group)|fsGroup|securityContext|\bchmod\b|\bchown\b|^\s*USER\s"
            r"|serviceAccount"
        ),
    ),
    Rule(
        "start-up work added",
        "more has to succeed before it is ready",
        {"startup": 0.8, "crash": 0.5, "dependency": 0.3, "latency": 0.2},
        came=lowered(
            r"func init\(|@PostConstruct|static \{|on_startup|lifespan|Must(Register|Compile"
            r"|Parse)|\bregister\w*\(|init_app|initializ"
        ),
    ),
    Rule(
        "outbound call added",
        "another service has to answer first",
        {"latency": 0.7, "network": 0.6, "errors": 0.5, "traffic": 0.4, "dns": 0.3, "ratelimit": 0.4},
        came=lowered(
            r"http\.(get|post|newrequest)|requests\.(get|post|put)|fetch\(|axios|grpc\.(dial"
            r"|newclient)|resttemplate|webclient|httpx\.|urlopen|\w*[cC]lient\.\w+\("
        ),
    ),
)

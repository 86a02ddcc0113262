"""Lines that change the room a process has: its machine, its ceilings, and work that can grow without one."""

from rootline.changes.diffs.net import lowered
from rootline.changes.mechanisms.rule import Rule

CEILING = (
    r"(prefetch\w*|qos|max_?\w{1,40}|\w{0,40}_?limit|\w{0,30}concurren\w*|pool_?size|\w{0,30}_?max|in_?flight"
    r"|buffer_?size"
    r"|batch_?size|queue_?(size|length)|capacity|per_?second|max-[\w-]{1,40}|[\w-]{1,40}-limit)"
)
NOTHING = r"[\"']?\s*(:=|=>|[:=(,])\s*[\"']?(0|-1|none|null|nil|unlimited|inf(inity)?)\b(?![.\d])"

MACHINE = (
    r"instance_?(type|class|size)|machine_?type|node_?(size|type|pool)|vm_?size|\bsku\b|storage_?(type"
    r"|class)|volume_?type"
    r"|\biops\b|provisioned|throughput|cpu_?credits|burstable|preemptible|nodeselector|instance_?family"
)

REFERENCES = (
    r"secret_?(ref|key_?ref|name)|config_?map(_?(key)?_?ref|_?name)?\b|existing_?secret|claim_?name|service_?account|image_?pull_?secret"
    r"|external_?secret|vault|kv/|projected:|sub_?path|mount_?path|secrets?_?manager|ssm/|parameter_?store"
)

# Source: AMQP 0-9-1 (a prefetch of 0 is no limit), the JVM's and the kernel's limits, and the way regular expression
# engines backtrack (R. Cox, Regular Expression Matching Can Be Simple And Fast, 2007).
ROOMS: tuple[Rule, ...] = (
    Rule(
        "process ended by itself",
        "the process ends itself, and whoever calls it then finds nobody",
        {"crash": 1.0, "network": 0.9, "startup": 0.6, "errors": 0.6, "monitoring": 0.8},
        came=lowered(
            r"\b(os\._exit|sys\.exit|process\.exit|System\.exit|Environment\.exit|os\.exit|syscall\.exit|std::process::exit"
            r"|log\.fatal\w*|os\.abort|os\.kill|process\.kill|exit!|raise_signal|kernel\.exit)\s*\("
        ),
    ),
    Rule(
        "reference to a secret or setting changed",
        "it looks for a secret or setting under another name",
        {"config": 1.0, "startup": 1.0, "auth": 0.7, "tls": 0.6, "crash": 0.5, "disk": 0.3, "errors": 0.3},
        came=lowered(REFERENCES),
        instead_of=lowered(REFERENCES),
        either=True,
    ),
    Rule(
        "limit set to unlimited",
        "a limit of nothing is no limit at all",
        {
            "memory": 1.0,
            "queue": 1.0,
            "handles": 0.7,
            "pool": 0.7,
            "crash": 0.6,
            "latency": 0.6,
            "traffic": 0.6,
            "size": 0.5,
        },
        came=lowered(CEILING + NOTHING),
    ),
    Rule(
        "concurrency reduced to one",
        "a single worker does what several did, and everybody waits for it",
        {"queue": 1.0, "latency": 1.0, "pool": 0.7, "lock": 0.6, "errors": 0.3},
        came=lowered(
            r"(max_?workers|workers|threads|concurrency|parallelism|max_?in_?flight)[\"']?\s?[=:(]{1,2}\s?1\b(?![._]?\d)"
            r"|single_?thread\w{0,20}\(|semaphore(slim)?\(1\b|queue_?scheduler\(1\)|limited_?parallelism\(1\)"
        ),
    ),
    Rule(
        "work serialized through a queue",
        "what comes is put into a queue without end, which is emptied one by one",
        {"queue": 1.0, "latency": 1.0, "memory": 0.5, "errors": 0.4, "data": 0.3},
        came=lowered(
            r"\b\w{0,40}(queue|deque)(<[^>\n]{0,60}>)?\(\)|unbounded_?(channel|queue)?\(|channel\(\w{0,10}\.?unlimited"
        ),
        needs=lowered(r"while (true|1)\b|while \(true\)|for \(;;\)|\bloop \{|\basync for\b|\bfor await\b|each_?with\b"),
    ),
    Rule(
        "blocks on a full queue",
        "what has a bounded place to wait is full once nobody empties it fast enough, and everybody waits",
        {"queue": 1.0, "latency": 0.8, "pool": 0.5, "errors": 0.4, "lock": 0.4},
        came=lowered(
            r"queue\([^()\n]{0,60}\d|blocking_?(queue|deque)<|make\(chan [^,()\n]{1,60},|sync_?channel\(|channel\(\d"
            r"|bounded\(\d|create_?bounded"
        ),
    ),
    Rule(
        "ambiguous pattern",
        "a pattern can match one text in very many ways, and tries them all",
        {"cpu": 1.0, "latency": 1.0, "queue": 0.9, "crash": 0.2, "memory": 0.2, "traffic": 0.2},
        came=lowered(
            r"\((\?:)?[^()\n]{0,80}[+*][^()\n]{0,80}\)[+*{]|(\.\*.{0,20}){3,}"
            r"|[\"'/`][^\"'`\n]{0,120}\((\?:)?[^()\n]{0,40}\([^()\n]{0,80}[+*][^()\n]{0,80}\)[^()\n]{0,40}\)[+*]"
        ),
    ),
    Rule(
        "machine type changed",
        "it runs on another machine or disk than before",
        {
            "latency": 0.9,
            "cpu": 0.9,
            "disk": 0.8,
            "memory": 0.8,
            "schedule": 0.6,
            "queries": 0.5,
            "pool": 0.4,
            "queue": 0.4,
        },
        came=lowered(MACHINE + r"|\bspot\b"),
        instead_of=lowered(MACHINE + r"|spot|on_?demand"),
        either=True,
    ),
    Rule(
        "pool made for each call",
        "each call makes workers or connections of its own and leaves them behind",
        {"handles": 1.0, "memory": 0.7, "pool": 0.7, "network": 0.5, "latency": 0.4, "crash": 0.4, "errors": 0.3},
        came=lowered(
            r"^\s{2,}.*(new(fixed|cached|scheduled|work\w*)threadpool|threadpoolexecutor\("
            r"|processpoolexecutor\(|new \w*(pool|client|datasource"
            r"|session|channel|transport)\(|create_engine\(|http\.client\{|new_?client\(|\.dial\("
            r"|managedchannelbuilder|createclient\()"
        ),
        unless=lowered(
            r"shutdown|\.close\(|try \(|using \(|\bwith\b|\bdefer\b|static|lazy|singleton|once\b|__init__|constructor"
        ),
    ),
    Rule(
        "runtime options changed",
        "the runtime's own switches are others",
        {"memory": 0.9, "crash": 0.6, "cpu": 0.7, "latency": 0.6, "startup": 0.5},
        came=lowered(
            r"-xx:|-xm[xs]|maxrampercentage|max-?old-?space|gogc|gomemlimit|gomaxprocs|java_tool_options"
            r"|java_opts|node_options"
            r"|malloc_arena|pythonmalloc|uv_threadpool|rayon_num|ruby_gc|jemalloc|max_?requests"
        ),
        either=True,
    ),
    Rule(
        "database tuning changed",
        "a store sorts, remembers or cleans up with another budget",
        {"latency": 0.8, "queries": 0.8, "cpu": 0.6, "memory": 0.6, "disk": 0.7, "lock": 0.4, "replica": 0.4},
        came=lowered(
            r"work_mem|shared_buffers|random_page_cost|enable_\w+scan|autovacuum|max_wal|checkpoint|innodb_\w+"
            r"|join_buffer|statistics"
            r"|query_cache|maxmemory|eviction|refresh_interval|merge\.|compaction"
        ),
        either=True,
    ),
)

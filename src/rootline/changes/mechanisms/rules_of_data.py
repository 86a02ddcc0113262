"""Lines that change what data looks like on its way, how it is kept whole, and how often it counts."""

from rootline.changes.diffs.net import lowered
from rootline.changes.mechanisms.rule import Rule

NAMING = (
    r"naming_?(strategy|policy|convention)|key_?transform|snake_?case|camel_?(case|lower|ize)|json_?mapper"
    r"|serde\(|alias_?generator|rename_?all|use_?proto_?names|emit_?unpopulated"
)

# Source: M. Kleppmann, Designing Data-Intensive Applications (2017), chapters 4, 7 and 11.
DATA: tuple[Rule, ...] = (
    Rule(
        "first or last item left out",
        "the first or the last of what is gone through is left out",
        {"data": 1.0, "bounds": 0.8, "errors": 0.6, "null": 0.5, "parse": 0.6},
        came=lowered(
            r"range\(1, ?len\(|range\(len\([^()]{1,60}\) ?- ?1\)|\bin \w[\w.]{0,60}\[(1:|:-1)\]"
            r"|range \w[\w.]{0,60}\[1:\]|\.(skip|drop)\(1\)|\.slice\((1|0, ?-1)\)|\b1\.\.\w[\w.]{0,60}len"
        ),
    ),
    Rule(
        "time in another unit",
        "a time is counted in another unit, and what it is compared with may be in the one before",
        {"data": 1.0, "clock": 0.9, "cache": 0.7, "auth": 0.5, "errors": 0.7, "parse": 0.4, "schedule": 0.6},
        came=lowered(
            r"(now|time|timestamp|clock|epoch|monotonic)\w{0,20}(\(\))?\)?\s?[*/]\s?(1_?000|1e3)|unix_?(milli|micro|nano)\w*\("
            r"|to_?millis\(|to_?epoch_?milli\(|epoch_?second\(|currenttimemillis\(|time_ns\("
        ),
    ),
    Rule(
        "content embedded in messages",
        "content is put into the message itself, which becomes much larger",
        {"size": 1.0, "latency": 0.6, "network": 0.5, "memory": 0.5, "cpu": 0.4, "parse": 0.3},
        came=lowered(
            r"b64encode\(|to_?base64|base64\.\w{0,20}encod\w*|encode_?to_?string\(|data:[\w*]{1,20}/[\w+.*-]{1,40};base64|btoa\("
        ),
    ),
    Rule(
        "part of a duration used as the whole",
        "of a length of time only the seconds or minutes beyond its whole days or hours are read",
        {"data": 1.0, "cache": 0.9, "clock": 0.8, "auth": 0.5, "errors": 0.7, "schedule": 0.5},
        came=lowered(
            r"[a-z_)\]]\.(seconds|minutes|microseconds|milliseconds)\b(?!\s?[(_=])|\.to_?(seconds|minutes|millis)_?part\("
        ),
    ),
    Rule(
        "writes buffered",
        "what is written waits until there is more of it, and nobody who reads meanwhile finds it",
        {"data": 1.0, "replica": 0.7, "null": 0.5, "queue": 0.5, "memory": 0.4, "cache": 0.3},
        came=lowered(
            r"write_?behind|debounc\w*|linger\w*|\bcoalesc\w*|flush_?(every|interval|at|after)"
            r"|\w{0,20}(batch|buffer|pending)\w{0,20}\.(append|push|add|enqueue)\(|append\(\w{0,20}(batch|buffer|pending)"
        ),
    ),
    Rule(
        "steps made concurrent",
        "what was done one after the other is done at once, and one may overtake what it has to wait for",
        {"data": 0.9, "null": 0.6, "errors": 0.5, "lock": 0.5, "traffic": 0.4, "bounds": 0.3},
        came=lowered(
            r"asyncio\.gather\(|promise\.all\w*\(|\bjoin!\(|task_?group\(|errgroup|\.parallel\w*\(|all_?of\(|when_?all\(|async_?all\("
        ),
    ),
    Rule(
        "answer cached",
        "what was worked out once is given out again, however old it has become",
        {"cache": 0.9, "data": 0.9, "clock": 0.8, "auth": 0.5, "memory": 0.4, "errors": 0.4},
        came=lowered(
            r"lru_cache|@cache\b|functools\.cache|cached_property|memoi[sz]e|use_?memo\(|lazy_static|once_cell|once_?lock"
            r"|sync\.once|compute_?if_?absent|\|\|= |@cacheable|get_or_set"
        ),
    ),
    Rule(
        "batching removed",
        "what was asked for at once is asked for one by one",
        {"queries": 1.0, "traffic": 1.0, "latency": 0.9, "pool": 0.6, "ratelimit": 0.6, "cpu": 0.4},
        went=lowered(
            r"data_?loader|\bloaders?\.|\bbatch\w*\(|load_?many|get_?many|find_?many|\bmget\b|multi_?get"
            r"|get_?all\(|pipeline\("
            r"|bulk_?\w*\(|in_bulk|select_related|prefetch_related|joinedload|\.includes\(|preload"
            r"|promise\.all|where_in|= any\("
        ),
    ),
    Rule(
        "message format changed",
        "what is sent is named or written differently than its readers expect",
        {"parse": 1.0, "null": 0.9, "data": 0.8, "queue": 0.8, "errors": 0.5, "crash": 0.3, "schema": 0.3},
        came=lowered(
            NAMING
            + r"|kebab_?case|pascal_?case|by_?alias|object_?mapper|content_?type:|omit_?empty|exclude_?(none|unset)"
            r"|non_?null\b|schema_?registry|compatibility"
        ),
        went=lowered(NAMING),
        either=True,
    ),
    Rule(
        "number held in a narrower type",
        "large or precise numbers no longer fit",
        {"bounds": 1.0, "data": 0.9, "schema": 0.6, "errors": 0.6, "parse": 0.5, "crash": 0.4},
        came=lowered(
            r"\b(u?int(8|16|32)?|integer|smallint|tinyint|float(32)?|short|number|u8|u16|i8|i16|i32|varchar)\b"
        ),
        instead_of=lowered(
            r"\b(u?int64|bigint|bigserial|long|decimal|bigdecimal|numeric|float64|double|biginteger|i64|u64"
            r"|i128|text)\b"
        ),
    ),
    Rule(
        "bound of a value removed",
        "a value is no longer held between its limits",
        {"bounds": 1.0, "data": 0.9, "size": 0.7, "memory": 0.5, "errors": 0.5, "crash": 0.4, "latency": 0.3},
        went=lowered(
            r"(?<![\w])(math\.)?(min|max|clamp|least|greatest|abs)\(|\.clamp\(|\.coerce(in|at)|saturating_"
            r"|\.slice\(0|\.take\("
            r"|\.first\(\d|truncate\(|limitreader|\[:\w{1,30}\]"
        ),
    ),
    Rule(
        "remainder of a division dropped",
        "what a division leaves over is given to nobody",
        {"data": 1.0, "bounds": 0.4, "errors": 0.3},
        went=lowered(r"\b(rest|remainder|left_?over|residual|carry)\b|\bmod\(|divmod|\w ?% ?[a-z]"),
        instead_of=lowered(r"/"),
    ),
    Rule(
        "duplicate check removed",
        "what was recognised as done already is done again",
        {"data": 1.0, "schema": 0.6, "queue": 0.5, "traffic": 0.4, "errors": 0.4},
        went=lowered(
            r"idempoten|dedup|drop_?duplicates|distinct\(|\.uniq\b|on conflict"
            r"|upsert|first_or_create|get_or_create|find_or_create|exactly_?once"
            r"|already_?(sent|done|seen"
            r"|processed)|setnx|insert ignore|unique_?key"
        ),
    ),
    Rule(
        "transaction removed",
        "half of the work can stay behind",
        {"data": 1.0, "lock": 0.4, "errors": 0.4, "schema": 0.4},
        went=lowered(r"transaction\b|@transactional|\batomic\b|\.begin\(|\.commit\(|unit_?of_?work"),
    ),
    Rule(
        "isolation changed",
        "transactions see and block each other differently",
        {"lock": 1.0, "data": 0.8, "latency": 0.5, "errors": 0.5, "schema": 0.3},
        came=lowered(
            r"isolation|serializable|read[ _]committed|repeatable[ _]read|requires_new|for update|nowait"
            r"|skip locked|propagation"
        ),
    ),
    Rule(
        "acknowledged too early",
        "a message is given up before its work is done",
        {"data": 1.0, "queue": 0.9, "errors": 0.3},
        came=lowered(
            r"(auto|no)_?ack\w*[\"']?\s*[:=(,]+\s*true|auto_?commit\w*[\"']?\s*[:=(,]+\s*true"
            r"|acks?[\"']?\s*[:=]\s*[\"']?[01]\b"
            r"|at_?most_?once"
        ),
    ),
    Rule(
        "result read before completion",
        "what works beside the caller is asked for its result, whether or not it is there",
        {"errors": 1.0, "null": 0.7, "crash": 0.6, "data": 0.5, "latency": 0.5},
        came=lowered(r"\.result\(\)|\.get_?now\(|\.get_?completed\(|\.exception\(\)"),
        needs=lowered(r"create_?task\(|ensure_?future\(|\.submit\(|supply_?async\(|future"),
        unless=lowered(r"as_completed|asyncio\.wait\(|add_done_callback|\.done\(\)|wait_for\("),
    ),
    Rule(
        "no longer waited for",
        "it goes on before the work is done, and nobody hears of its failure",
        {"data": 0.8, "crash": 0.6, "null": 0.6, "errors": 0.4, "handles": 0.4, "memory": 0.3},
        went=lowered(r"\bawait\b|\.join\(\)|\.get\(\)\s*;|wg\.wait\(\)|\.block\(\)"),
    ),
)

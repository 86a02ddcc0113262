"""Log lines of many kinds to count: those that most programs write, and those that make counting hard."""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

VERBS = ("accepted", "rejected", "queued", "replayed", "stored", "signed", "billed", "shipped", "merged", "held")
NOUNS = ("order", "payment", "invoice", "basket", "refund", "voucher", "session", "profile", "stock", "review")
SHAPES = (
    (
        "{verb} {noun} {uuid} for customer {number} in {number}ms, total={money} items={digit} currency=EUR "
        "warehouse=eu-{digit} session={hex} retries={digit} queue_depth={number} idempotency key {uuid}"
    ),
    (
        "{noun} {verb} by worker-{digit} after {money}s (attempt {digit} of 5) request={hex} offset={number} "
        "partition={digit} lag={number} batch {uuid} committed to /var/lib/{noun}/segments/{number}.log"
    ),
    (
        "{ip} - - GET /api/v{digit}/{noun}/{uuid}?page={digit} HTTP/1.1 {status} {number} bytes {number}us upstream "
        "{ip}:{port} Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/{digit}.0 Safari/537.36"
    ),
    (
        "{noun} not {verb}: connection to {ip}:{port} timed out after {number}ms, trace {hex}, pool active={digit} "
        "idle={digit} waiting={number}, last error at {money}s: read tcp {ip}:{port}: i/o timeout"
    ),
    (
        "cache miss for key {noun}:{hex}, {verb} from shard {digit} in {number}us, {number} bytes, ttl {number}s, "
        "evicted {number} entries of {number}, hit ratio {money}, node cache-{digit}.cache.svc.cluster.local:{port}"
    ),
    (
        "user user{number} {verb} {noun} {number} from {ip} agent=client/{digit}.{digit} country=DE consent={digit} "
        "experiment {uuid} variant {digit} latency {money}ms db {number}us render {number}us"
    ),
)
MORE = (
    "; pool {word}-{digit} of {noun}-service answered in {number}us after {digit} tries, cursor {hex} at offset "
    "{number}, lease {uuid} renewed by node-{digit}.eu-{digit}.internal for {number}s, budget {money} left of {number}"
)
WORDS = (
    "user {name} known as {other} asked about {noun} {name}, {verb} for team {other} on behalf of {name}, see {other}"
)
TRACE = "\n\tat shop.{noun}.Desk.{verb}(Desk.java:{digit})\n\tat shop.web.Door.serve(Door.java:{port})" * 2
BEGINNINGS = tuple(" ".join(shape.split()[:7]) for shape in SHAPES)
TREES = ("alder", "birch", "cedar", "elm", "fir", "hazel", "larch", "maple", "oak", "pine")
_HOUR_S = 3600
Fields = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Variant:
    """How lines are worded and written. `kinds` is how many messages the programs have, 0 for 600."""

    shapes: Sequence[str] = SHAPES
    written: Callable[[Fields], str] = json.dumps
    kinds: int = 0
    instances: int = 1
    in_order: bool = True


def _renamed(fields: Fields) -> str:
    order = ("trace_id", "message", "pod", "note", "span_id", "service", "level", "timestamp")
    names = {"message": "msg", "timestamp": "ts", "level": "lvl", "service": "app"}
    return json.dumps({names.get(key, key): fields[key] for key in order}, separators=(",", ":"))


def _nested(fields: Fields) -> str:
    inner = {key: fields[key] for key in ("message", "trace_id")}
    return json.dumps({"pid": 7, **{key: fields[key] for key in fields if key not in inner}, "log": inner})


def _escaped(fields: Fields) -> str:
    return json.dumps({**fields, "message": f'said "{fields["level"]}" für\t{fields["message"]}'})


def _text(fields: Fields) -> str:
    return f"{fields['timestamp']} {fields['level']} [{fields['service']}] {fields['message']} {fields['note']}"


def _logfmt(fields: Fields) -> str:
    return " ".join(f'{key}="{value}"' if " " in str(value) else f"{key}={value}" for key, value in fields.items())


def _mixed(fields: Fields) -> str:
    ways = (json.dumps, _renamed, _nested, _escaped, _text)
    return ways[len(str(fields["service"])) % len(ways)](fields)


VARIANTS: Mapping[str, Variant] = {
    "usual": Variant(),
    "long": Variant(shapes=[f"{shape}{MORE}" for shape in SHAPES]),
    "short": Variant(shapes=["{verb} {noun} {hex}", "{noun} {verb} in {number}ms", "{noun} {number} of {ip}"]),
    "renamed": Variant(written=_renamed),
    "nested": Variant(written=_nested),
    "escaped": Variant(written=_escaped),
    "text": Variant(written=_text),
    "logfmt": Variant(written=_logfmt),
    "mixed": Variant(written=_mixed),
    "traces": Variant(shapes=[f"{beginning}{TRACE}" for beginning in BEGINNINGS]),
    "names": Variant(shapes=[f"{beginning} {WORDS}" for beginning in BEGINNINGS]),
    "few": Variant(kinds=20),
    "many": Variant(kinds=5000),
    "unordered": Variant(in_order=False),
    "services": Variant(instances=40),
}


def lines(count: int, seed: int, variant: Variant) -> Iterator[tuple[bytes, str]]:
    """Lines of 500 bytes or more over one hour, each with its message, which is another in nearly every line."""
    dice = random.Random(seed)
    kinds = _kinds(variant, dice)
    for at in range(count):
        shape, verb, noun, level = kinds[min(int(dice.expovariate(12 / len(kinds))), len(kinds) - 1)]
        moment = at if variant.in_order else dice.randrange(count)
        message = shape.format_map({**_values(dice), "verb": verb, "noun": noun})
        fields: Fields = {
            "timestamp": _time(moment * _HOUR_S / count),
            "level": level,
            "service": f"{noun}-service" + (f"-{dice.randrange(variant.instances)}" if variant.instances > 1 else ""),
            "message": message,
            "trace_id": f"{dice.getrandbits(128):032x}",
            "span_id": f"{dice.getrandbits(64):016x}",
            "pod": f"{noun}-service-{dice.getrandbits(36):09x}-{dice.getrandbits(20):05x}",
            "note": "",
        }
        fields["note"] = "." * max(0, 500 - len(variant.written(fields).encode()))
        yield variant.written(fields).encode(), message


def _kinds(variant: Variant, dice: random.Random) -> list[tuple[str, str, str, str]]:
    levels = ("INFO", "INFO", "WARN", "ERROR")
    first = [(shape, verb, noun, dice.choice(levels)) for shape in variant.shapes for verb in VERBS for noun in NOUNS]
    kinds = first[: variant.kinds or None]
    for at in range(len(first), variant.kinds):
        shape, verb, noun, level = first[at % len(first)]
        kinds.append((f"{_word(at)} {shape}", verb, noun, level))
    return kinds


def _time(second: float) -> str:
    whole, part = divmod(int(second * 1000), 1000)
    return f"2026-03-01T12:{whole // 60:02}:{whole % 60:02}.{part:03}Z"


def _word(number: int) -> str:
    """A word without digits, a different one for each number up to 450,000."""
    return "".join(chr(97 + number // 26**place % 26) for place in range(4))


def _values(dice: random.Random) -> dict[str, object]:
    digits = f"{dice.getrandbits(128):032x}"
    return {
        "uuid": f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}",
        "hex": f"{dice.getrandbits(64):016x}",
        "ip": f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(256)}",
        "port": dice.randrange(1024, 65536),
        "number": dice.randrange(100_000),
        "digit": dice.randrange(10),
        "money": f"{dice.random() * 1000:.2f}",
        "status": dice.choice((200, 201, 404, 503)),
        "word": dice.choice(TREES),
        "name": _word(dice.randrange(26**4)),
        "other": _word(dice.randrange(26**4)),
    }

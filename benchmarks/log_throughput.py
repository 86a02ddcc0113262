"""How many JSON log lines a second become scored counts, beside drain3 on the same lines.

    python benchmarks/log_throughput.py [--lines 1000000] [--seed 7] [--drain3 PYTHON] [--drain3-lines 100000]

Each side runs in a fresh process on one core, from bytes on disk to counts, imports included; `--drain3` names
the interpreter of an environment with drain3 from PyPI. It gets the parsed message and is timed twice: with
the masks of its own example, which are few, and with as many of our masking rules as it can express.
CPU seconds are compared, because other work on the machine changes them less than the clock's.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rootline.analysis.logs.masking import HOLE, RULES

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
OURS = """
import sys, time
from datetime import datetime, timedelta, timezone
began = time.process_time(), time.perf_counter()
from rootline.analysis.logs import summarise_json
from rootline.domain.window import Window
noon = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
window = Window(start=noon, end=noon + timedelta(hours=1))
with open(sys.argv[1], "rb", buffering=1 << 20) as lines:
    found = summarise_json(lines, window, onset=noon + timedelta(minutes=30))
counted = sum(one.count + one.baseline_count for one in found)
print(counted, len({one.template for one in found}), time.process_time() - began[0], time.perf_counter() - began[1])
"""
THEIRS = r"""
import sys, time
began = time.process_time(), time.perf_counter()
import itertools, json
from drain3 import TemplateMiner
from drain3.masking import MaskingInstruction
from drain3.template_miner_config import TemplateMinerConfig
config = TemplateMinerConfig()
config.masking_instructions = [MaskingInstruction(mask, "*") for mask in json.loads(sys.argv[3])]
miner = TemplateMiner(config=config)
counted = 0
with open(sys.argv[1], "rb", buffering=1 << 20) as lines:
    for line in itertools.islice(lines, int(sys.argv[2])):
        miner.add_log_message(json.loads(line)["message"])
        counted += 1
print(counted, len(miner.drain.clusters), time.process_time() - began[0], time.perf_counter() - began[1])
"""


EXAMPLE = tuple(
    rf"((?<=[^A-Za-z0-9])|^){mask}((?=[^A-Za-z0-9])|$)"
    for mask in (
        r"(([0-9a-f]{2,}:){3,}([0-9a-f]{2,}))",
        r"(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})",
        r"([0-9a-f]{6,} ?){3,}",
        r"([0-9A-F]{4} ?){4,}",
        r"(0x[a-f0-9A-F]+)",
        r"([\-\+]?\d+)",
    )
)
OUR_MASKS = tuple(rule.pattern.pattern for rule in RULES if rule.by == HOLE and rule.needle != HOLE)


def lines(count: int, seed: int) -> Iterator[bytes]:
    """JSON lines of 500 bytes, in order of time over one hour, nearly all different in their message."""
    dice = random.Random(seed)
    kinds = [
        (shape, verb, noun, dice.choice(("INFO", "INFO", "WARN", "ERROR")))
        for shape in SHAPES
        for verb in VERBS
        for noun in NOUNS
    ]
    for at in range(count):
        shape, verb, noun, level = kinds[min(int(dice.expovariate(0.02)), len(kinds) - 1)]
        fields = {
            "timestamp": f"2026-03-01T12:{at * 60 // count:02}:{at * 3600 // count % 60:02}.{dice.randrange(1000):03}Z",
            "level": level,
            "service": f"{noun}-service",
            "message": shape.format_map({**_values(dice), "verb": verb, "noun": noun}),
            "trace_id": f"{dice.getrandbits(128):032x}",
            "span_id": f"{dice.getrandbits(64):016x}",
            "pod": f"{noun}-service-{dice.getrandbits(36):09x}-{dice.getrandbits(20):05x}",
            "note": "",
        }
        fields["note"] = "." * max(0, 500 - len(json.dumps(fields)))
        yield json.dumps(fields).encode()


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
    }


def main() -> None:
    """Write the lines, time both sides, print lines a second and the ratio."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.ndjson"
        different = _write(path, options.lines, options.seed)
        print(f"{options.lines} lines of {path.stat().st_size // options.lines} bytes, {different:.1%} different")
        ours = _run("rootline", [sys.executable, "-c", OURS, str(path)])
        for name, masks in (("its masks", EXAMPLE), ("our masks", OUR_MASKS)) if options.drain3 else ():
            sample = [str(path), str(options.drain3_lines), json.dumps(masks)]
            theirs = _run(f"drain3, {name}", [options.drain3, "-c", THEIRS, *sample])
            print(f"ratio {ours / theirs:.1f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--drain3", default="")
    parser.add_argument("--drain3-lines", type=int, default=100_000)
    return parser.parse_args()


def _write(path: Path, count: int, seed: int) -> float:
    """Write the lines; the share of messages that are different."""
    seen: set[int] = set()
    with path.open("wb") as file:
        for line in lines(count, seed):
            seen.add(hash(json.loads(line)["message"]))
            file.write(line + b"\n")
    return len(seen) / count


def _run(name: str, command: list[str]) -> float:
    """Lines a CPU second of one side."""
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    counted, templates, cpu_s, wall_s = map(float, printed.split())
    print(f"{name:17} {counted / cpu_s:9.0f} lines/CPU s, {counted / wall_s:9.0f} lines/s, {templates:.0f} templates")
    return counted / cpu_s


if __name__ == "__main__":
    main()

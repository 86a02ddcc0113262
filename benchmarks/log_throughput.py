"""How many JSON log lines a second become scored counts, beside drain3 on the same lines.

    python -m benchmarks.log_throughput [--lines 1000000] [--seed 7] [--variant NAME] [--drain3 PYTHON]

Each side runs in a fresh process on one core, from bytes on disk to counts, imports included, as they are where a
package is installed: with the bytecode that a first run on a few lines left. `--drain3` names the interpreter of an
environment with drain3 from PyPI. It gets the parsed message and is timed twice: with
the masks of its own example, which are few, and with as many of our masking rules as it can express.
CPU seconds are compared, because other work on the machine changes them less than the clock's.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

from benchmarks.log_lines import VARIANTS, Variant, lines
from rootline.analysis.logs.masking import HOLE, RULES

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

def said(line):
    if not line.startswith(b"{"):
        return line.decode()
    fields = json.loads(line)
    return fields.get("message") or fields.get("msg") or fields["log"]["message"]

counted = 0
with open(sys.argv[1], "rb", buffering=1 << 20) as lines:
    for line in itertools.islice(lines, int(sys.argv[2])):
        miner.add_log_message(said(line))
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


def main() -> None:
    """Write the lines, time both sides, print lines a second and the ratio."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.ndjson"
        different = _write(path, options.lines, options.seed, VARIANTS[options.variant])
        print(f"{options.lines} lines of {path.stat().st_size // options.lines} bytes, {different:.1%} different")
        ours = _run("rootline", [sys.executable, "-c", OURS], path)
        for name, masks in (("its masks", EXAMPLE), ("our masks", OUR_MASKS)) if options.drain3 else ():
            theirs = _run(
                f"drain3, {name}", [options.drain3, "-c", THEIRS], path, str(options.drain3_lines), json.dumps(masks)
            )
            print(f"ratio {ours / theirs:.1f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--variant", choices=VARIANTS, default="usual")
    parser.add_argument("--drain3", default="")
    parser.add_argument("--drain3-lines", type=int, default=100_000)
    return parser.parse_args()


def _write(path: Path, count: int, seed: int, variant: Variant) -> float:
    """Write the lines; the share of messages that are different."""
    seen: set[int] = set()
    with path.open("wb") as file:
        for line, message in lines(count, seed, variant):
            seen.add(hash(message))
            file.write(line + b"\n")
    return len(seen) / count


def _run(name: str, program: list[str], path: Path, *more: str) -> float:
    """Lines a CPU second of one side."""
    few = path.with_name("few")
    with path.open("rb") as file:
        few.write_bytes(b"".join(islice(file, 100)))
    bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(path.with_name("bytecode"))}
    for lines_in in (few, path):
        command = [*program, str(lines_in), *more]
        told = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **bytecode})
    counted, templates, cpu_s, wall_s = map(float, told.stdout.split())
    print(f"{name:17} {counted / cpu_s:9.0f} lines/CPU s, {counted / wall_s:9.0f} lines/s, {templates:.0f} templates")
    return counted / cpu_s


if __name__ == "__main__":
    main()

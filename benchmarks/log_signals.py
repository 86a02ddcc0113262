"""How soon a log line is scored while 200,000 lines a minute are written, and whether memory stays flat.

    python benchmarks/log_signals.py [--minutes 1] [--rate 200000] [--seed 7]

One process appends JSON lines to a file, as programs do, each with the moment at which it was written; this one follows
the file as `rootline watch` does, four looks a second. A line's latency is the time from then until the look that
counted and scored it was done. Every half minute a service begins to fail in new words: how soon the first signal of it
comes is printed too.
"""

import argparse
import json
import multiprocessing
import random
import re
import resource
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rootline.intake.watching.listening import Files
from rootline.intake.watching.schedule import LOOK_S

VERBS = ("accepted", "rejected", "queued", "replayed", "stored", "signed", "billed", "shipped", "merged", "held")
NOUNS = ("order", "payment", "invoice", "basket", "refund", "voucher", "session", "profile", "stock", "review")
SERVICES = tuple(f"{noun}-service" for noun in NOUNS)
MOST_MS = 20_000
LOST = re.compile(rb"shard ([a-z]{3}) is lost")
Counts = NDArray[np.int64]
TICK_S, FAILS_EVERY_S, FAILS_FOR_S = 0.02, 30.0, 5.0
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def line(dice: random.Random, at: float) -> bytes:
    """Write a usual line of some 300 bytes."""
    noun, verb = dice.choice(NOUNS), dice.choice(VERBS)
    text = (
        f"{noun} {dice.getrandbits(64):016x} {verb} by worker-{dice.randrange(40)} after {dice.random():.3f}s "
        f"(attempt {dice.randrange(5)} of 5) from 10.0.{dice.randrange(256)}.{dice.randrange(256)}:{dice.randrange(99)}"
    )
    fields = {
        "ts": round(at, 6),
        "level": "INFO",
        "service": f"{noun}-service",
        "message": text,
        "trace_id": f"{dice.getrandbits(128):032x}",
        "pod": f"{noun}-service-{dice.getrandbits(36):09x}",
    }
    return json.dumps(fields).encode() + b"\n"


def failure(dice: random.Random, at: float, number: int) -> bytes:
    """Write a line that nobody has written before this failure."""
    word = "".join(LETTERS[number // 26**place % 26] for place in range(3))
    text = f"shard {word} is lost: connection to 10.1.{dice.randrange(256)}.9 refused after {dice.randrange(900)}ms"
    fields = {"ts": round(at, 6), "level": "ERROR", "service": SERVICES[number % len(SERVICES)], "message": text}
    return json.dumps(fields).encode() + b"\n"


def write(file: Path, rate_s: float, seconds: float, seed: int) -> None:
    """Append lines at a rate until the time is over; what was late is caught up."""
    dice, began, written = random.Random(seed), time.time(), 0
    with file.open("ab", buffering=0) as opened:
        while (passed := time.time() - began) < seconds:
            due = int(passed * rate_s) - written
            lines = [line(dice, time.time()) for _ in range(due)]
            if passed % FAILS_EVERY_S < FAILS_FOR_S and passed > FAILS_EVERY_S:
                lines += [failure(dice, time.time(), int(passed // FAILS_EVERY_S)) for _ in range(2)]
            opened.write(b"".join(lines))
            written += due
            time.sleep(TICK_S)


@dataclass
class Seen:
    """What the reader has measured; `latencies` are counts by millisecond, so that measuring takes no memory."""

    latencies: Counts = field(default_factory=lambda: np.zeros(MOST_MS, dtype=np.int64))
    written: dict[bytes, float] = field(default_factory=dict)
    told: dict[bytes, float] = field(default_factory=dict)
    memory_mb: list[float] = field(default_factory=list)
    cpu_s: float = 0.0

    def add(self, lines: Sequence[bytes], done: float) -> None:
        """Note how old lines are, and when a failure was first written."""
        ages = done - np.array([float(one[7 : one.index(b",")]) for one in lines])
        places = np.clip(ages * 1000, 0, MOST_MS - 1).astype(np.int64)
        self.latencies += np.bincount(places, minlength=MOST_MS)
        for one, age in zip(lines, ages.tolist(), strict=True):
            if (word := LOST.search(one)) is not None:
                self.written.setdefault(word[1], done - age)

    def quantile_s(self, share: float) -> float:
        """Return the latency under which this share of the lines lies, in seconds."""
        return float(np.searchsorted(np.cumsum(self.latencies), share * self.latencies.sum())) / 1000


def follow(file: Path, seconds: float) -> Seen:
    """Follow the file, and note after each look how old each of its lines is."""
    seen, began, cpu = Seen(), time.time(), time.process_time()
    next_memory = 0.0
    with closing(Files(files=[file])) as ear, closing(_Beside(file)) as beside:
        while time.time() - began < seconds:
            look_at = time.time()
            found = ear.look(look_at)
            done = time.time()
            seen.add(beside.lines(ear), done)
            for one in found:
                if (word := LOST.search(one.exemplar.encode())) is not None:
                    seen.told.setdefault(word[1], done)
            if done - began >= next_memory:
                seen.memory_mb.append(_memory_mb())
                next_memory += max(1.0, seconds / 60)
            time.sleep(max(0.0, LOOK_S - (time.time() - look_at)))
    seen.cpu_s = time.process_time() - cpu
    return seen


class _Beside:
    """Reads the same lines as the ear, to the same place."""

    def __init__(self, file: Path) -> None:
        self._opened = file.open("rb")

    def lines(self, ear: Files) -> list[bytes]:
        """Return the lines that the ear has read since the last time."""
        place = next(iter(ear._tails.values()))[0]._held.tell()  # noqa: SLF001 the benchmark looks inside
        whole = self._opened.read(place - self._opened.tell())
        cut = whole.rfind(b"\n") + 1
        self._opened.seek(cut - len(whole), 1)
        return whole[:cut].split(b"\n")[:-1]

    def close(self) -> None:
        """Let go of the file."""
        self._opened.close()


def _memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def main() -> None:
    """Write, follow, and print latency, memory and how soon failures were told."""
    options = _options()
    seconds = 60.0 * options.minutes
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "app.log"
        file.touch()
        writer = multiprocessing.get_context("spawn").Process(
            target=write, args=(file, options.rate / 60, seconds, options.seed)
        )
        writer.start()
        seen = follow(file, seconds + 3.0)
        writer.join()
    _print(seen, seconds)


def _print(seen: Seen, seconds: float) -> None:
    lines, third = int(seen.latencies.sum()), max(1, len(seen.memory_mb) // 3)
    p50, p95, p99, most = (seen.quantile_s(share) for share in (0.5, 0.95, 0.99, 1))
    parts = (seen.memory_mb[1:third], seen.memory_mb[third:-third], seen.memory_mb[-third:])
    first, middle, last = (np.median(part) for part in parts)
    late = [seen.told[word] - at for word, at in seen.written.items() if word in seen.told]
    print(
        f"{lines} lines in {seconds:.0f} s, {lines / seconds * 60:,.0f} a minute, {seen.cpu_s / seconds:.0%} of a core"
    )
    print(f"written to scored: p50 {p50:.3f} s, p95 {p95:.3f} s, p99 {p99:.3f} s, most {most:.3f} s")
    print(f"memory: {first:.1f} MB in the first third, {middle:.1f} MB in the middle, {last:.1f} MB in the last")
    if late:
        print(f"failures in new words: {len(late)} of {len(seen.written)} told, {max(late):.2f} s after the first line")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--rate", type=float, default=200_000, help="lines a minute")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""CPU of `rootline --help` as a multiple of `python -c pass`, bytecode warm; the limit is five.

python -m benchmarks.start_up --rounds 9
"""

import argparse
import statistics
import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

LIMIT = 5.0


def cpu_s(*command: str) -> float:
    """Return the CPU seconds of one finished process."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Run both in turn and compare medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    installed = str(Path(sys.executable).parent / "rootline")
    help_, nothing = (installed, "--help"), (sys.executable, "-c", "pass")
    cpu_s(*help_)
    pairs = [(cpu_s(*help_), cpu_s(*nothing)) for _ in range(rounds)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    times = f"{ours / theirs:.1f} times, limit {LIMIT:g}"
    print(f"--help {ours * 1000:.0f} ms, python -c pass {theirs * 1000:.0f} ms: {times}")


if __name__ == "__main__":
    main()

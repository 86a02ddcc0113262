"""CPU of `rootline --help` as a multiple of `python -c pass`, bytecode warm; the limit is five.

python -m benchmarks.start_up --rounds 9
"""

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

LIMIT = 5.0


def cpu_s(*command: str) -> float:
    """Return the CPU seconds of one finished process."""
    before = os.times()
    subprocess.run(command, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


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

"""CPU seconds from a question to a checked answer on a made-up hour of 20 services and 200 series.

    python -m benchmarks.draft_cpu --rounds 5

Prints the median as a share of the limit, one second after start; imports are not counted.
"""

import argparse
import asyncio
import statistics
import time
from pathlib import Path

from tests.fakes.incident import incident

from rootline.opening import memory_desk
from rootline.settings import Settings

LIMIT_S = 1.0


async def main() -> None:
    """Investigate the same hour again and again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    recording = incident(services=20, series_each=10)
    taken = []
    for _ in range(rounds):
        desk = memory_desk(Settings(home=Path("unused")))
        began = time.process_time()
        await desk.solve(recording, "made up")
        taken.append(time.process_time() - began)
    median = statistics.median(taken)
    print(f"draft: first {taken[0]:.2f} s, median {median:.2f} s of CPU, {median / LIMIT_S:.0%} of the limit")


if __name__ == "__main__":
    asyncio.run(main())

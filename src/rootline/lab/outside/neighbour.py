"""Somebody else's batch job on the same machine: it takes all that one CPU gives.

Arguments: the CPU, and for how many seconds at most.
"""

import hashlib
import os
import sys
import time


def burn(cpu: int, longest_s: float) -> None:
    """Count until the time is over."""
    os.sched_setaffinity(0, {cpu})
    until = time.monotonic() + longest_s
    words = b"batch"
    while time.monotonic() < until:
        words = hashlib.sha256(words * 64).digest()


if __name__ == "__main__":
    burn(int(sys.argv[1]), float(sys.argv[2]))

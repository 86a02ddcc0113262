"""What time this host believes it is: the system's, and what the host's clock is off by."""

import os
import time
from pathlib import Path

_DRIFT = Path(os.environ.get("SHOP_CLOCK_DRIFT", "/nonexistent"))


def offset_s() -> float:
    """Return by how many seconds the host's clock is ahead of true time, as its time daemon measures it."""
    try:
        return float(_DRIFT.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0.0


def now() -> float:
    """Return seconds since 1970 by the host's clock."""
    return time.time() + offset_s()

"""Feature flags, out of a file in flagd's format."""

import json
import os
from functools import lru_cache
from pathlib import Path

FILE = Path(os.environ.get("SHOP_FLAGS", "/nonexistent"))


def is_on(flag: str, file: Path = FILE) -> bool:
    """Whether a flag is on now; it is off where nobody tells."""
    try:
        return flag in _on(file, file.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError):
        return False


@lru_cache(maxsize=1)
def _on(file: Path, _: int) -> frozenset[str]:
    """Read the file, once for each time that it was written."""
    flags = json.loads(file.read_text(encoding="utf-8"))["flags"]
    return frozenset(name for name, one in flags.items() if one["defaultVariant"] == "on")

"""What the cache holds, and until when."""

import time
from typing import Any


class Entries:
    """Holds at most so many values; the oldest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[str, tuple[float, Any]] = {}

    def __len__(self) -> int:
        return len(self._held)

    def read(self, keys: list[str]) -> dict[str, Any]:
        """Return the values that are held and not too old."""
        now = time.monotonic()
        held = {key: self._held[key] for key in keys if key in self._held}
        return {key: value for key, (until, value) in held.items() if until > now}

    def write(self, values: dict[str, Any], ttl_s: float) -> None:
        """Hold values for so many seconds."""
        until = time.monotonic() + ttl_s
        self._held.update({key: (until, value) for key, value in values.items()})
        while len(self._held) > self._most:
            del self._held[next(iter(self._held))]

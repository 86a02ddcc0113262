"""What is held of answers that are not read yet, over all backends together, so that many cost no more than a few."""

import threading
from contextlib import suppress

MOST_BYTES = 6 * 2**20
LEAST_SHARE_BYTES = 64 * 2**10
"""Source: ours; one of the largest answers beside half of another, or one of usual size for each of sixty backends."""


class InFlight:
    """Counts the bytes of open answers. Beyond the most, no answer grows above its share; nothing ever waits."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._guard = threading.Lock()
        self._bytes = 0
        self._bodies = 0

    @property
    def held_bytes(self) -> int:
        """What all open answers hold."""
        return self._bytes

    def opened(self) -> None:
        """Count one answer more."""
        with self._guard:
            self._bodies += 1

    def grows(self, size: int, more: int) -> bool:
        """Whether an answer of this size may become larger by so much; if so, that is counted."""
        with self._guard:
            share = max(LEAST_SHARE_BYTES, self._most // max(1, self._bodies))
            if self._bytes + more > self._most and size + more > share:
                return False
            self._bytes += more
            return True

    def closed(self, size: int) -> None:
        """Count one answer less."""
        with self._guard:
            self._bodies -= 1
            self._bytes -= size


EVERYWHERE = InFlight()
"""The one account of this process: memory is the process's, whoever asks."""


class Body(bytearray):
    """An answer that is counted until it is used up or forgotten."""

    def __init__(self, account: InFlight = EVERYWHERE) -> None:
        super().__init__()
        self._account = account
        self._counted = 0
        self._is_open = True
        account.opened()

    def take(self, piece: bytes) -> bool:
        """Append a piece; False when there is no room for it among all that is open."""
        if not self._account.grows(self._counted, len(piece)):
            return False
        self._counted += len(piece)
        self.extend(piece)
        return True

    def clear(self) -> None:
        """Empty it, and count it no more."""
        super().clear()
        if self._is_open:
            self._is_open = False
            self._account.closed(self._counted)

    def __del__(self) -> None:
        with suppress(AttributeError):
            self.clear()

"""How the watches of one cluster's kinds do, taken together."""

import threading
from collections.abc import Callable, Iterable

ROW = "kubernetes-watch"
"""The row of health of a watch, which may fail while questions are answered."""
Stands = Callable[[str], None]


def told_nobody(_: str) -> None:
    """Tell nobody."""


class Upkeep:
    """Tells why a watch fails, and with an empty text that nothing of it does. May be told by several threads."""

    def __init__(self, kinds: Iterable[str], tell: Stands = told_nobody) -> None:
        """Take the kinds that have to be watched."""
        self.tell = tell
        self._unwatched = set(kinds)
        self._guard = threading.Lock()

    def works(self, kind: str) -> None:
        """Take note that a kind is watched."""
        with self._guard:
            self._unwatched.discard(kind)
            is_whole = not self._unwatched
        if is_whole:
            self.tell("")

    def fails(self, kind: str, why: str) -> None:
        """Take note that a kind is not watched."""
        with self._guard:
            self._unwatched.add(kind)
        self.tell(why)

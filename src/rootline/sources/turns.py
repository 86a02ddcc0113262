"""One large answer is parsed at a time: parsed, it is many times larger than its bytes."""

import threading
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")
_PARSING = threading.Lock()


def in_turn(read: Callable[[], Answer]) -> Answer:
    """Read in this thread, which may wait for its turn; what was parsed is gone before the next answer is parsed."""
    with _PARSING:
        return read()

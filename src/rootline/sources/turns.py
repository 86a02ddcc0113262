"""One large answer is parsed at a time: parsed, it is many times larger than its bytes."""

import threading
from collections.abc import Callable
from typing import TypeVar

Raw = TypeVar("Raw")
Answer = TypeVar("Answer")
_PARSING = threading.Lock()


class _Mine(threading.local):
    held = False


_MINE = _Mine()


def take_turn() -> None:
    """Wait for the turn to parse; whoever has it waits for no backend. `in_turn` gives it back."""
    if not _MINE.held:
        _PARSING.acquire()
        _MINE.held = True


def in_turn(ask: Callable[[], Raw], read: Callable[[Raw], Answer]) -> Answer:
    """Ask and read in this thread; what was parsed for it is gone before the next answer is parsed."""
    try:
        return read(ask())
    finally:
        if _MINE.held:
            _MINE.held = False
            _PARSING.release()

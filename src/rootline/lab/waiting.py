"""Waits for something outside of this process, which can only be asked again and again."""

import asyncio
import time
from collections.abc import Callable

_EVERY_S = 0.05


async def until(holds: Callable[[], bool], longest_s: float) -> bool:
    """Wait until something holds; return whether it did within so many seconds."""
    end = time.monotonic() + longest_s
    while not holds():
        if time.monotonic() >= end:
            return False
        await asyncio.sleep(_EVERY_S)
    return True

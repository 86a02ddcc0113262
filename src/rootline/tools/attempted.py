"""Reading a source that may fail now."""

from collections.abc import Awaitable
from typing import TypeVar

from rootline.sources.failure import SourceFailed

Read = TypeVar("Read")


async def attempted(read: Awaitable[Read], otherwise: Read) -> Read:
    """Return what was read; a source that fails now is reported by the tool that asks it, not by every other."""
    try:
        return await read
    except SourceFailed:
        return otherwise

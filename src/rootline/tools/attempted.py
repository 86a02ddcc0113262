"""Reading a source that may fail now."""

from collections.abc import Awaitable
from typing import TypeVar

from rootline.sources.failure import SourceFailed

Read = TypeVar("Read")


async def attempted(read: Awaitable[Read], otherwise: Read, failed: list[SourceFailed] | None = None) -> Read:
    """Return what was read; a source that fails now is reported by the tool that asks it, not by every other.

    Args:
        read: What is asked.
        otherwise: What is returned where that fails.
        failed: Where the failure is kept for who reports it.

    """
    try:
        return await read
    except SourceFailed as failure:
        if failed is not None:
            failed.append(failure)
        return otherwise

"""Reads log lines newest first, but never only the newest: what matches too often is read part by part."""

from collections.abc import Awaitable, Callable

from rootline.domain.signal import LogLine
from rootline.domain.window import Window
from rootline.sources.failure import SourceFailed
from rootline.sources.logs.source import LogRead
from rootline.sources.slices import slices
from rootline.sources.together import together

PARTS = 6
SMALLER = 8
AT_ONCE = 3
Newest = Callable[[Window, int], Awaitable[list[LogLine]]]


async def newest_lines(newest: Newest, total: Callable[[], Awaitable[int]], window: Window, limit: int) -> LogRead:
    """Read at most `limit` lines in order of time.

    Of more than that, or more than one answer holds, the newest of each sixth of the window are kept, so that before
    and after an onset are both seen, and `total` is what the backend has counted; one more than those kept where it
    has not.

    Args:
        newest: Reads the newest lines of a window, at most as many as it is told.
        total: Counts all of them.
        window: What is read.
        limit: How many lines are kept.

    """
    whole = await _within(newest, window, limit)
    if whole is not None and len(whole) < limit:
        return LogRead(lines=tuple(whole), patterns=(), total=len(whole))
    parts = slices(window, min(PARTS, limit))
    at_once = AT_ONCE if whole is not None else 1  # large answers would take their memory side by side
    found = await together((_fitting(newest, part, limit // len(parts)) for part in parts), at_once=at_once)
    lines = tuple(line for part, _ in found for line in part)
    if not any(is_cut for _, is_cut in found):
        return LogRead(lines=lines, patterns=(), total=len(lines))
    return LogRead(lines=lines, patterns=(), total=max(await total(), len(lines) + 1))


async def _within(newest: Newest, window: Window, limit: int) -> list[LogLine] | None:
    """Read the newest lines; None where they are too large together."""
    try:
        return _ordered(await newest(window, limit), window)
    except SourceFailed as failed:
        if not failed.is_too_large:
            raise
    return None


async def _fitting(newest: Newest, part: Window, limit: int) -> tuple[list[LogLine], bool]:
    """Read the newest lines of a part, fewer where they are too large together, and say whether there may be more."""
    whole = await _within(newest, part, limit)
    if whole is not None:
        return whole, len(whole) >= limit
    fewer = max(1, limit // SMALLER)
    lines = _ordered(await newest(part, fewer), part)
    return lines, len(lines) >= fewer


def _ordered(lines: list[LogLine], window: Window) -> list[LogLine]:
    return sorted((line for line in lines if window.contains(line.at)), key=lambda line: line.at)

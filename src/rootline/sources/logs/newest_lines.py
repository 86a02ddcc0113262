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

    Of more than that, the newest of each sixth of the window are kept, so that before and after an onset are both
    seen, and `total` is what the backend has counted.

    Args:
        newest: Reads the newest lines of a window, at most as many as it is told.
        total: Counts all of them.
        window: What is read.
        limit: How many lines are kept.

    """
    lines = await _fitting(newest, window, limit)
    if len(lines) < limit:
        return _read(lines, len(lines))
    parts = slices(window, min(PARTS, limit))
    found = await together((_fitting(newest, part, limit // len(parts)) for part in parts), at_once=AT_ONCE)
    spread = [line for part in found for line in part]
    return _read(spread, max(await total(), len(spread)))


async def _fitting(newest: Newest, window: Window, limit: int) -> list[LogLine]:
    """Read the newest lines; where they are too large together, fewer of them."""
    try:
        return _ordered(await newest(window, limit), window)
    except SourceFailed as failed:
        if not failed.is_too_large:
            raise
    return _ordered(await newest(window, max(1, limit // SMALLER)), window)


def _ordered(lines: list[LogLine], window: Window) -> list[LogLine]:
    return sorted((line for line in lines if window.contains(line.at)), key=lambda line: line.at)


def _read(lines: list[LogLine], total: int) -> LogRead:
    return LogRead(lines=tuple(lines), patterns=(), total=total)

"""The last part of a file that somebody still writes to, line by line."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path

from rootline.errors import Misconfigured


def last_lines(file: Path, most_bytes: int, *, longest: int) -> Iterator[bytes]:
    """Yield the whole lines among the last bytes of a file, oldest first.

    A last line without an end is yielded too where it is all that the file holds: else it is still being written.

    Args:
        file: A file that may grow meanwhile; what is written after the first read is left for the next time.
        most_bytes: How much of its end is read.
        longest: A longer line is yielded cut, one byte longer than this.

    Raises:
        Misconfigured: It cannot be read.

    """
    try:
        if file.is_fifo():
            raise Misconfigured(f"{file} is a pipe, which has no last part; name a file.")
        with file.open("rb") as lines:
            size = file.stat().st_size
            start = max(0, size - most_bytes)
            lines.seek(start)
            if start:
                lines.readline(longest)
            while lines.tell() < size and (line := lines.readline(longest + 1)):
                if line.endswith(b"\n") or len(line) > longest or not _has_others(lines, line):
                    yield line
    except OSError as bad:
        raise _unreadable(file, bad) from bad


def last_written(file: Path) -> datetime:
    """Return when a file was last written to; raise Misconfigured when that cannot be read."""
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError as bad:
        raise _unreadable(file, bad) from bad


def _unreadable(file: Path, bad: OSError) -> Misconfigured:
    return Misconfigured(f"{file} cannot be read: {bad.strerror or bad}.")


def _has_others(lines: BufferedReader, line: bytes) -> bool:
    return lines.tell() > len(line)

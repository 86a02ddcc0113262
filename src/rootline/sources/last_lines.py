"""The last part of a file that somebody still writes to, line by line."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path

from rootline.errors import Misconfigured

_MARKS = {
    b"\x1f\x8b": "is compressed by gzip: name an unpacked copy",
    b"(\xb5/\xfd": "is compressed by zstd: name an unpacked copy",
    b"\xff\xfe": "is written in UTF-16: name a copy in UTF-8",
    b"\xfe\xff": "is written in UTF-16: name a copy in UTF-8",
}
"""Source: RFC 1952, RFC 8878 and the Unicode standard's byte order mark; how such a file begins."""


def last_lines(file: Path, most_bytes: int, *, longest: int) -> Iterator[bytes]:
    """Yield the whole lines among the last bytes of a file, oldest first.

    A last line without an end is yielded too where it is all that the file holds: else it is still being written.

    Args:
        file: A file that may grow meanwhile; what is written after the first read is left for the next time.
        most_bytes: How much of its end is read.
        longest: A longer line is yielded cut, one byte longer than this.

    Raises:
        Misconfigured: It cannot be read, or is written in a way that has no lines as such.

    """
    try:
        if file.is_fifo():
            raise Misconfigured(f"{file} is a pipe, which has no last part; name a file.")
        with file.open("rb") as lines:
            _refuse_packed(file, lines.read(4))
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


def _refuse_packed(file: Path, first: bytes) -> None:
    helps = next((helps for mark, helps in _MARKS.items() if first.startswith(mark)), "")
    if helps:
        raise Misconfigured(f"{file} {helps}.")


def _has_others(lines: BufferedReader, line: bytes) -> bool:
    return lines.tell() > len(line)

"""Log lines out of files that programs write: JSON objects, or text that begins with a time."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from os import pathsep
from pathlib import Path
from typing import TypeVar

from rootline.domain.evidence import ClusterOutcome
from rootline.domain.signal import LogLine
from rootline.domain.window import Window
from rootline.errors import Misconfigured
from rootline.sources.file_reading import FileReading, Waiting
from rootline.sources.fleet.hearing import LONGEST_DETAIL, tell
from rootline.sources.last_lines import last_lines, last_written
from rootline.sources.logs.fields import LONGEST_LINE, first, line_of, services
from rootline.sources.logs.leading_time import moment_in, split_time
from rootline.sources.logs.source import MOST_LINES, LogQuery, LogRead
from rootline.sources.logs.written_line import fields_of, level_in, text_of
from rootline.sources.remembered import Remembered
from rootline.sources.slices import slices

MOST_READ = 64 * 2**20
LONGEST_STORED = 2**16
PARTS = 6
Answer = TypeVar("Answer")
_MANY = frozenset("*?[,")
_ONE_BY_ONE = f"Files are named one by one, with {pathsep} between them in a variable; there are no patterns."
_TIMED = "Write lines of JSON with a time, or begin each with a date and a time such as 2026-05-01 10:00:00."
# Source: the defaults of the usual JSON loggers of Python, Go, Java, Node and of the OpenTelemetry collector.
_TIMES = ("time", "timestamp", "@timestamp", "ts", "datetime", "date")


class LogFiles:
    """Reads the last part of each file; a line without a service is of the service that the file is named after."""

    def __init__(self, files: Sequence[Path], *, service_label: str = "") -> None:
        self.name = "files"
        self._files = tuple(files)
        self._names = services(service_label)
        self._reads: Remembered[LogRead] = Remembered()
        self._reading = FileReading()

    async def read(self, query: LogQuery, window: Window) -> LogRead:
        """Return the matching lines; of too many, the newest of each sixth of the window, and how many there are."""

        async def read() -> LogRead:
            return await self._told(lambda waiting, failed: self._read(query, window, waiting, failed))

        return await self._reads.once((query, window), read)

    async def services(self) -> Sequence[str]:
        """Return the services that have written, in order."""
        found = await self._told(lambda waiting, failed: {one.service for one in self._lines(waiting, failed)})
        return sorted(found)

    async def _told(self, read: Callable[[Waiting, list[Misconfigured]], Answer]) -> Answer:
        """Read, and tell of the files that could not be.

        Raises:
            Misconfigured: None could.

        """
        failed = list[Misconfigured]()
        asked = f"log files ({', '.join(str(file) for file in self._files[:4])})"
        found = await self._reading.run(lambda waiting: read(waiting, failed), asked)
        if failed and len(failed) == len(self._files):
            raise failed[0]
        tell([_without(failed)] if failed else [])
        return found

    def _read(self, query: LogQuery, window: Window, waiting: Waiting, failed: list[Misconfigured]) -> LogRead:
        limit = MOST_LINES if query.limit is None else query.limit
        parts = slices(window, PARTS)
        held: list[deque[LogLine]] = [deque(maxlen=limit) for _ in parts]
        total = 0
        for line in self._lines(waiting, failed):
            if window.contains(line.at) and _matches(line, query):
                total += 1
                place = int((line.at - window.start) / window.duration * PARTS)
                held[min(place, PARTS - 1)].append(line)
        kept = [line for part in held for line in _newest(part, limit if total <= limit else -(-limit // PARTS))]
        return LogRead(lines=tuple(sorted(kept, key=lambda line: line.at))[-limit:], patterns=(), total=total)

    def _lines(self, waiting: Waiting, failed: list[Misconfigured]) -> Iterator[LogLine]:
        """Yield the lines of the files, and keep why some cannot be read."""
        for file in waiting.through(self._files):
            try:
                yield from self._lines_of(file, waiting)
            except Misconfigured as bad:
                failed.append(Misconfigured(f"{bad} {_ONE_BY_ONE}") if _MANY & {*str(file)} else bad)

    def _lines_of(self, file: Path, waiting: Waiting) -> Iterator[LogLine]:
        written, has_some, timed = last_written(file), False, None
        for stored in waiting.through(last_lines(file, MOST_READ, longest=LONGEST_STORED)):
            if not stored.strip():
                continue
            has_some = True
            line = _line(stored[:LONGEST_STORED], file.stem, self._names, written)
            timed = line or timed
            if line is not None:
                yield line
            elif timed is not None and not _is_object(stored):
                yield _behind(timed, stored[:LONGEST_STORED])
        if has_some and timed is None:
            raise Misconfigured(f"{file} has lines, and none tells a time that can be read. {_TIMED}")


def _without(failed: Sequence[Misconfigured]) -> ClusterOutcome:
    detail = " ".join(["without", *map(str, failed)])
    return ClusterOutcome(cluster="", asked="logs", status="partial", detail=detail[:LONGEST_DETAIL])


def _newest(part: deque[LogLine], most: int) -> list[LogLine]:
    lines = sorted(part, key=lambda line: line.at)
    return lines[max(0, len(lines) - most) :]


def _matches(line: LogLine, query: LogQuery) -> bool:
    named = query.service in {"", line.service} and query.severity.lower() in {"", line.severity.lower()}
    return named and query.text.lower() in line.text.lower()


def _line(stored: bytes, file: str, names: tuple[str, ...], written: datetime) -> LogLine | None:
    """Read one stored line of a file that was last written then; None where no time can be told."""
    if _is_object(stored):
        told = fields_of(stored)
        return None if told is None else _of_fields(told, stored, file, names)
    return _of_text(stored.decode("utf-8", errors="replace").rstrip(), file, written)


def _is_object(stored: bytes) -> bool:
    return stored.lstrip()[:1] == b"{"


def _behind(timed: LogLine, stored: bytes) -> LogLine:
    """Make a line of one without a time, such as that of a stack trace: it has that of the line before."""
    text = stored.decode("utf-8", errors="replace").rstrip()[:LONGEST_LINE]
    return replace(timed, text=text, severity=level_in(text))


def _of_fields(fields: Mapping[str, str], stored: bytes, file: str, names: tuple[str, ...]) -> LogLine | None:
    """Make a line of its fields; one that says nothing in words is shown as it was written."""
    at = moment_in(first(fields, _TIMES))
    if at is None:
        return None
    text = text_of(fields) or stored.decode("utf-8", errors="replace").strip()
    return line_of(at, text, fields, names, unnamed=file)


def _of_text(text: str, file: str, written: datetime) -> LogLine | None:
    found = split_time(text[:LONGEST_LINE], written)
    if found is None:
        return None
    at, rest = found
    return LogLine(at=at, service=file, text=rest, severity=level_in(text) or level_in(rest))

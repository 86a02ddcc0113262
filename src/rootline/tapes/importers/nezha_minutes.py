"""Minutes of traces and logs of a day: those of a window, and as its past those nearest to it that were kept.

A file named 08_44 ends at about 08:44. Where a minute holds more than can be read in time, whole traces of it are
left out, the same ones from traces and logs. A row with stray commas keeps them in its operation or in its line.
"""

import csv
import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

from rootline.domain.signal import LogLine, Span
from rootline.domain.window import Window
from rootline.tapes.importers.packed import unpack

AROUND_FAULTS = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
MOST_PAST = 4
HISTORY = MINUTE * (MOST_PAST + 1)
_MOST_NOW, _MOST_A_PAST_MINUTE = 8_000, 2_000
_NAMED = re.compile(r"(\d{2})_(\d{2})")
_ROOTS = frozenset(("root", ""))
_NANOSECONDS = 1e9
_MINUTE_NS = 60_000_000_000
# Nanoseconds since 1970 have 19 digits until the year 2286.
_NS = re.compile(r"[0-9]{1,19}")
Row = list[str]
Item = TypeVar("Item", Span, LogLine)


def service_of(pod: str) -> str:
    """Return a pod's name without its two hash parts."""
    return pod.rsplit("-", 2)[0]


@dataclass(frozen=True, kw_only=True)
class Around:
    """A window in a day of faults, all of whose moments are known, and not what they were."""

    window: Window
    faults: tuple[datetime, ...]

    def spans(self, folder: Path) -> tuple[Span, ...] | None:
        """Return the spans of the window and of its past; None where no traces were kept at all."""
        return self._read(folder, _SPANS)

    def lines(self, folder: Path) -> tuple[LogLine, ...] | None:
        """Return the lines of the window and of its past; None where no logs were kept at all."""
        return self._read(folder, _LINES)

    def _read(self, folder: Path, kind: "_Kind[Item]") -> tuple[Item, ...] | None:
        if not folder.is_dir():
            return None
        now, past = self._files(folder)
        start, end = (int(one.timestamp() * _NANOSECONDS) for one in (self.window.start, self.window.end))
        found: list[Item] = []
        for file in now:
            rows = _rows(file, kind, _MOST_NOW // len(now))
            found += [kind.made(row, at) for at, row in rows if start <= at < end]
        for number, file in enumerate(past, 1):
            rows = _rows(file, kind, _MOST_A_PAST_MINUTE)
            shift = start - number * _MINUTE_NS - min((at for at, _ in rows), default=0)
            found += [kind.made(row, at + shift) for at, row in rows if at + shift < start]
        return tuple(found)

    def _files(self, folder: Path) -> tuple[list[Path], list[Path]]:
        """Return the files that touch the window, and those of its past: quiet ones first, then the nearest."""
        ends = {file: end for file in sorted(folder.glob("*.csv*")) if (end := self._end(file)) is not None}
        touched = [file for file, end in ends.items() if self._touches(end)]
        others = [file for file, end in ends.items() if self._away(end) > AROUND_FAULTS and file not in touched]
        return touched, sorted(others, key=lambda file: (not self._is_quiet(ends[file]), self._away(ends[file])))[
            :MOST_PAST
        ]

    def _end(self, file: Path) -> datetime | None:
        named = _NAMED.match(file.name)
        if named is None or int(named[1]) > 23 or int(named[2]) > 59:  # noqa: PLR2004 hours and minutes
            return None
        return self.window.start.replace(hour=int(named[1]), minute=int(named[2]), second=0, microsecond=0)

    def _touches(self, end: datetime) -> bool:
        """Whether a minute may touch the window; files begin and end up to a minute off their names."""
        return self.window.start < end + MINUTE and end - 2 * MINUTE < self.window.end

    def _away(self, end: datetime) -> timedelta:
        return max(self.window.start - end, end - MINUTE - self.window.end)

    def _is_quiet(self, end: datetime) -> bool:
        return all(abs(end - MINUTE / 2 - fault) > AROUND_FAULTS for fault in self.faults)


@dataclass(frozen=True, kw_only=True)
class _Kind(Generic[Item]):
    """How one kind of row is read: its columns, the one that may hold commas, those in Unix nanoseconds."""

    columns: tuple[str, ...]
    wide: str
    moments: tuple[str, ...]
    made: Callable[[Row, int], Item]


def _rows(file: Path, kind: "_Kind[Item]", most: int) -> list[tuple[int, Row]]:
    """Return the moments (Unix nanoseconds) and the columns of the rows that are read."""
    text = unpack(file).decode("utf-8-sig", errors="replace")
    rows = csv.reader(io.StringIO(text.replace("\0", ""), newline=""))
    head = next(rows, [])
    if not set(kind.columns) <= set(head):
        return []
    places = [head.index(name) for name in kind.columns]
    moments = [head.index(name) for name in kind.moments]
    wide, trace, width = head.index(kind.wide), head.index("TraceID"), len(head)
    limit = 2**32 * most // max(text.count("\n"), 1)
    found = []
    for given in _whole(rows):
        # Whether a trace is read depends on its id alone, so the same ones are read from every file.
        if len(given) > trace and zlib.crc32(given[trace].encode()) < limit:
            row = _joined(given, width, wide)
            if len(row) == width and all(_NS.fullmatch(row[at]) for at in moments):
                found.append((int(row[moments[0]]), [row[place] for place in places]))
    return found


def _whole(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield rows up to the first that cannot be read as one, such as a field without an end."""
    try:
        yield from rows
    except csv.Error:
        return


def _joined(row: Row, width: int, wide: int) -> Row:
    """Join what stray commas have cut the wide column into."""
    more = len(row) - width
    return row if more <= 0 else [*row[:wide], ",".join(row[wide : wide + more + 1]), *row[wide + more + 1 :]]


def _span(row: Row, at: int) -> Span:
    trace, own, parent, pod, operation, start, end = row
    return Span(
        trace_id=trace,
        span_id=own,
        parent_id=None if parent in _ROOTS else parent,
        service=service_of(pod),
        operation=operation,
        start=datetime.fromtimestamp(at / _NANOSECONDS, UTC),
        duration_s=max(int(end) - int(start), 0) / _NANOSECONDS,
    )


def _line(row: Row, at: int) -> LogLine:
    pod, trace, text = row
    return LogLine(
        at=datetime.fromtimestamp(at / _NANOSECONDS, UTC),
        service=service_of(pod),
        text=text,
        trace_id=trace,
        instance=pod,
    )


_SPANS = _Kind(
    columns=("TraceID", "SpanID", "ParentID", "PodName", "OperationName", "StartTimeUnixNano", "EndTimeUnixNano"),
    wide="OperationName",
    moments=("StartTimeUnixNano", "EndTimeUnixNano"),
    made=_span,
)
_LINES = _Kind(columns=("PodName", "TraceID", "Log"), wide="Log", moments=("TimeUnixNano",), made=_line)

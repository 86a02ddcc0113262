"""Lines that belong together: a stack trace is one record of the line that caused it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rootline.analysis.logs.causes import root_cause
from rootline.analysis.logs.message import Message, message
from rootline.domain.signal import LogLine

_TOGETHER = timedelta(seconds=5)
_LONGEST = 2000
_FRAMES = 3
_CONTINUES = re.compile(
    r"[ \t]+\S|\t|at [\w$.<>]+\(|Caused by: |Suppressed: |\.\.\. \d+ (?:more|common)|Traceback \(most recent"
    r"|During handling of the above|The above exception was|goroutine \d+ \[|created by |\[signal |exit status \d"
    r"|[\w./$*()-]{1,200}\((?:0x[0-9a-f]+|\.\.\.|[{},0-9xa-f ]{1,80})*\)$|[})\]]{1,3};?$|$"
)
_FRAME = re.compile(
    r"\s*(?:at (?P<java>\S.{0,200})|File (?P<python>\"[^\"]{1,200}\", line \d+.{0,100})"
    r"|(?P<go>/?[\w./@-]{1,200}\.(?:go|rs|cc?|cpp):\d+)|(?P<ruby>(?:from )?[\w./-]{1,200}\.rb:\d+.{0,100}))"
)
_RAISED = re.compile(r"(?:[\w$]{1,60}\.){0,10}[\w$]{1,80}(?:Error|Exception|Exit|Interrupt|Warning|Fault)(?::|$)")
_EMPTY_HEAD = re.compile(r"Traceback \(most recent call last\):?\s*$|(?:Uncaught )?[Ee]xception:?\s*$")


@dataclass(frozen=True, kw_only=True)
class Record:
    """One event. `index` is that of its first line; `head` says what happened, `frames` where, nearest first.

    `root` is the first cause of an error that was passed on, as its trace tells it.

    `raw` is the first line as it came, cut to 2,000 characters. `severity` and `trace_id` come from the line,
    or from inside it where the line has none.
    """

    index: int
    at: datetime
    service: str
    head: str
    raw: str
    frames: tuple[str, ...]
    root: str
    severity: str
    trace_id: str


@dataclass(kw_only=True)
class _Open:
    """A record that may still grow."""

    index: int
    line: LogLine
    message: Message
    rows: list[str] = field(default_factory=list)
    traced: bool = False

    def takes(self, line: LogLine, row: str) -> bool:
        """Whether the row continues this record."""
        if abs(line.at - self.line.at) > _TOGETHER:
            return False
        return bool(_CONTINUES.match(row)) or (self.traced and bool(_RAISED.match(row)))

    def add(self, row: str) -> None:
        """Append a row; a Python trace stays open for the exception that ends it."""
        self.rows.append(row[:_LONGEST])
        self.traced = "Traceback (most recent" in row or (self.traced and row[:1].isspace())


def fold(lines: Sequence[LogLine]) -> list[Record]:
    """Join continuation lines to their record, for each service and instance by itself, in order of first lines.

    A continuation follows within 5 s of the record's first line and is indented or looks like a stack frame.
    """
    found: list[_Open] = []
    latest: dict[tuple[str, str], _Open] = {}
    for index, line in enumerate(lines):
        said = message(line.text)
        first, *rest = said.text.split("\n")
        key = (line.service, line.instance)
        record = latest.get(key)
        if record is None or not record.takes(line, first):
            record = latest[key] = _Open(index=index, line=line, message=said)
            found.append(record)
        for row in (first, *rest):
            record.add(row)
        if said.stack:
            record.rows.extend(said.stack.split("\n"))
    return [_closed(one) for one in found]


def _closed(one: _Open) -> Record:
    return Record(
        index=one.index,
        at=one.line.at,
        service=one.line.service,
        head=_head(one.rows),
        raw=one.line.text[:_LONGEST],
        frames=_frames(one.rows),
        root=root_cause(one.rows),
        severity=one.line.severity or one.message.severity,
        trace_id=one.line.trace_id or one.message.trace_id,
    )


def _head(rows: Sequence[str]) -> str:
    """The first row, or the exception where the first row only announces one."""
    first = rows[0]
    if ("raceback" not in first and "xception" not in first) or not _EMPTY_HEAD.search(first):
        return first.strip()
    raised = [row for row in rows[1:] if _RAISED.match(row)]
    return " ".join([_EMPTY_HEAD.sub("", first).strip(), *raised[-1:]]).strip() or first.strip()


def _frames(rows: Iterable[str]) -> tuple[str, ...]:
    """The frames nearest to the error; Python writes them last, the others first."""
    nearest: list[str] = []
    python: list[str] = []
    for row in rows:
        match = _FRAME.match(row)
        if match:
            (python if match["python"] else nearest).append(match[match.lastgroup or 0].strip())
    return tuple((python[::-1] or nearest)[:_FRAMES])

"""Log lines and, where the source counts them itself, log patterns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rootline.domain.signal import LogLine, LogPattern
from rootline.domain.window import Window

MOST_LINES = 5000


@dataclass(frozen=True, kw_only=True)
class LogQuery:
    """Which lines to read. Empty fields match everything; `text` is a plain substring, case ignored.

    Without a `limit` a live source sends at most MOST_LINES, and a recording every line that it has.
    """

    service: str = ""
    text: str = ""
    severity: str = ""
    limit: int | None = None


@dataclass(frozen=True, kw_only=True)
class LogRead:
    """Lines in order of time, newest kept when cut, with what the source has counted over the whole window.

    `total` is how many lines matched before the limit.
    """

    lines: tuple[LogLine, ...]
    patterns: tuple[LogPattern, ...]
    total: int


NOTHING_READ = LogRead(lines=(), patterns=(), total=0)


class LogSource(Protocol):
    """Reads logs."""

    name: str

    async def read(self, query: LogQuery, window: Window) -> LogRead:
        """Return the matching lines and patterns."""
        ...

    async def services(self) -> Sequence[str]:
        """Return the services that have logs, in order."""
        ...


class RecordedLogs:
    """Logs out of a recording."""

    def __init__(
        self,
        lines: Sequence[LogLine],
        patterns: Sequence[LogPattern] = (),
        *,
        name: str = "tape",
        total: int | None = None,
    ) -> None:
        """Take the lines; `total` is how many there were in truth, where a live source had more than it sent."""
        self.name = name
        self._total = total
        self._lines = sorted(lines, key=lambda line: line.at)
        self._patterns = tuple(patterns)

    async def read(self, query: LogQuery, window: Window) -> LogRead:
        """Return the matching lines of the window; patterns count the whole recording."""
        lines = [line for line in self._lines if window.contains(line.at) and _line_matches(line, query)]
        patterns = tuple(
            one for one in self._patterns if query.service in {"", one.service} and _has(one.template, query)
        )
        kept = lines if query.limit is None else lines[-query.limit :]
        is_all = query == LogQuery() and self._total is not None
        return LogRead(lines=tuple(kept), patterns=patterns, total=(self._total or 0) if is_all else len(lines))

    async def services(self) -> Sequence[str]:
        """Return the recorded services."""
        return sorted({line.service for line in self._lines} | {pattern.service for pattern in self._patterns})


def _line_matches(line: LogLine, query: LogQuery) -> bool:
    return (
        query.service in {"", line.service}
        and query.severity.lower() in {"", line.severity.lower()}
        and _has(line.text, query)
    )


def _has(text: str, query: LogQuery) -> bool:
    return query.text.lower() in text.lower()

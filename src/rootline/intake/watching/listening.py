"""Logs while they are written: each look counts and scores what is new, and the loud things are kept for a while."""

import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from rootline.analysis.detection.features import Feature
from rootline.analysis.detection.signals import Signal
from rootline.analysis.logs.pulse import FAST_S
from rootline.analysis.logs.streaming import LogSignal, LogStream
from rootline.domain.signal import LogLine
from rootline.domain.window import Window
from rootline.errors import RootlineError
from rootline.intake.watching.tail import Tail
from rootline.sources.logs.source import LogQuery, LogSource

KEPT = timedelta(minutes=2)
MOST_KEPT = 1_000
MOST_AT_ONCE = 5_000
LOGS = Signal(view="other", resource="logs")


class Ear(Protocol):
    """Hears logs."""

    async def hear(self, now: datetime) -> str:
        """Read what has come until now; return what went wrong, or nothing."""
        ...

    def loud(self, now: datetime) -> Sequence[Feature]:
        """Return what was loud in the last two minutes, the loudest of each service."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...


@dataclass(kw_only=True)
class Loud:
    """The loud things of the last while, their texts without secrets."""

    clean: Callable[[str], str]
    _kept: deque[LogSignal] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))

    def keep(self, found: Sequence[LogSignal]) -> None:
        """Add what was heard."""
        self._kept.extend(found)

    def features(self, now: datetime) -> list[Feature]:
        """Return the loudest of each service: errors first, and what has words before what is a sum."""
        since = (now - KEPT).timestamp()
        strongest: dict[str, LogSignal] = {}
        for one in list(self._kept):
            known = strongest.get(one.service)
            if one.at >= since and (known is None or _weight(one) > _weight(known)):
                strongest[one.service] = one
        return [self._feature(strongest[service]) for service in sorted(strongest)]

    def _feature(self, one: LogSignal) -> Feature:
        return Feature(
            at=one.at,
            service=self.clean(one.service),
            signal=LOGS,
            window="5m",
            metric=self.clean(one.template) or "lines that speak of errors",
            unit=f"lines in {FAST_S:.0f} s",
            expected=one.expected,
            observed=one.observed,
            deviation=one.observed - one.expected,
            score=one.score,
            kind=one.kind,
        )


def _weight(one: LogSignal) -> tuple[bool, bool, float]:
    return one.is_error, bool(one.template), one.score


@dataclass(kw_only=True)
class Files:
    """Follows files that programs write: to be asked several times a second."""

    files: Sequence[Path]
    clean: Callable[[str], str] = str
    _tails: dict[Path, tuple[Tail, LogStream]] = field(default_factory=dict)
    _loud: Loud = field(init=False)

    def __post_init__(self) -> None:
        """Keep what is loud clean."""
        self._loud = Loud(clean=self.clean)

    def look(self, now: float) -> list[LogSignal]:
        """Read what is new in every file, and return what is loud in it. `now` is in Unix seconds."""
        found: list[LogSignal] = []
        for file in self.files:
            if file not in self._tails:
                self._tails[file] = Tail(file=file), LogStream(service=file.stem)
            tail, stream = self._tails[file]
            if lines := tail.lines():
                found += stream.read(lines, now)
        self._loud.keep(found)
        return found

    async def hear(self, now: datetime) -> str:
        """Look once more, so that a slot has what came until its end."""
        self.look(now.timestamp())
        return ""

    def loud(self, now: datetime) -> Sequence[Feature]:
        """Return what was loud in the last two minutes."""
        return self._loud.features(now)

    def close(self) -> None:
        """Let go of the files."""
        for tail, _ in self._tails.values():
            tail.close()


@dataclass(kw_only=True)
class Asked:
    """Asks a log store for what has come since it was asked last; of more than 5,000 lines, the newest."""

    logs: LogSource
    clean: Callable[[str], str] = str
    _stream: LogStream = field(default_factory=LogStream)
    _until: datetime | None = None
    _loud: Loud = field(init=False)

    def __post_init__(self) -> None:
        """Keep what is loud clean."""
        self._loud = Loud(clean=self.clean)

    async def hear(self, now: datetime) -> str:
        """Ask once; what fails is told, and asked for again the next time."""
        start = max(self._until, now - KEPT) if self._until else now - KEPT
        if start >= now:
            return ""
        try:
            found = await self.logs.read(LogQuery(limit=MOST_AT_ONCE), Window(start=start, end=now))
        except (RootlineError, OSError) as failed:
            return f"{self.logs.name}: {failed}"[:500]
        self._until = now
        if found.lines:
            self._loud.keep(self._stream.read([_as_json(line) for line in found.lines], now.timestamp()))
        return ""

    def loud(self, now: datetime) -> Sequence[Feature]:
        """Return what was loud in the last two minutes."""
        return self._loud.features(now)

    def close(self) -> None:
        """Nothing is held open between two questions."""


def _as_json(line: LogLine) -> bytes:
    fields = {"service": line.service, "level": line.severity, "message": line.text}
    return json.dumps(fields).encode()

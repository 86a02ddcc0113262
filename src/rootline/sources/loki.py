"""Logs of a live Loki, by its HTTP API."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, Field

from rootline.domain.signal import LogLine
from rootline.domain.window import Window
from rootline.sources.backend import Backend
from rootline.sources.failure import SourceFailed
from rootline.sources.http import Many, fetch_json
from rootline.sources.links import note
from rootline.sources.log_fields import INSTANCES, LONGEST_LINE, SEVERITIES, TRACES, first, services
from rootline.sources.logs import MOST_LINES, LogQuery, LogRead
from rootline.sources.newest_lines import AT_ONCE, newest_lines
from rootline.sources.promql import quoted
from rootline.sources.together import together

_SPECIAL = frozenset("\\.+*?()|[]{}^$")
_IN_LOGQL = ("level", "detected_level", "severity", "severity_text")
_USUAL = timedelta(hours=6)


class _Names(BaseModel):
    data: Many[str] = Field(default_factory=list)


class _Stream(BaseModel):
    stream: dict[str, str] = Field(default_factory=dict)
    values: Many[Many[str | dict[str, str]]] = Field(default_factory=list)


class _Streams(BaseModel):
    result: Many[_Stream] = Field(default_factory=list)


class _Lines(BaseModel):
    data: _Streams


class _Sample(BaseModel):
    value: tuple[float, str]


class _Samples(BaseModel):
    result: Many[_Sample] = Field(default_factory=list)


class _Count(BaseModel):
    data: _Samples


class LokiLogs:
    """Reads lines newest first. See `newest_lines` for what is kept of too many."""

    def __init__(self, backend: Backend, *, name: str = "loki", service_label: str = "") -> None:
        self.name = name
        self._backend = backend
        self._names = services(service_label)
        self._last: Window | None = None

    async def read(self, query: LogQuery, window: Window) -> LogRead:
        """Return the matching lines; `total` is counted by Loki where not all of them are returned."""
        self._last = window
        label = await self._label(query.service, window)
        if not label:
            return LogRead(lines=(), patterns=(), total=0)
        asked = logql(label, query)
        grafana = self._backend.grafana
        note("logs", grafana.explore("loki", {"expr": asked, "queryType": "range"}, window) if grafana else "")
        return await newest_lines(
            lambda part, limit: self._newest(asked, part, limit),
            lambda: self._total(asked, window),
            window,
            query.limit or MOST_LINES,
        )

    async def services(self) -> Sequence[str]:
        """Return the values of the label that names services, in the window last asked about."""
        window = self._last
        label = await self._label("", window)
        return sorted(await self._values(label, window)) if label else []

    async def _label(self, service: str, window: Window | None) -> str:
        """Return the label that names services, or of several the one that has this service; empty if none."""
        exist = set((await fetch_json(self._backend, "/loki/api/v1/labels", _Names, _span(window))).data)
        known = [name for name in self._names if name in exist]
        if not service:
            return known[0] if known else ""
        values = await together((self._values(name, window) for name in known), at_once=AT_ONCE)
        return next((name for name, found in zip(known, values, strict=True) if service in found), "")

    async def _values(self, label: str, window: Window | None) -> Sequence[str]:
        path = f"/loki/api/v1/label/{label}/values"
        return (await fetch_json(self._backend, path, _Names, _span(window))).data

    async def _newest(self, asked: str, window: Window, limit: int) -> list[LogLine]:
        parameters = {"query": asked, "limit": str(limit), "direction": "backward", **_span(window)}
        found = await fetch_json(self._backend, "/loki/api/v1/query_range", _Lines, parameters)
        lines = (self._line(one, stream.stream) for stream in found.data.result for one in stream.values)
        return [line for line in lines if line]

    def _line(self, one: Sequence[str | Mapping[str, str]], stream: Mapping[str, str]) -> LogLine | None:
        match one:
            case [str(nanoseconds), str(text), *more] if nanoseconds.isdigit() and len(nanoseconds) < 20:  # noqa: PLR2004 a moment in nanoseconds
                own = more[0] if more and isinstance(more[0], Mapping) else {}
            case _:
                return None
        fields = {**stream, **own}
        return LogLine(
            at=datetime.fromtimestamp(int(nanoseconds) / 1e9, UTC),
            service=first(fields, self._names),
            text=text[:LONGEST_LINE],
            severity=first(fields, SEVERITIES),
            trace_id=first(fields, TRACES),
            instance=first(fields, INSTANCES),
        )

    async def _total(self, asked: str, window: Window) -> int:
        """Count the matching lines; where even that is refused, zero."""
        seconds = max(1, round(window.duration.total_seconds()))
        expression = f"sum(count_over_time({asked} [{seconds}s]))"
        parameters = {"query": expression, "time": str(_nanoseconds(window.end))}
        try:
            found = await fetch_json(self._backend, "/loki/api/v1/query", _Count, parameters)
        except SourceFailed:
            return 0
        return sum(round(float(one.value[1])) for one in found.data.result)


def logql(label: str, query: LogQuery) -> str:
    """Write a LogQL query in which the words that were asked for are nothing but words."""
    chosen = f"{label}={quoted(query.service)}" if query.service else f'{label}=~".+"'
    text = f" |~ {quoted('(?i)' + _literal(query.text))}" if query.text else ""
    pattern = quoted(f"(?i){_literal(query.severity)}")
    levels = " or ".join(f"{name}=~{pattern}" for name in _IN_LOGQL)
    return f"{{{chosen}}}{text}" + (f" | {levels}" if query.severity else "")


def _literal(text: str) -> str:
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in text)


def _span(window: Window | None) -> dict[str, str]:
    if window is None:
        return {"since": f"{round(_USUAL.total_seconds())}s"}
    return {"start": str(_nanoseconds(window.start)), "end": str(_nanoseconds(window.end))}


def _nanoseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000) * 1000

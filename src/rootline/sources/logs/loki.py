"""Logs of a live Loki, by its HTTP API."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from pydantic import BaseModel, Field

from rootline.domain.signal import LogLine
from rootline.domain.window import Window
from rootline.sources.backend import Backend
from rootline.sources.failure import SourceFailed
from rootline.sources.http import Many, fetch_json
from rootline.sources.links import note
from rootline.sources.logs.fields import line_of, literal
from rootline.sources.logs.newest_lines import newest_lines
from rootline.sources.logs.service_fields import ServiceFields
from rootline.sources.logs.source import MOST_LINES, NOTHING_READ, LogQuery, LogRead
from rootline.sources.metrics.promql import quoted

_IN_LOGQL = ("level", "detected_level", "severity", "severity_text")
_LIMIT = "max_entries_limit_per_query"
"""Source: Loki, `limits_config`; 5,000 unless the operator chose less, and named in the refusal of more."""
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
        self._fields = ServiceFields(configured=service_label, exist=self._labels, values=self._values)

    async def read(self, query: LogQuery, window: Window) -> LogRead:
        """Return the matching lines; `total` is counted by Loki where not all of them are returned."""
        label = await self._fields.holding(query.service, window)
        if not label:
            return NOTHING_READ
        asked = logql(label, query)
        grafana = self._backend.grafana
        note("logs", grafana.explore("loki", {"expr": asked, "queryType": "range"}, window) if grafana else "")
        newest, total = partial(self._newest, asked), partial(self._total, asked, window)
        return await newest_lines(newest, total, window, query.limit or MOST_LINES)

    async def services(self) -> Sequence[str]:
        """Return the values of the label that names services, in the window last asked about."""
        return await self._fields.services()

    async def _labels(self, window: Window | None) -> Sequence[str]:
        return (await fetch_json(self._backend, "/loki/api/v1/labels", _Names, _span(window))).data

    async def _values(self, label: str, window: Window | None) -> Sequence[str]:
        path = f"/loki/api/v1/label/{label}/values"
        return (await fetch_json(self._backend, path, _Names, _span(window))).data

    async def _newest(self, asked: str, window: Window, limit: int) -> list[LogLine]:
        parameters = {"query": asked, "limit": str(limit), "direction": "backward", **_span(window)}
        try:
            found = await fetch_json(self._backend, "/loki/api/v1/query_range", _Lines, parameters)
        except SourceFailed as failed:
            if _LIMIT not in failed.happened:
                raise
            raise _too_many(failed) from None
        lines = (self._line(one, stream.stream) for stream in found.data.result for one in stream.values)
        return [line for line in lines if line]

    def _line(self, one: Sequence[str | Mapping[str, str]], stream: Mapping[str, str]) -> LogLine | None:
        match one:
            case [str(nanoseconds), str(text), *more] if nanoseconds.isdigit() and len(nanoseconds) < 20:  # noqa: PLR2004 a moment in nanoseconds
                own = more[0] if more and isinstance(more[0], Mapping) else {}
            case _:
                return None
        fields = {**stream, **own}
        return line_of(datetime.fromtimestamp(int(nanoseconds) / 1e9, UTC), text, fields, self._fields.names)

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


def _too_many(failed: SourceFailed) -> SourceFailed:
    """Return a refusal of so many lines as one that asking for fewer mends."""
    return SourceFailed(failed.asked, failed.happened, failed.helps, status=failed.status, is_too_large=True)


def logql(label: str, query: LogQuery) -> str:
    """Write a LogQL query in which the words that were asked for are nothing but words."""
    chosen = f"{label}={quoted(query.service)}" if query.service else f'{label}=~".+"'
    text = f" |~ {quoted('(?i)' + literal(query.text))}" if query.text else ""
    pattern = quoted(f"(?i){literal(query.severity)}")
    levels = " or ".join(f"{name}=~{pattern}" for name in _IN_LOGQL)
    return f"{{{chosen}}}{text}" + (f" | {levels}" if query.severity else "")


def _span(window: Window | None) -> dict[str, str]:
    if window is None:
        return {"since": f"{round(_USUAL.total_seconds())}s"}
    return {"start": str(_nanoseconds(window.start)), "end": str(_nanoseconds(window.end))}


def _nanoseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000) * 1000

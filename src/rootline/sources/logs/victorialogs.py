"""Logs of a live VictoriaLogs, by its LogsQL API, which answers one JSON object a line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial

from pydantic import BaseModel, Field

from rootline.domain.moment import read_moment
from rootline.domain.signal import LogLine
from rootline.domain.window import Window, rfc3339
from rootline.sources.backend import Backend
from rootline.sources.http import Many, fetch, fetch_json
from rootline.sources.logs.fields import SEVERITIES, line_of, literal
from rootline.sources.logs.newest_lines import newest_lines
from rootline.sources.logs.service_fields import ServiceFields
from rootline.sources.logs.source import MOST_LINES, NOTHING_READ, LogQuery, LogRead
from rootline.sources.parsing import affordable, parse
from rootline.sources.trouble import unreadable

MOST_VALUES = 1000


class _Value(BaseModel):
    value: str
    hits: int = 0


class _Values(BaseModel):
    values: Many[_Value] = Field(default_factory=list)


class VictoriaLogs:
    """Reads lines newest first. See `newest_lines` for what is kept of too many."""

    def __init__(self, backend: Backend, *, name: str = "victorialogs", service_label: str = "") -> None:
        self.name = name
        self._backend = backend
        self._fields = ServiceFields(configured=service_label, exist=self._names, values=self._values)

    async def read(self, query: LogQuery, window: Window) -> LogRead:
        """Return the matching lines; `total` is counted by VictoriaLogs where not all of them are returned."""
        field = await self._fields.holding(query.service, window)
        if not field:
            return NOTHING_READ
        asked = logsql(field, query)
        newest, total = partial(self._newest, asked), partial(self._total, asked, window)
        return await newest_lines(newest, total, window, query.limit or MOST_LINES)

    async def services(self) -> Sequence[str]:
        """Return the values of the field that names services, in the window last asked about."""
        return await self._fields.services()

    async def _names(self, window: Window | None) -> Sequence[str]:
        parameters = {"query": "*", **_span(window)}
        found = await fetch_json(self._backend, "/select/logsql/field_names", _Values, parameters)
        return [one.value for one in found.values]

    async def _values(self, field: str, window: Window | None) -> Sequence[str]:
        parameters = {"query": "*", "field": field, "limit": str(MOST_VALUES), **_span(window)}
        found = await fetch_json(self._backend, "/select/logsql/field_values", _Values, parameters)
        return [one.value for one in found.values if one.value]

    async def _newest(self, asked: str, window: Window, limit: int) -> list[LogLine]:
        expression = f"{asked} | sort by (_time desc) limit {limit}"
        return [line for row in await self._rows(expression, window) if (line := self._line(row))]

    async def _total(self, asked: str, window: Window) -> int:
        rows = await self._rows(f"{asked} | stats count() as lines", window)
        counts = [row.get("lines", "") for row in rows]
        return sum(int(count) for count in counts if count.isdigit())

    async def _rows(self, expression: str, window: Window) -> list[Mapping[str, str]]:
        body = await fetch(self._backend, "/select/logsql/query", {"query": expression, **_span(window)})
        if not body.strip():
            return []
        try:
            affordable(body)
            return [*_objects(body)]
        except ValueError as bad:
            raise unreadable(self._backend, bad) from bad
        finally:
            body.clear()

    def _line(self, row: Mapping[str, str]) -> LogLine | None:
        try:
            at = read_moment(row.get("_time", ""))
        except ValueError:
            return None
        return line_of(at, row.get("_msg", ""), row, self._fields.names)


def logsql(field: str, query: LogQuery) -> str:
    """Write a LogsQL query in which the words that were asked for are nothing but words."""
    chosen = [f"{_quoted(field)}:={_quoted(query.service)}" if query.service else f"{_quoted(field)}:*"]
    if query.text:
        chosen.append(f"_msg:~{_quoted('(?i)' + literal(query.text))}")
    if query.severity:
        pattern = _quoted(f"(?i)^{literal(query.severity)}$")
        chosen.append("(" + " or ".join(f"{_quoted(name)}:~{pattern}" for name in SEVERITIES) + ")")
    return " ".join(chosen)


def _quoted(text: str) -> str:
    return json.dumps(text)


def _span(window: Window | None) -> dict[str, str]:
    """Write the bounds; an end is part of what VictoriaLogs returns, so it lies a millisecond inside."""
    if window is None:
        return {"start": "6h"}
    return {"start": rfc3339(window.start), "end": rfc3339(window.end - timedelta(milliseconds=1))}


def _objects(body: bytearray) -> Iterator[Mapping[str, str]]:
    for line in body.splitlines():
        if line.strip():
            row = parse(line)
            yield {str(key): str(value) for key, value in row.items()} if isinstance(row, dict) else {}

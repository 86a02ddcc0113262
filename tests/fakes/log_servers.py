"""Loki and VictoriaLogs as far as their documented query APIs are used here, over lines of a test.

Neither is packaged by Debian, so their answers are written after their documentation.
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from tests.fakes.wire import Answer, Asked, Query, Said, said

from rootline.domain.signal import LogLine

_LOKI = re.compile(
    r'\{(\w+)(=~?)("(?:[^"\\]|\\.)*")\}(?: \|~ ("(?:[^"\\]|\\.)*"))?(?: \| level=~("(?:[^"\\]|\\.)*") or .*)?'
)
_VICTORIA = re.compile(
    r'"(\w+)":(\*|="(?:[^"\\]|\\.)*")(?: _msg:~("(?:[^"\\]|\\.)*"))?(?: \("level":~("(?:[^"\\]|\\.)*") or .*\))?'
    r"(?: \| (.*))?"
)


def _matching(
    lines: Sequence[LogLine], service: str, text: str, severity: str, start: float, end: float
) -> list[LogLine]:
    found = [
        line
        for line in lines
        if service in {"", line.service}
        and re.search(text, line.text)
        and (not severity or re.fullmatch(severity, line.severity))
        and start <= line.at.timestamp() < end
    ]
    return sorted(found, key=lambda line: line.at, reverse=True)


def loki(lines: Sequence[LogLine]) -> Answer:
    """Answer labels, their values, ranges and counts."""

    def answer(asked: Asked) -> Said:
        if asked.path == "/loki/api/v1/labels":
            return _json({"status": "success", "data": ["service_name", "level"] if lines else []})
        if asked.path == "/loki/api/v1/label/service_name/values":
            return _json({"status": "success", "data": sorted({line.service for line in lines})})
        counted = re.fullmatch(r"sum\(count_over_time\((.*) \[(\d+)s\]\)\)", asked.query["query"])
        found = _LOKI.fullmatch(counted.group(1) if counted else asked.query["query"])
        if found is None:
            return said("parse error at line 1, col 1: syntax error: unexpected IDENTIFIER", 400)
        if counted:
            end = int(asked.query["time"]) / 1e9
            matching = _of_loki(lines, found, end - int(counted.group(2)), end)
            value = {"metric": {}, "value": [end, str(len(matching))]}
            return _json({"status": "success", "data": {"resultType": "vector", "result": [value]}})
        matching = _of_loki(lines, found, int(asked.query["start"]) / 1e9, int(asked.query["end"]) / 1e9)
        return _json(_streams(matching[: int(asked.query["limit"])]))

    return answer


def _of_loki(lines: Sequence[LogLine], found: re.Match[str], start: float, end: float) -> list[LogLine]:
    _, kind, value, text, level = found.groups()
    service = json.loads(value) if kind == "=" else ""
    return _matching(lines, service, _word(text), _word(level), start, end)


def _word(text: str | None) -> str:
    return json.loads(text) if text else ""


def _streams(lines: Sequence[LogLine]) -> object:
    def labels(line: LogLine) -> tuple[str, str]:
        return line.service, line.severity

    streams = [
        {
            "stream": {"service_name": service, "level": severity, "detected_level": severity},
            "values": [[str(round(line.at.timestamp() * 1e9)), line.text] for line in own],
        }
        for (service, severity), own in groupby(sorted(lines, key=labels), key=labels)
    ]
    return {"status": "success", "data": {"resultType": "streams", "result": streams, "stats": {}}}


def victoria_logs(lines: Sequence[LogLine]) -> Answer:
    """Answer field names, their values and queries."""

    def answer(asked: Asked) -> Said:
        if asked.path == "/select/logsql/field_names":
            names = ["_time", "_msg", "service", "level"] if lines else []
            return _json({"values": [{"value": name, "hits": len(lines)} for name in names]})
        if asked.path == "/select/logsql/field_values":
            names = sorted({line.service for line in lines})
            return _json({"values": [{"value": name, "hits": 1} for name in names]})
        found = _VICTORIA.fullmatch(asked.query["query"])
        if found is None:
            return said("cannot parse query: unexpected token", 400)
        _, value, text, level, pipe = found.groups()
        service = "" if value == "*" else json.loads(value[1:])
        matching = _matching(lines, service, _word(text), _word(level), *_bounds(asked.query))
        if pipe == "stats count() as lines":
            return said(json.dumps({"lines": str(len(matching))}) + "\n")
        limit = int(pipe.removeprefix("sort by (_time desc) limit "))
        return said("".join(json.dumps(_row(line)) + "\n" for line in matching[:limit]))

    return answer


def _bounds(query: Query) -> tuple[float, float]:
    start, end = (datetime.fromisoformat(query[name]).timestamp() for name in ("start", "end"))
    return start, end


def _row(line: LogLine) -> dict[str, str]:
    own = {"_time": line.at.isoformat(), "_msg": line.text, "_stream": "{}", "service": line.service}
    return {**own, "level": line.severity} if line.severity else own


def _json(value: object) -> Said:
    return said(json.dumps(value), content_type="application/json")

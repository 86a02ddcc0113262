"""How each part of a recording is written to its file and read back."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf, isfinite, isinf
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from rootline.analysis.gpu.readings import GpuReading
from rootline.domain.change import CodeOwners, Commit, ConfigChange, Deployment, FlagChange, StatusEntry
from rootline.domain.evidence import Evidence
from rootline.domain.moment import read_seconds
from rootline.domain.signal import Alert, Edge, LogLine, LogPattern, Series, Span, infinite_in, measured
from rootline.errors import BadTape
from rootline.tapes.recording import ClusterRead

LONGEST_UNIT = 30
"""Source: ours; with what a rate adds it is no longer than a claim's unit may be."""
CSV_HEADER = ["time", "service", "metric", "unit", "labels", "value"]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file of a tape: its name, and how its text becomes records and back."""

    file: str
    read: Callable[[str, str], tuple[Any, ...]]
    write: Callable[[Sequence[Any]], str]


def _rows(kind: type, *, whole: bool = False) -> Part:
    """Make a part of one JSON object a line; fields at their defaults are left out unless it is written `whole`."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def read(text: str, file: str) -> tuple[Any, ...]:
        return tuple(
            _parsed(adapter, line, file, number) for number, line in enumerate(text.split("\n"), 1) if line.strip()
        )

    def write(records: Sequence[Any]) -> str:
        return "".join(adapter.dump_json(record, exclude_defaults=not whole).decode() + "\n" for record in records)

    return Part(file=_FILES[kind], read=read, write=write)


def _parsed(adapter: TypeAdapter[Any], line: str, file: str, number: int) -> Any:
    try:
        return adapter.validate_json(line)
    except ValidationError as bad:
        first = bad.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "the line"
        raise BadTape(f"{file}, line {number}: {where}: {first['msg']}. Mend that line or leave it out.") from bad


def _read_series(text: str, file: str) -> tuple[Series, ...]:
    rows = enumerate(csv.reader(io.StringIO(text, newline="")), 1)
    points: dict[tuple[str, str, str, str], list[tuple[float, float]]] = defaultdict(list)
    labels_of: dict[str, Mapping[str, str]] = {"": {}}
    number = 1
    try:
        if next(rows, None) != (1, CSV_HEADER):
            raise BadTape(f"{file}: the first line must be {','.join(CSV_HEADER)}.")
        for number, row in rows:  # noqa: B007 the message below says where the reading ended
            at, service, metric, unit, labels, value = row
            if labels not in labels_of:
                labels_of[labels] = _LABELS.validate_json(labels)
            points[service, metric, _short(unit), labels].append((read_seconds(at), _number(value)))
    except (ValueError, csv.Error) as bad:
        why = "labels are a JSON object of texts" if isinstance(bad, ValidationError) else bad
        where = number + isinstance(bad, csv.Error)  # which is raised before the line is there
        raise BadTape(f"{file}, line {where}: {why}. Each line holds {','.join(CSV_HEADER)}.") from bad
    return tuple(_series(key, labels_of[key[3]], sorted(dict(found).items())) for key, found in points.items())


def _series(key: tuple[str, str, str, str], labels: Mapping[str, str], points: Sequence[tuple[float, float]]) -> Series:
    service, metric, unit, _ = key
    times, given = np.array(points, dtype=np.float64).T
    values, far = measured(given), infinite_in(given)
    return Series(service=service, metric=metric, unit=unit, labels=labels, times=times, values=values, infinite=far)


def _short(unit: str) -> str:
    if len(unit) > LONGEST_UNIT:
        raise ValueError(f"the unit {unit[:20]}… is longer than {LONGEST_UNIT} characters")
    return unit


def _number(text: str) -> float:
    value = float(text) if text else np.nan
    if isinf(value) and text not in _INFINITE.values():
        raise ValueError(f"{text} is no number that can be compared")
    return value


def _write_series(series: Sequence[Series]) -> str:
    out = io.StringIO(newline="")
    plain, quoted = (csv.writer(out, lineterminator="\n", quoting=one) for one in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    plain.writerow(CSV_HEADER)
    for one in series:
        labels = json.dumps(dict(one.labels), sort_keys=True) if one.labels else ""
        rows = quoted if "\r" in f"{one.service}{one.metric}{one.unit}" else plain
        given = one.values if one.infinite is None else np.where(np.isinf(one.infinite), one.infinite, one.values)
        for at, value in zip(one.times.tolist(), given.tolist(), strict=True):
            stamp = datetime.fromtimestamp(at, tz=_UTC).isoformat().replace("+00:00", "Z")
            cell = repr(value) if isfinite(value) else _INFINITE.get(value, "")
            rows.writerow([stamp, one.service, one.metric, one.unit, labels, cell])
    return out.getvalue()


_INFINITE = {inf: "+Inf", -inf: "-Inf"}
"""As Prometheus writes them."""


_UTC = datetime.fromisoformat("2000-01-01T00:00:00Z").tzinfo
_FILES: dict[type, str] = {
    LogLine: "logs.ndjson",
    LogPattern: "log_patterns.ndjson",
    Span: "traces.ndjson",
    Alert: "alerts.ndjson",
    Commit: "commits.ndjson",
    Deployment: "deployments.ndjson",
    FlagChange: "flags.ndjson",
    ConfigChange: "configs.ndjson",
    StatusEntry: "statuses.ndjson",
    CodeOwners: "owners.ndjson",
    Edge: "topology.ndjson",
    ClusterRead: "cluster.ndjson",
    GpuReading: "gpus.ndjson",
    Evidence: "results.ndjson",
}
_LABELS: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])
SERIES = Part(file="metrics.csv", read=_read_series, write=_write_series)
LINES = _rows(LogLine)
PATTERNS = _rows(LogPattern)
SPANS = _rows(Span)
ALERTS = _rows(Alert)
COMMITS = _rows(Commit)
DEPLOYMENTS = _rows(Deployment)
FLAGS = _rows(FlagChange)
CONFIGS = _rows(ConfigChange)
STATUSES = _rows(StatusEntry)
OWNERS = _rows(CodeOwners)
EDGES = _rows(Edge)
CLUSTER = _rows(ClusterRead)
GPUS = _rows(GpuReading)
RESULTS = _rows(Evidence, whole=True)

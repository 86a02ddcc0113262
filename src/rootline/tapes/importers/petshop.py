"""The layout of one scenario of an online shop: a graph, a quiet time, and issues of five samples each.

The quiet time was recorded months apart from the issues. It is moved by whole days to just before the window
in question, so that it is the history of the same series at the same times of day. A day of it is read.
"""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from rootline.domain.session import Question
from rootline.domain.signal import Alert, Edge, Floats, Series
from rootline.domain.window import Window
from rootline.errors import BadTape
from rootline.tapes.importers.history import RecordingWithHistory
from rootline.tapes.importers.json_files import read_json, read_text

STEP_S = 300.0
HISTORY = timedelta(days=1)
_DAY_S = 86_400.0
_HEADERS = 4
_UNITS: Mapping[str, str] = {"latency": "s", "requests": "count", "availability": "percent"}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A metrics file: `times` are Unix seconds, shape (n,); `values` shape (n, m), NaN for gaps; `names` m columns."""

    times: Floats
    values: Floats
    names: tuple[tuple[str, str, str], ...]

    def rows(self, keep: Floats | slice) -> "Sheet":
        """Return some of the rows."""
        return Sheet(times=self.times[keep], values=self.values[keep], names=self.names)

    def moved(self, seconds: float) -> "Sheet":
        """Return the same samples at later times."""
        return Sheet(times=self.times + seconds, values=self.values, names=self.names)


def read_petshop(scenario: Path, issue: str) -> RecordingWithHistory:
    """Read the issue in the folder `scenario/issue` with the quiet time as its history.

    Of `target.json` only the symptom is kept.
    """
    during = read_sheet(scenario / issue / "metrics.csv")
    quiet = read_sheet(scenario / "noissue" / "metrics.csv")
    days = math.ceil((quiet.times[-1] + STEP_S - during.times[0]) / _DAY_S)
    return _recording(scenario, [quiet.moved(-days * _DAY_S), during], during, _alerts(scenario / issue))


def read_quiet(scenario: Path, first: int, rows: int) -> RecordingWithHistory:
    """Read `rows` samples of the quiet time from row `first` on, with all others as their history."""
    quiet = read_sheet(scenario / "noissue" / "metrics.csv")
    during = quiet.rows(slice(first, first + rows))
    days = math.ceil((quiet.times[-1] + STEP_S - quiet.times[0]) / _DAY_S)
    later = quiet.rows(slice(first + rows, None)).moved(-days * _DAY_S)
    return _recording(scenario, [later, quiet.rows(slice(0, first)), during], during, ())


def read_sheet(file: Path) -> Sheet:
    """Read a metrics file with its three header rows."""
    text = read_text(file)
    if text is None:
        raise BadTape(f"There is no {file}.")
    rows = list(csv.reader(io.StringIO(text)))
    if len(rows) <= _HEADERS:
        raise BadTape(f"{file} holds no samples.")
    services, metrics, statistics = (row[1:] for row in rows[:3])
    try:
        cells = np.array([[float(cell or "nan") for cell in row] for row in rows[_HEADERS:]])
    except ValueError as bad:
        raise BadTape(f"{file} holds something else than numbers: {bad}.") from bad
    names = tuple(zip(services, metrics, statistics, strict=True))
    if cells.shape[1] != len(names) + 1:
        raise BadTape(f"{file} has {cells.shape[1]} columns under {len(names) + 1} headers.")
    return Sheet(times=cells[:, 0], values=cells[:, 1:], names=names)


def read_graph(scenario: Path) -> tuple[Edge, ...]:
    """Read who calls whom: a row calls the columns that it marks."""
    text = read_text(scenario / "graph.csv")
    rows = list(csv.reader(io.StringIO(text or "")))
    callees = rows[0][1:] if rows else []
    return tuple(
        Edge(caller=row[0], callee=callee, found_in="declared")
        for row in rows[1:]
        for callee, mark in zip(callees, row[1:], strict=True)
        if mark and float(mark) > 0
    )


def _recording(
    scenario: Path, sheets: Sequence[Sheet], during: Sheet, alerts: tuple[Alert, ...]
) -> RecordingWithHistory:
    start, end = (datetime.fromtimestamp(at, UTC) for at in (during.times[0], during.times[-1] + STEP_S))
    alert = alerts[0] if alerts else None
    return RecordingWithHistory(
        title=scenario.name,
        history=HISTORY,
        question=Question(
            text=f"What caused this alert? {alert.summary}" if alert else "What went wrong here?",
            window=Window(start=start, end=end),
            service=alert.service if alert else "",
            trigger="alert" if alert else "question",
        ),
        series=tuple(_series(sheets)),
        alerts=alerts or None,
        edges=read_graph(scenario),
    )


def _series(sheets: Sequence[Sheet]) -> Iterable[Series]:
    times = np.concatenate([sheet.times for sheet in sheets])
    places = [{name: at for at, name in enumerate(sheet.names)} for sheet in sheets]
    for name in dict.fromkeys(name for sheet in sheets for name in sheet.names):
        service, metric, statistic = name
        columns = [
            sheet.values[:, place[name]] if name in place else np.full(sheet.times.size, np.nan)
            for sheet, place in zip(sheets, places, strict=True)
        ]
        yield Series(
            service=service,
            metric=metric,
            unit=_UNITS.get(metric, ""),
            labels={"statistic": statistic},
            times=times,
            values=np.concatenate(columns),
        )


def _alerts(folder: Path) -> tuple[Alert, ...]:
    found: Any = read_json(folder / "target.json")
    target = found.get("target") if isinstance(found, dict) else None
    if not isinstance(target, dict):
        return ()
    try:
        return (
            Alert(
                name=f"{target['metric']} of {target['node']}",
                service=str(target["node"]),
                severity="high",
                fired_at=datetime.fromtimestamp(float(target["timestamp"]), UTC),
                summary=f"{target['metric']} of {target['node']} is out of bounds",
                metric=str(target["metric"]),
                labels={"statistic": str(target.get("agg", ""))},
            ),
        )
    except (KeyError, TypeError, ValueError) as bad:
        raise BadTape(f"{folder / 'target.json'}: a target needs node, metric and timestamp: {bad}.") from bad

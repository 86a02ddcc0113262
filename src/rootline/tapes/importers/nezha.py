"""The layout of one day of a shop on Kubernetes: per-pod minute metrics, minutes of traces and logs.

The text of the column `Time` is read, as the numbers beside it are wrong in places. Rows of the wrong length are
left out.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rootline.domain.session import Question
from rootline.domain.signal import Edge, Floats, Series
from rootline.domain.window import Window
from rootline.errors import BadTape
from rootline.tapes.importers.history import RecordingWithHistory
from rootline.tapes.importers.nezha_minutes import AROUND_FAULTS, HISTORY, Around, service_of
from rootline.tapes.importers.packed import unpack

BEFORE, AFTER = timedelta(minutes=1), timedelta(minutes=3)
QUIET_ROWS = 360
_DAY_S = 86_400.0
_NAME = re.compile(r"(?P<metric>[^()]+)(?:\((?P<unit>[^)]*)\))?")
_ADDRESS = re.compile(r"[\d.:]+")
_UNITS = {"%": "percent", "s": "s", "ms": "ms", "Mi": "MiB", "m": "millicores", "Ops": "1/s"}
_BESIDE = {"Time", "TimeStamp", "time", "timestamp", "PodName", "ServiceName"}
_EDGES = {"source": "client_latency_p{}", "destination": "latency_p{}"}
Kept = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day: every series whole, who calls whom, and the folder where traces and logs lie."""

    folder: Path
    series: tuple[Series, ...]
    edges: tuple[Edge, ...]

    def recording(self, injected: datetime, faults: Sequence[datetime]) -> RecordingWithHistory:
        """Cut the window around a moment, with the quiet samples nearest to it as history.

        Quiet is what lies five minutes away from every fault; what came later in the day is moved one day back.
        """
        window = Window(start=injected - BEFORE, end=injected + AFTER)
        minutes = Around(window=window, faults=tuple(faults))
        return RecordingWithHistory(
            title=self.folder.name,
            question=Question(text="What went wrong here?", trigger="custom", window=window),
            history=timedelta(days=2),
            minutes=HISTORY,
            series=self.series_around(injected, faults),
            edges=self.edges or None,
            spans=minutes.spans(self.folder / "trace"),
            lines=minutes.lines(self.folder / "log"),
        )

    def series_around(self, injected: datetime, faults: Sequence[datetime]) -> tuple[Series, ...]:
        """Return the series of the window around a moment with their history."""
        window = Window(start=injected - BEFORE, end=injected + AFTER)
        cuts: dict[int, _Cut] = {}
        for one in self.series:
            if id(one.times) not in cuts:
                cuts[id(one.times)] = _cut(one.times, window, faults)
        return tuple(cuts[id(one.times)].of(one) for one in self.series)


def read_day(folder: Path) -> Day:
    """Read the metrics of a day."""
    files = sorted((folder / "metric").glob("*.csv*"))
    edges = [edge for file in files if file.name.startswith("dependency.") for edge in _dependencies(file)]
    series = [one for file in files if not file.name.startswith("dependency.") for one in _sheet(file)]
    if not series:
        raise BadTape(f"{folder / 'metric'} holds no metrics.")
    return Day(folder=folder, series=tuple(series), edges=tuple(edges))


def moment_of(text: str) -> datetime:
    """Read the first 19 characters of a time in UTC."""
    return datetime.fromisoformat(text.strip()[:19]).replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Cut:
    """Which samples of an axis of time make a window with its history, and when they are said to be, in order."""

    places: NDArray[np.intp]
    times: Floats

    def of(self, one: Series) -> Series:
        """Cut a series on that axis."""
        return Series(
            service=one.service,
            metric=one.metric,
            unit=one.unit,
            labels=one.labels,
            times=self.times,
            values=one.values[self.places],
        )


def _cut(times: Floats, window: Window, faults: Sequence[datetime]) -> _Cut:
    start, end = window.start.timestamp(), window.end.timestamp()
    inside = (times >= start) & (times < end)
    quiet = _quiet(times, faults) & ~inside
    nearest = np.flatnonzero(quiet)[np.argsort(np.abs(times[quiet] - start), kind="stable")[:QUIET_ROWS]]
    kept = np.sort(np.concatenate([nearest, np.flatnonzero(inside)]))
    said = np.where(times[kept] >= end, times[kept] - _DAY_S, times[kept])
    order = np.argsort(said, kind="stable")
    return _Cut(places=kept[order], times=said[order])


def _quiet(times: Floats, faults: Sequence[datetime]) -> Kept:
    quiet: Kept = np.ones(times.size, dtype=bool)
    for fault in faults:
        quiet &= np.abs(times - fault.timestamp()) > AROUND_FAULTS.total_seconds()
    return quiet


def _rows(file: Path) -> tuple[Sequence[str], Iterator[list[str]]]:
    rows = csv.reader(io.StringIO(unpack(file).decode("utf-8-sig", errors="replace"), newline=""))
    return next(rows, []), rows


def _dependencies(file: Path) -> Iterator[Edge]:
    """Yield who calls whom; an address is a machine, not a service."""
    _, rows = _rows(file)
    for row in rows:
        if len(row) >= 2 and not _ADDRESS.fullmatch(row[1]):  # noqa: PLR2004 caller and callee
            yield Edge(caller=row[0], callee=row[1], found_in="traces")


def _sheet(file: Path) -> Iterator[Series]:
    head, rows = _rows(file)
    kept: dict[float, list[str]] = {}
    for row in rows:
        if len(row) == len(head) and (at := _time(row[0])) is not None:
            kept[at] = row
    times = np.array(sorted(kept))
    owner = _owner(file, head, next(iter(kept.values()), []))
    for column, name in enumerate(head):
        if name not in _BESIDE:
            values = np.array([_number(kept[at][column]) for at in times.tolist()])
            yield _series(file, owner, name, times, values)


def _series(file: Path, owner: str, name: str, times: Floats, values: Floats) -> Series:
    match = _NAME.fullmatch(name)
    metric, unit = (match["metric"], _UNITS.get(match["unit"] or "", "")) if match else (name, "")
    kind, _, percentile = file.name.split(".", 1)[0].partition("_")
    if kind in _EDGES:
        caller, _, callee = name.partition("_")
        service = caller if kind == "source" else callee
        labels = {"callee": callee} if kind == "source" else {"caller": caller}
        metric, unit = _EDGES[kind].format(percentile), "s"
    else:
        service, labels = owner, {}
    return Series(service=service, metric=metric, unit=unit, labels=labels, times=times, values=values)


def _owner(file: Path, head: Sequence[str], row: Sequence[str]) -> str:
    found = dict(zip(head, row, strict=False))
    if found.get("PodName"):
        return service_of(found["PodName"])
    return found.get("ServiceName", file.name.split(".", 1)[0]).lower()


def _time(text: str) -> float | None:
    try:
        return moment_of(text).timestamp()
    except ValueError:
        return None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")

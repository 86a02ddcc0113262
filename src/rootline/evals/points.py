"""What a detector says of every sample of a series."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from rootline.analysis.metrics.spikes import Detection
from rootline.domain.moment import read_seconds
from rootline.domain.signal import Series
from rootline.errors import BadTape
from rootline.evals.suite import Line
from rootline.tapes.importers.packed import unpack


class Point(BaseModel):
    """One sample: how far from normal (in tail sigmas, unsigned), and whether it is alerted on."""

    model_config = ConfigDict(frozen=True)

    timestamp: str
    score: float
    alert: bool


class Points(Line):
    """One series, sample by sample, in the order of its file."""

    predictions: tuple[Point, ...]

    @property
    def alerts(self) -> list[bool]:
        """Whether each sample is alerted on."""
        return [one.alert for one in self.predictions]


@dataclass(frozen=True, kw_only=True)
class Samples:
    """A series as its file writes it; `labels` is empty where the file has none."""

    stamps: Sequence[str]
    series: Series
    labels: Sequence[bool]


def read_samples(file: Path, *, time: str, value: str, label: str = "") -> Samples:
    """Read a CSV file of one series by the names of its columns; an empty value is a gap."""
    table = csv.DictReader(io.StringIO(unpack(file).decode("utf-8-sig", "replace")))
    rows = list(table)
    if not {time, value} <= set(table.fieldnames or ()):
        named = ", ".join(table.fieldnames or ())[:200] or "no header"
        raise BadTape(f"{file} needs the columns {time} and {value}; it has {named}.")
    try:
        stamps = [row[time] for row in rows]
        values = np.array([float(row[value] or "nan") for row in rows])
        labels = (
            [row[label].strip() in {"1", "1.0", "true", "True"} for row in rows] if rows and label in rows[0] else []
        )
        times = np.array([read_seconds(stamp) for stamp in stamps])
    except (KeyError, ValueError, TypeError, AttributeError) as bad:
        raise BadTape(f"{file} needs the columns {time} and {value}: {bad}.") from bad
    return Samples(stamps=stamps, series=Series(service="", metric="", times=times, values=values), labels=labels)


def points(samples: Samples, found: Detection, alerts: Sequence[bool]) -> tuple[Point, ...]:
    """Put scores and alerts beside the timestamps."""
    scores = np.round(np.abs(found.scores), 3).tolist()
    told = zip(samples.stamps, scores, alerts, strict=True)
    return tuple(Point(timestamp=stamp, score=score, alert=alert) for stamp, score, alert in told)

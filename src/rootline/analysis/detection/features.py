"""The strongest deviation of each signal of each service in each window: what is stored, and what is decided on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rootline.analysis.detection.board import Board
from rootline.analysis.detection.policy import WindowName
from rootline.analysis.detection.signals import Signal, is_watched, place_of, signal_of
from rootline.analysis.detection.survey import Reading
from rootline.analysis.metrics.finding import Kind
from rootline.analysis.metrics.harm import has_room
from rootline.analysis.metrics.kinds import kind_of

Limit = Literal["", "absolute", "stopped", "piling"]


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One signal of one service in one window at one slot.

    `expected`, `observed` and `deviation` are in `unit`; `score` is signed and in robust spreads, 0 where nothing
    hurts or nothing has held. `at` is the slot in Unix seconds. One that is beyond a `limit` needs no normal state:
    `expected` is then the limit; for what stopped, what it usually was; for what piles up, what it was at most.
    `is_daily` says that the day before had as much at this hour.
    """

    at: float
    service: str
    signal: Signal
    window: WindowName
    metric: str
    unit: str
    expected: float
    observed: float
    deviation: float
    score: float
    kind: Kind | Literal["new_pattern"]
    limit: Limit = ""
    is_daily: bool = False


def features_at(board: Board, readings: Sequence[Reading], slot: int, *, least: float = 0.0) -> list[Feature]:
    """Return the features of a slot whose score is at least `least` on either side, ordered by service and signal.

    A row without a sample or without a history makes none.
    """
    strongest: dict[tuple[str, Signal, str], Feature] = {}
    for reading in readings:
        for one in _of_reading(board, reading, slot, least):
            key = one.service, one.signal, one.window
            if key not in strongest or abs(one.score) > abs(strongest[key].score):
                strongest[key] = one
    return [strongest[key] for key in sorted(strongest)]


def _of_reading(board: Board, reading: Reading, slot: int, least: float) -> Iterator[Feature]:
    observed, held = reading.observed[:, slot].tolist(), reading.held[:, slot].tolist()
    for series, seen, expected, score in zip(board.series, observed, reading.expected.tolist(), held, strict=True):
        if abs(score) < least or seen != seen or expected != expected or not is_watched(series.metric):  # noqa: PLR0124 NaN
            continue
        if has_room(series.metric, series.unit, seen):
            continue
        yield Feature(
            at=float(board.times[slot]),
            service=place_of(series),
            signal=signal_of(series.metric),
            window=reading.window.name,
            metric=series.metric,
            unit=series.unit,
            expected=expected,
            observed=seen,
            deviation=seen - expected,
            score=score,
            kind=kind_of(
                changed=score != 0,
                broken=False,
                rises=score > 0,
                gradual=reading.window.name != "5m",
                baseline=expected,
                reached=seen,
                unit=series.unit,
            ),
        )

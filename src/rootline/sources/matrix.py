"""What Prometheus answers to a range becomes series on one time axis."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from math import ceil, isfinite

import numpy as np
from numpy.typing import NDArray

from rootline.domain.signal import Floats, Series, infinite_in, measured
from rootline.domain.window import Window
from rootline.sources.matrix_body import Samples

POINTS = 240
"""Source: ours; enough for the onset of a change to be within half a percent of the window."""
HIDDEN = frozenset({"__name__", "le"})


@dataclass(frozen=True, kw_only=True)
class Steps:
    """The moments at which a range is evaluated: `count` of them from `first` on, `step_s` seconds apart."""

    first: float
    step_s: int
    count: int

    @cached_property
    def times(self) -> Floats:
        """Unix seconds, shape (count,); one array, so that series of one read are known to share it."""
        return self.first + self.step_s * np.arange(self.count, dtype=np.float64)

    @property
    def start(self) -> datetime:
        """The first moment."""
        return datetime.fromtimestamp(self.first, UTC)

    @property
    def end(self) -> datetime:
        """The last moment, which is inside the window."""
        return datetime.fromtimestamp(self.first + self.step_s * (self.count - 1), UTC)

    def coarser(self, factor: int) -> "Steps":
        """Return fewer moments over the same time."""
        return Steps(first=self.first, step_s=self.step_s * factor, count=ceil(self.count / factor))


def steps(window: Window, *, least_s: int, points: int = POINTS) -> Steps:
    """Spread at most `points` moments over a window, whole seconds apart and `least_s` at least."""
    first = ceil(window.start.timestamp())
    length = window.end.timestamp() - first
    step_s = max(least_s, ceil(length / points))
    return Steps(first=float(first), step_s=step_s, count=max(1, ceil(length / step_s)))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One series as it was answered: its labels, and values on the asked moments, NaN where there is none.

    `infinite` is as a series has it.
    """

    labels: Mapping[str, str]
    values: Floats
    infinite: Floats | None = None


def rows(answer: object, asked: Steps) -> list[Row]:
    """Read the rows of a range query.

    Raises:
        ValueError: The answer has another shape than Prometheus documents.

    """
    if not isinstance(answer, list):
        raise ValueError("it sent no list of series")  # noqa: TRY004 the answer is wrong, not our type
    try:
        found = [(_labels(one["metric"]), _samples(one["values"])) for one in answer]
    except (KeyError, TypeError, IndexError, AttributeError, OverflowError) as bad:
        raise ValueError("it sent series of another shape than it documents") from bad
    values = _on_moments([samples for _, samples in found], asked)
    return [Row(labels=labels, values=one, infinite=far) for (labels, _), (one, far) in zip(found, values, strict=True)]


def instant(answer: object) -> list[tuple[dict[str, str], float]]:
    """Read labels and value of each row of an instant query; raise ValueError as `rows` does."""
    if not isinstance(answer, list):
        raise ValueError("it sent no list of samples")  # noqa: TRY004 the answer is wrong, not our type
    try:
        return [(_labels(one["metric"]), float(one["value"][1])) for one in answer]
    except (KeyError, TypeError, IndexError, AttributeError) as bad:
        raise ValueError("it sent samples of another shape than it documents") from bad


def _labels(found: Mapping[str, object]) -> dict[str, str]:
    return {str(key)[:200]: str(value)[:500] for key, value in found.items()}


def _samples(pairs: Samples | Sequence[Sequence[object]]) -> Samples:
    if isinstance(pairs, Samples):
        return pairs
    times, values = ([pair[at] for pair in pairs] for at in (0, 1))
    return Samples(times=np.array(times, dtype=np.float64), values=np.array(values, dtype=np.float64))


def _on_moments(found: Iterable[Samples], asked: Steps) -> Iterator[tuple[Floats, Floats | None]]:
    """Yield each series' values on the asked moments, and its infinite ones.

    Neighbours that share their times are placed together.
    """
    for _, group in groupby(found, key=lambda one: id(one.times)):
        members = list(group)
        given = np.array([one.values for one in members])
        inside, columns = _places(members[0].times, asked)
        if columns.size == asked.count and inside.all() and (columns == np.arange(asked.count)).all():
            yield from _told_apart(given)
            continue
        values = np.full((len(members), asked.count), np.nan)
        values[:, columns] = given[:, inside]
        yield from _told_apart(values)


def _told_apart(values: Floats) -> Iterator[tuple[Floats, Floats | None]]:
    finite = measured(values)
    if finite is values or not np.isinf(values).any():
        yield from ((one, None) for one in finite)
    else:
        yield from ((one, infinite_in(given)) for one, given in zip(finite, values, strict=True))


def _places(times: Floats, asked: Steps) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Return which samples lie on the asked moments, and on which ones those lie."""
    places = np.rint((times - asked.first) / asked.step_s)
    inside = (places >= 0) & (places < asked.count)
    return inside, places[inside].astype(np.intp)


def distinct(found: Sequence[Row], *, always: Iterable[str] = ()) -> list[dict[str, str]]:
    """Return for each row the labels that tell it from the others, and those always shown."""
    first = found[0].labels if found else {}
    shared = {key for key, value in first.items() if all(row.labels.get(key) == value for row in found)}
    dropped = (shared - set(always)) | HIDDEN
    return [{key: row.labels[key] for key in sorted(row.labels.keys() - dropped)} for row in found]


def merged(found: Iterable[Row], owner: Callable[[Mapping[str, str]], str], join: str) -> dict[str, Floats]:
    """Join the rows of each owner, at each moment, by `sum`, `min`, `avg` or `max`."""
    of: dict[str, list[Floats]] = {}
    for row in found:
        of.setdefault(owner(row.labels), []).append(row.values)
    return {name: values[0] if len(values) == 1 else _joined(np.array(values), join) for name, values in of.items()}


def merged_infinite(found: Iterable[Row], owner: Callable[[Mapping[str, str]], str]) -> dict[str, Floats]:
    """Join what is infinite in the rows of each owner that has any."""
    of: dict[str, Floats] = {}
    for row in found:
        if row.infinite is not None:
            name = owner(row.labels)
            of[name] = np.fmax(of[name], row.infinite) if name in of else row.infinite
    return of


def _joined(stacked: Floats, join: str) -> Floats:
    known = np.isfinite(stacked)
    any_known = known.any(axis=0)
    empty = {"sum": 0.0, "avg": 0.0, "min": np.inf}.get(join, -np.inf)
    filled = np.where(known, stacked, empty)
    if join in {"sum", "avg"}:
        total = filled.sum(axis=0)
        value = total / np.maximum(known.sum(axis=0), 1) if join == "avg" else total
    else:
        value = filled.min(axis=0) if join == "min" else filled.max(axis=0)
    joined: Floats = np.where(any_known, value, np.nan)
    return joined


def as_series(  # one row, its name and its unit become one series of the domain
    values: Floats,
    asked: Steps,
    window: Window,
    *,
    service: str,
    metric: str,
    unit: str,
    labels: Mapping[str, str],
    infinite: Floats | None = None,
) -> Series | None:
    """Make a series; None when it has no sample inside the window."""
    since = window.start.timestamp()
    if not _is_seen(values, asked.times, since) and (infinite is None or not _is_told(infinite, asked.times, since)):
        return None
    return Series(
        service=service, metric=metric, unit=unit, labels=labels, times=asked.times, values=values, infinite=infinite
    )


def _is_seen(values: Floats, times: Floats, since: float) -> bool:
    """Whether there is a sample since a moment: the last one tells it of most series, without a look at the others."""
    if times[-1] >= since and isfinite(values[-1]):
        return True
    return bool(np.isfinite(values[np.searchsorted(times, since) :]).any())


def _is_told(infinite: Floats, times: Floats, since: float) -> bool:
    return bool(np.isinf(infinite[np.searchsorted(times, since) :]).any())

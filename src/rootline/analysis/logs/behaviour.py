"""Which services write other things than usual about a request: lines that are missing, and new ones."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from rootline.analysis.logs.joining import Group
from rootline.analysis.logs.wording import quotes_a_user
from rootline.analysis.traces.minutes import Figures, Ids, Minutes, figures, surprise
from rootline.analysis.traces.periods import Periods
from rootline.domain.signal import Floats
from rootline.domain.window import Window

_MOST_CHANGES = 4


@dataclass(frozen=True, kw_only=True)
class LineChange:
    """A template that a service writes more or less often; shares, 0 to 1, are of the traces that reach it."""

    service: str
    template: str
    usual: float
    now: float
    strength: float


@dataclass(frozen=True, kw_only=True)
class LogBehaviour:
    """How surely a service writes other things than before, 0 to 1, and the clearest changes, strongest first."""

    service: str
    changed: float
    changes: tuple[LineChange, ...]


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """Every line of a traced request: the numbers of its template, service and trace, and when the trace began."""

    templates: Ids
    services: Ids
    traces: Ids
    moments: Floats


def log_behaviours(groups: Sequence[Group], window: Window, *, onset: datetime | None = None) -> list[LogBehaviour]:
    """Describe every service whose lines about a request changed, the surest first; needs lines with trace ids.

    What users can write says nothing here.
    """
    traced = [replace(group, records=tuple(one for one in group.records if one.trace_id)) for group in groups]
    known = [group for group in traced if group.records and not quotes_a_user(group.records[0].head)]
    seen = _seen(known)
    periods = Periods.of(window, onset, (float(seen.moments.min()),) if seen.moments.size else ())
    minutes = Minutes.split(seen.moments, periods)
    best: dict[int, LineChange] = {}
    for part in minutes.latest(seen.moments) if minutes.count > 1 else ():
        for at, change in _changes(known, seen, part):
            if at not in best or change.strength > best[at].strength:
                best[at] = change
    return _by_service(best.values())


def _seen(groups: Sequence[Group]) -> _Seen:
    names: dict[str, int] = {}
    traces: dict[str, int] = {}
    rows = [
        (at, names.setdefault(group.service, len(names)), traces.setdefault(record.trace_id, len(traces)), record.at)
        for at, group in enumerate(groups)
        for record in group.records
    ]
    of = np.array([row[2] for row in rows], dtype=np.intp)
    began = np.full(len(traces), np.inf)
    np.minimum.at(began, of, np.array([row[3].timestamp() for row in rows], dtype=np.float64))
    return _Seen(
        templates=np.array([row[0] for row in rows], dtype=np.intp),
        services=np.array([row[1] for row in rows], dtype=np.intp),
        traces=of,
        moments=began[of],
    )


def _changes(groups: Sequence[Group], seen: _Seen, minutes: Minutes) -> Iterator[tuple[int, LineChange]]:
    found = _shares(seen, minutes, len(groups))
    for at in np.flatnonzero(strengths := surprise(found)).tolist():
        group = groups[at]
        yield (
            at,
            LineChange(
                service=group.service,
                template=group.template,
                usual=float(found.usual[at]),
                now=float(found.now[at]),
                strength=float(strengths[at]),
            ),
        )


def _shares(seen: _Seen, minutes: Minutes, templates: int) -> Figures:
    """The share of a service's traces, minute by minute, in which each of its templates is written."""
    inside = minutes.of >= 0
    reached = _distinct(seen.services[inside], seen.traces[inside], minutes.of[inside], minutes.count)
    written = _distinct(seen.templates[inside], seen.traces[inside], minutes.of[inside], minutes.count, templates)
    owner = np.zeros(templates, dtype=np.intp)
    owner[seen.templates] = seen.services
    counts = np.zeros((int(owner.max(initial=0)) + 1, minutes.count))
    counts[: reached.shape[0]] = reached[: counts.shape[0]]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(counts[owner] > 0, written / counts[owner], np.nan)
    return figures(shares, counts[owner])


def _distinct(keys: Ids, traces: Ids, minutes: Ids, count: int, size: int = 0) -> Floats:
    """Count the distinct traces of each key in each minute; shape (keys, minutes)."""
    rows = max(size, int(keys.max(initial=-1)) + 1)
    once = np.unique(np.stack([keys, minutes, traces]), axis=1)
    places = once[0] * count + once[1]
    return np.bincount(places, minlength=rows * count).reshape(rows, count).astype(np.float64)


def _by_service(changes: Iterable[LineChange]) -> list[LogBehaviour]:
    found: dict[str, list[LineChange]] = {}
    for one in sorted(changes, key=lambda change: (-change.strength, change.service, change.template)):
        found.setdefault(one.service, []).append(one)
    told = [
        LogBehaviour(service=name, changed=_joint(of[:_MOST_CHANGES]), changes=tuple(of[:_MOST_CHANGES]))
        for name, of in found.items()
    ]
    return sorted(told, key=lambda one: (-one.changed, one.service))


def _joint(changes: Sequence[LineChange]) -> float:
    left = 1.0
    for one in changes:
        left *= 1.0 - one.strength
    return 1.0 - left

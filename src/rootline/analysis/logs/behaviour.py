"""Which services write other things than usual about a request: lines that are missing, and new ones."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from rootline.analysis.logs.companions import NOBODY, Companions, Mask, Written, companions
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


def log_behaviours(groups: Sequence[Group], window: Window, *, onset: datetime | None = None) -> list[LogBehaviour]:
    """Describe every service whose lines about a request changed, the surest first; needs lines with trace ids.

    What users can write says nothing here.
    """
    traced = [replace(group, records=tuple(one for one in group.records if one.trace_id)) for group in groups]
    known = [group for group in traced if group.records and not quotes_a_user(group.records[0].head)]
    lines, began = _written(known)
    periods = Periods.of(window, onset, (float(began.min()),) if began.size else ())
    minutes = Minutes.split(began, periods)
    beside = companions(lines.of(minutes.of > 0), len(known))
    best: dict[int, LineChange] = {}
    for part in minutes.latest(began) if minutes.count > 1 else ():
        for at, change in _changes(known, _shares(lines, part, beside)):
            if at not in best or change.strength > best[at].strength:
                best[at] = change
    return _by_service(best.values())


def _written(groups: Sequence[Group]) -> tuple[Written, Floats]:
    """Return the first line of each template in each traced request, and when that request began."""
    names: dict[str, int] = {}
    traces: dict[str, int] = {}
    rows = [
        (at, names.setdefault(group.service, len(names)), traces.setdefault(record.trace_id, len(traces)))
        for at, group in enumerate(groups)
        for record in group.records
    ]
    moments = np.array([record.at.timestamp() for group in groups for record in group.records], dtype=np.float64)
    templates, services, of = np.array(rows, dtype=np.intp).reshape(-1, 3).T
    began = np.full(len(traces), np.inf)
    np.minimum.at(began, of, moments)
    order = np.argsort(moments, kind="stable")
    first = order[np.unique((templates * max(len(traces), 1) + of)[order], return_index=True)[1]]
    lines = Written(templates=templates[first], services=services[first], traces=of[first], moments=moments[first])
    return lines, began[lines.traces]


def _changes(groups: Sequence[Group], found: Figures) -> Iterator[tuple[int, LineChange]]:
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


def _shares(lines: Written, minutes: Minutes, beside: Companions) -> Figures:
    """How often each template is written, minute by minute, among the requests that usually lead to it.

    Those are the traces in which its companion is written; for a template that begins a kind of requests, the traces
    of its service that begin with no other; else all traces of its service.
    """
    inside, size = minutes.of >= 0, beside.before.size
    now, of = lines.of(inside), minutes.of[inside]
    whole = _counted(now.templates, of, size, minutes.count)
    before = beside.before[now.templates]
    keys, wanted = now.keys(now.templates), now.keys(before)
    led = (before == NOBODY) | np.isin(wanted, keys)
    counts = np.where(beside.before[:, None] == NOBODY, _reached(now, of, minutes.count, size), whole[beside.before])
    other = _reached(now, of, minutes.count, size, without=beside.opens[now.templates])
    counts = np.where(beside.opens[:, None], other + whole, counts)
    written = _counted(now.templates[led], of[led], size, minutes.count)
    with np.errstate(invalid="ignore", divide="ignore"):
        return figures(np.where(counts > 0, written / counts, np.nan), counts)


def _reached(lines: Written, minutes: Ids, count: int, templates: int, without: Mask | None = None) -> Floats:
    """Count the traces that reach the service of each template, but for those with a line that is left out."""
    keys = lines.keys(lines.services)
    kept = np.ones(keys.size, dtype=bool) if without is None else ~np.isin(keys, keys[without])
    once = np.flatnonzero(kept)[np.unique(keys[kept], return_index=True)[1]]
    services = int(lines.services.max(initial=0)) + 1
    owner = np.zeros(templates, dtype=np.intp)
    owner[lines.templates] = lines.services
    return _counted(lines.services[once], minutes[once], services, count)[owner]


def _counted(keys: Ids, minutes: Ids, size: int, count: int) -> Floats:
    """Count the rows of each key in each minute; shape (size, count)."""
    return np.bincount(keys * count + minutes, minlength=size * count).reshape(size, count).astype(np.float64)


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

"""Which lines usually come before a line, so that other requests than usual are not taken for other doings."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rootline.analysis.traces.minutes import Ids
from rootline.domain.signal import Floats

Mask = NDArray[np.bool_]
NOBODY = -1
_MOST_LINES = 40
# Source: own choice; a line in twenty may be lost, or be written by a thread that was quicker.
_ALMOST_ALWAYS, _LEAST_TRACES = 0.95, 4


@dataclass(frozen=True, kw_only=True)
class Companions:
    """What each template rests on, shape (k,) each.

    `before` is the template after which it is written, -1 for none; `opens` tells the templates with which requests
    of a kind begin: usual ones after none other.
    """

    before: Ids
    opens: Mask


@dataclass(frozen=True, kw_only=True)
class Written:
    """The first line of each template in each trace: of which service, in which trace, and when; shape (n,) each."""

    templates: Ids
    services: Ids
    traces: Ids
    moments: Floats

    def of(self, rows: Mask) -> "Written":
        """Return some of the rows."""
        return Written(
            templates=self.templates[rows],
            services=self.services[rows],
            traces=self.traces[rows],
            moments=self.moments[rows],
        )

    def keys(self, of: Ids) -> Ids:
        """Number pairs of something, -1 or more, and the trace of each row."""
        return of * (int(self.traces.max(initial=0)) + 1) + self.traces


def companions(usual: Written, templates: int) -> Companions:
    """Find for each template the rarest other one of its service that is written earlier whenever it is."""
    before = np.full(templates, NOBODY, dtype=np.intp)
    opens = np.zeros(templates, dtype=bool)
    for rows in _by_service(usual.services):
        names, place = np.unique(usual.templates[rows], return_inverse=True)
        traces = np.unique(usual.traces[rows], return_inverse=True)[1]
        kept = np.argsort(-np.bincount(place), kind="stable")[:_MOST_LINES]
        times = np.full((int(traces.max()) + 1, names.size), np.nan)
        times[traces, place] = usual.moments[rows]
        found = _earlier(times[:, kept])
        before[names[kept]] = np.where(found == NOBODY, NOBODY, names[kept][found])
        often = np.isfinite(times[:, kept]).sum(axis=0) >= _LEAST_TRACES
        opens[names[kept]] = (found == NOBODY) & often
    return Companions(before=before, opens=opens)


def _by_service(services: Ids) -> Iterator[Ids]:
    order = np.argsort(services, kind="stable")
    yield from (part for part in np.split(order, np.flatnonzero(np.diff(services[order])) + 1) if part.size)


def _earlier(times: Floats) -> Ids:
    """Return the column that precedes each column, -1 for none; `times` are (traces, columns), NaN where unwritten."""
    there = np.isfinite(times)
    counts = there.sum(axis=0)
    found = np.full(counts.size, NOBODY, dtype=np.intp)
    for at in range(counts.size):
        own = times[there[:, at]]
        not_later, sooner = (own <= own[:, [at]]).sum(axis=0), (own < own[:, [at]]).sum(axis=0)
        least = _ALMOST_ALWAYS * counts[at]
        fit = (not_later >= least) & (sooner >= least / 2) & (counts[at] >= _LEAST_TRACES)
        fit[at] = False
        if fit.any():
            found[at] = min(np.flatnonzero(fit).tolist(), key=lambda one: (counts[one], one))
    return found

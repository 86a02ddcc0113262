"""Series that share their sample times become one matrix."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rootline.domain.signal import Floats, Series, measured

# Series are gathered 4,096 at a time and handed on 256 at a time: work arrays of 256 rows x 240 samples stay
# inside the processor's caches, and one large block keeps the allocator from returning memory in between.
_GATHERED, _ROWS = 4096, 256


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Several series on the same sample times.

    `times` are Unix seconds, shape (n,); `values` has shape (m, n); `members` are the positions of the rows
    in the sequence the series came from.
    """

    times: Floats
    values: Floats
    members: NDArray[np.intp]


def by_grid(series: Sequence[Series]) -> Iterator[Grid]:
    """Gather series by equal sample times, in the order in which each grid first appears."""
    for members in grouped(series):
        yield from stacked(series, members)


def grouped(series: Sequence[Series]) -> list[list[int]]:
    """The positions of the series that share their sample times, in the order in which each times first appear."""
    groups: dict[bytes, list[int]] = {}
    seen: dict[int, bytes] = {}
    for position, line in enumerate(series):
        key = seen.get(id(line.times))
        if key is None:
            key = seen[id(line.times)] = line.times.tobytes()
        groups.setdefault(key, []).append(position)
    return list(groups.values())


def stacked(series: Sequence[Series], members: Sequence[int]) -> Iterator[Grid]:
    """Make matrices of series that share their sample times."""
    for start in range(0, len(members), _GATHERED):
        yield from _stacked(series, members[start : start + _GATHERED])


def _stacked(series: Sequence[Series], members: Sequence[int]) -> Iterator[Grid]:
    values = measured(np.array([series[position].values for position in members], dtype=np.float64))
    places = np.array(members, dtype=np.intp)
    for start in range(0, len(members), _ROWS):
        rows = slice(start, start + _ROWS)
        yield Grid(times=series[members[0]].times, values=values[rows], members=places[rows])

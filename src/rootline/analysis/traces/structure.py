"""What operations no longer do, or newly do: calls that used to follow and are missing, and new ones."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.minutes import Figures, Ids, Minutes, figures, surprise
from rootline.analysis.traces.naming import Operation
from rootline.domain.signal import Floats


@dataclass(frozen=True, kw_only=True)
class Change:
    """An operation that no longer does what it did. Shares, 0 to 1, are of its calls in which the child follows.

    `service` is whose behaviour it is: that of the operation, or the callee's where the operation does nothing but
    wait for its answer. `strength`, 0 to 1, grows with how sure and how large the change is.
    """

    service: str
    operation: Operation
    child: Operation
    usual: float
    now: float
    strength: float


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Which operation each span is of, by number, and where its parent stands, -1 for none."""

    names: tuple[Operation, ...]
    numbers: Ids
    parent: Ids

    @classmethod
    def read(cls, forest: Forest) -> Self:
        """Number the operations."""
        known: dict[Operation, int] = {}
        numbers = np.array([known.setdefault(name, len(known)) for name in forest.operations], dtype=np.intp)
        return cls(names=tuple(known), numbers=numbers, parent=np.array(forest.parent, dtype=np.intp))


def structure(calls: Calls, minutes: Minutes) -> list[Change]:
    """Find the operations whose children changed, the strongest change first."""
    if minutes.count < 2 or not calls.numbers.size:  # noqa: PLR2004 now and before
        return []
    names, numbers = calls.names, calls.numbers
    spans = _counted(numbers, minutes, len(names))
    pairs, followed = _children(calls.parent, numbers, minutes, len(names))
    above = pairs // len(names)
    counts = spans[above]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(counts > 0, followed / counts, np.nan)
    found = figures(shares, counts)
    strengths = surprise(found)
    changes = [
        _change(names[pair // len(names)], names[pair % len(names)], found, at, float(strengths[at]))
        for at, pair in enumerate(pairs.tolist())
        if strengths[at] > 0
    ]
    return sorted(changes, key=lambda one: (-one.strength, one.service, one.operation, one.child))


def _change(above: Operation, child: Operation, found: Figures, at: int, strength: float) -> Change:
    return Change(
        service=above.service,
        operation=above,
        child=child,
        usual=float(found.usual[at]),
        now=float(found.now[at]),
        strength=strength,
    )


def _counted(numbers: Ids, minutes: Minutes, size: int) -> Floats:
    inside = minutes.of >= 0
    keys = numbers[inside] * minutes.count + minutes.of[inside]
    return np.bincount(keys, minlength=size * minutes.count).reshape(size, minutes.count).astype(np.float64)


def _children(parent: Ids, numbers: Ids, minutes: Minutes, size: int) -> tuple[Ids, Floats]:
    """Return every pair of an operation and one below it, and in how many spans a minute the one follows the other."""
    known = np.flatnonzero(parent >= 0)
    known = known[minutes.of[parent[known]] >= 0]
    once = np.unique(parent[known] * size + numbers[known])
    above, child = once // size, once % size
    pair, place = np.unique(numbers[above] * size + child, return_inverse=True)
    keys = place * minutes.count + minutes.of[above]
    counts = np.bincount(keys, minlength=pair.size * minutes.count).reshape(pair.size, minutes.count)
    return pair, counts.astype(np.float64)

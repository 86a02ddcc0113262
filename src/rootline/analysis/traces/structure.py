"""What operations no longer do, or newly do: calls that used to follow and are missing, and new ones."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.minutes import Figures, Ids, Minutes, figures, surprise
from rootline.analysis.traces.naming import Operation
from rootline.domain.signal import Floats

# Source: own choices: what a tenth of the calls do is a usual way of theirs, and a swap still tells a little.
_USUAL_WAY, _OTHER_WAY, _TINY = 0.1, 0.8, 1e-9


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
        parent = np.array(forest.parent, dtype=np.intp)
        return cls(names=tuple(known), numbers=numbers, parent=_led_by(_services(forest), numbers, parent))


def _services(forest: Forest) -> Ids:
    known: dict[str, int] = {}
    return np.array([known.setdefault(span.service, len(known)) for span in forest.spans], dtype=np.intp)


def _led_by(services: Ids, numbers: Ids, parent: Ids) -> Ids:
    """Return which span each one follows from, -1 for none: not that of a call which leads now here, now there.

    A span that has nothing but a call to another service below it is often named after the protocol alone. Whom it
    calls then tells what kind of request came, and not what a service does with it; that tells the span above.
    """
    led = np.flatnonzero(parent >= 0)
    crosses = services[led] != services[parent[led]]
    wraps = (parent >= 0) & (services == services[parent])
    wraps[parent[led[~crosses]]] = False
    calls = led[crosses & wraps[parent[led]]]
    above, _ = np.unique(np.stack([numbers[parent[calls]], numbers[calls]]), axis=1)
    several = np.bincount(above, minlength=int(numbers.max(initial=0)) + 1) > 1
    calls = calls[several[numbers[parent[calls]]]]
    found = parent.copy()
    found[calls] = parent[parent[calls]]
    return found


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
    strengths = surprise(found) * (1 - _OTHER_WAY * _swapped(found, above, len(names)))
    changes = [
        _change(names[pair // len(names)], names[pair % len(names)], found, at, float(strengths[at]))
        for at, pair in enumerate(pairs.tolist())
        if strengths[at] > 0
    ]
    return sorted(changes, key=lambda one: (-one.strength, one.service, one.operation, one.child))


def _swapped(found: Figures, above: Ids, size: int) -> Floats:
    """Which part of each change is another change of the same operation, the other way: 0 to 1, shape (k,).

    What takes now one and now another of its usual ways was asked for something else, sooner than it does otherwise.
    """
    away = np.nan_to_num(found.now - found.usual)
    usual = np.nan_to_num(found.usual) >= _USUAL_WAY
    most = np.zeros((2, size))
    for side, sign in enumerate((1.0, -1.0)):
        np.maximum.at(most[side], above[usual], np.maximum(sign * away[usual], 0.0))
    other = np.where(away < 0, most[0][above], np.where(usual, most[1][above], 0.0))
    part: Floats = np.minimum(other / np.maximum(np.abs(away), _TINY), 1.0)
    return part


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

"""Which new version of a service parts calls that went wrong from calls that went well: those went through it."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from math import log
from typing import TypeVar

import numpy as np

from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.likelihood import best_moment, gained
from rootline.analysis.traces.peers import peer
from rootline.domain.signal import VERSION, Floats

Kind = TypeVar("Kind")
_NONE: Floats = np.zeros(0)
LEAST, MOST, NEWEST, PAST = 3, 8, 12, -1
CLEAR, APART, AS_WELL, AS_MUCH, EARLY = 4.0, 4.0, 0.1, 0.6, 1.5
"""Source: ours, in nats of likelihood. A version counts that tells bad calls from good ones nearly as well as any
moment could: chance parts them at a moment, and a deployment that came earlier or later leaves some on its other side.
"""


@dataclass(frozen=True, kw_only=True)
class Parting:
    """A new version of a service, seen first at `since`, through which calls of an operation go wrong.

    `bad` of the calls that went `through` it were bad, and `bad_beside` of those `beside`, through older versions of
    the same service or, `past` of them, through none of it. `gain` is how much likelier that is than one share of bad
    calls for all, in nats, and `lost` how much likelier still it were if they were parted at the best of all moments.
    `earlier` is how surely bad calls came before the version, in nats: where none was bad for long, one that went wrong
    through the version before it tells.
    """

    service: str
    version: str
    since: datetime
    bad: int
    through: int
    bad_beside: int
    beside: int
    gain: float
    lost: float
    earlier: float = 0.0
    past: int = 0

    def told(self, operation: str) -> str:
        """Say it in words."""
        where = f"{self.service[:60]} {self.version[:40]}"
        now = f"{self.bad} of {self.through} calls of {operation[:80]} that went through {where}"
        others = "through the versions before it or past it" if self.past else "through the versions before it"
        return f"{now} went wrong, and {self.bad_beside} of {self.beside} {others}"

    def told_of_earlier(self, operation: str) -> str:
        """Say in words that the same went wrong before the version ran."""
        calls = f"{self.bad_beside} of {self.beside} calls of {operation[:80]}"
        return f"{calls} went wrong in the same way before {self.service[:60]} {self.version[:40]}, newly so"


@dataclass(frozen=True)
class Versions:
    """Through which versions of which services the traces of a forest went; `first` is when each was seen first."""

    forest: Forest

    @cached_property
    def first(self) -> Mapping[str, Sequence[tuple[float, str]]]:
        """The versions of each service that had several, by the moment at which each was seen first."""
        found: dict[str, dict[str, float]] = {}
        for span, start in zip(self.forest.spans, self.forest.starts, strict=True):
            if version := span.attributes.get(VERSION, ""):
                found.setdefault(span.service, {}).setdefault(version, start)
        several = {service: of for service, of in found.items() if len(of) > 1}
        return {service: sorted((at, name) for name, at in of.items()) for service, of in several.items()}

    @cached_property
    def _newest(self) -> Mapping[int, Mapping[str, int]]:
        """For each trace, by its root: the newest version of each service that it went through, as a place in order."""
        places = {(service, name): place for service, of in self.first.items() for place, (_, name) in enumerate(of)}
        found: dict[int, dict[str, int]] = {}
        for span, root in zip(self.forest.spans, self.forest.root, strict=True):
            place = places.get((span.service, span.attributes.get(VERSION, "")))
            if place is not None:
                of = found.setdefault(root, {})
                of[span.service] = max(place, of.get(span.service, place))
        return found

    def parting(self, bad: Sequence[int], good: Sequence[int]) -> tuple[Parting, ...]:
        """Return how well each new version parts bad calls from good ones; nothing of calls that no moment parts."""
        if min(len(bad), len(good)) < LEAST or not self.first:
            return ()
        calls = sorted((self.forest.starts[at], at, is_bad) for of, is_bad in ((bad, 1), (good, 0)) for at in of)
        return tuple(one for service in sorted(self.first) for one in self._of(service, calls))

    def _of(self, service: str, calls: Sequence[tuple[float, int, int]]) -> Iterable[Parting]:
        told = [(place, is_bad) for _, at, is_bad in calls if (place := self._place(service, at)) is not None]
        places, bad = (np.array(one, dtype=np.float64) for one in zip(*told, strict=True)) if told else (_NONE, _NONE)
        at_best = best_moment(bad[places > PAST])
        for place, (first, version) in [*enumerate(self.first[service])][-NEWEST:] if at_best >= CLEAR else ():
            through, older = bad[places >= place], bad[(places < place) & (places > PAST)]
            beside = bad[places < place]
            if through.size and older.size >= LEAST:
                gain = float(gained(through.sum(), through.size, beside.sum(), beside.size))
                yield Parting(
                    service=service,
                    version=version,
                    since=self._moment(first),
                    bad=int(through.sum()),
                    through=through.size,
                    bad_beside=int(beside.sum()),
                    beside=beside.size,
                    gain=gain,
                    lost=max(0.0, at_best - gain),
                    earlier=_earlier(bad[places > PAST], older),
                    past=beside.size - older.size,
                )

    def _place(self, service: str, at: int) -> int | None:
        """The newest version of a service that a call's trace went through, as a place in order.

        `PAST` where it went through none, None where somebody called the service, which left no span.
        """
        root = self.forest.root[at]
        place = self._newest.get(root, {}).get(service)
        if place is not None:
            return place
        return None if service in self._called.get(root, ()) else PAST

    @cached_property
    def _called(self) -> Mapping[int, frozenset[str]]:
        """For each trace, by its root: whom spans name as called that have no span below them."""
        found: dict[int, set[str]] = {}
        for at, span in enumerate(self.forest.spans):
            name = "" if self.forest.children[at] else peer(span)
            if name in self.first:
                found.setdefault(self.forest.root[at], set()).add(name)
        return {root: frozenset(names) for root, names in found.items()}

    def _moment(self, start: float) -> datetime:
        return self.forest.spans[bisect_left(self.forest.starts, start)].start


def clearest(kinds: Sequence[tuple[Kind, Sequence[Parting]]]) -> tuple[tuple[Kind, Parting], ...]:
    """Return the versions that part the bad calls of several operations from the good ones, the clearest first.

    What parts those of one operation by chance leaves those of others on its other side. Of each version the operation
    that shows it best is told, with what all of them gain.
    """
    found: dict[tuple[str, str], list[tuple[Kind, Parting]]] = {}
    for operation, partings in kinds[:MOST]:
        for one in partings:
            found.setdefault((one.service, one.version), []).append((operation, one))
    clear = [of for of in found.values() if _is_clear([one for _, one in of])]
    gains = [sum(one.gain for _, one in of) for of in clear]
    ranked = sorted(zip(gains, clear, strict=True), key=lambda pair: -pair[0])
    shown = [(gain, max(of, key=lambda pair: pair[1].gain)) for gain, of in ranked if gain >= AS_MUCH * ranked[0][0]]
    return tuple((operation, replace(one, gain=gain)) for gain, (operation, one) in shown)


def _is_clear(of: Sequence[Parting]) -> bool:
    gain, lost = sum(one.gain for one in of), sum(one.lost for one in of)
    is_once = any(one.gain >= CLEAR and one.lost <= APART + AS_WELL * one.gain for one in of)
    is_first = not any(one.earlier >= EARLY for one in of)
    return is_once and is_first and lost <= APART + AS_WELL * (gain + lost)


def _earlier(bad: Floats, beside: Floats) -> float:
    """How surely the first bad calls of all came before a version: the longer none was bad, the shorter that goes on.

    Source: ours; of a rare accident among `well + many` calls the chance is `many / well` to come in the last of them.
    """
    if not beside.any():
        return 0.0
    well, many = int(bad.argmax()), beside.size - int(beside.argmax())
    return max(0.0, log((well + 1) / many))

"""Which new version of a service parts calls that went wrong from calls that went well: those went through it."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import log
from typing import TypeVar

from rootline.analysis.traces.forest import Forest
from rootline.domain.signal import VERSION

Kind = TypeVar("Kind")
LEAST, MOST = 3, 8
CLEAR, APART, AS_WELL, AS_MUCH, EARLY = 4.0, 4.0, 0.1, 0.6, 1.5
"""Source: ours, in nats of likelihood. A version counts that tells bad calls from good ones nearly as well as any
moment could: chance parts them at a moment, and a deployment that came earlier or later leaves some on its other side.
"""


@dataclass(frozen=True, kw_only=True)
class Parting:
    """A new version of a service, seen first at `since`, through which calls of an operation go wrong.

    `bad` of the calls that went `through` it were bad, and `bad_beside` of those `beside`, through older versions of
    the same service. `gain` is how much likelier that is than one share of bad calls for all, in nats, and `lost` how
    much likelier still it were if they were parted at the best of all moments. `earlier` is how surely bad calls came
    before the version, in nats: where none was bad for long, one that went wrong through the version before it tells.
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

    def told(self, operation: str) -> str:
        """Say it in words."""
        where = f"{self.service[:60]} {self.version[:40]}"
        now = f"{self.bad} of {self.through} calls of {operation[:80]} that went through {where}"
        return f"{now} went wrong, and {self.bad_beside} of {self.beside} through the versions before it"

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
        newest = (self._newest.get(self.forest.root[at], {}).get(service) for _, at, _ in calls)
        told = [(place, is_bad) for place, (_, _, is_bad) in zip(newest, calls, strict=True) if place is not None]
        at_best = best_moment([is_bad for _, is_bad in told])
        for place, (first, version) in enumerate(self.first[service]):
            through = [is_bad for seen, is_bad in told if seen >= place]
            beside = [is_bad for seen, is_bad in told if seen < place]
            gain = gained(sum(through), len(through), sum(beside), len(beside))
            if at_best >= CLEAR and through and len(beside) >= LEAST:
                yield Parting(
                    service=service,
                    version=version,
                    since=self._moment(first),
                    bad=sum(through),
                    through=len(through),
                    bad_beside=sum(beside),
                    beside=len(beside),
                    gain=gain,
                    lost=max(0.0, at_best - gain),
                    earlier=_earlier([is_bad for _, is_bad in told], beside),
                )

    def _moment(self, start: float) -> datetime:
        return self.forest.spans[bisect_left(self.forest.starts, start)].start


def clearest(kinds: Sequence[tuple[Kind, Sequence[Parting]]]) -> tuple[tuple[Kind, Parting], ...]:
    """Return the versions that part the bad calls of several operations from the good ones, the clearest first.

    What parts those of one operation by chance leaves those of others on its other side. Of each version the operation
    that shows it best is told.
    """
    found: dict[tuple[str, str], list[tuple[Kind, Parting]]] = {}
    for operation, partings in kinds[:MOST]:
        for one in partings:
            found.setdefault((one.service, one.version), []).append((operation, one))
    clear = [of for of in found.values() if _is_clear([one for _, one in of])]
    gains = [sum(one.gain for _, one in of) for of in clear]
    ranked = sorted(zip(gains, clear, strict=True), key=lambda pair: -pair[0])
    return tuple(max(of, key=lambda pair: pair[1].gain) for gain, of in ranked if gain >= AS_MUCH * ranked[0][0])


def _is_clear(of: Sequence[Parting]) -> bool:
    gain, lost = sum(one.gain for one in of), sum(one.lost for one in of)
    is_once = any(one.gain >= CLEAR and one.lost <= APART + AS_WELL * one.gain for one in of)
    is_first = not any(one.earlier >= EARLY for one in of)
    return is_once and is_first and lost <= APART + AS_WELL * (gain + lost)


def _earlier(bad: Sequence[int], beside: Sequence[int]) -> float:
    """How surely the first bad calls of all came before a version: the longer none was bad, the shorter that goes on.

    Source: ours; of a rare accident among `well + many` calls the chance is `many / well` to come in the last of them.
    """
    if not any(beside):
        return 0.0
    well = bad.index(1)
    many = len(beside) - list(beside).index(1)
    return max(0.0, log((well + 1) / many))


def best_moment(bad: Sequence[int]) -> float:
    """How much likelier two shares are than one where calls in order of time are parted at the best moment, in nats."""
    whole, before, best = sum(bad), 0, 0.0
    for at, is_bad in enumerate(bad):
        best = max(best, gained(whole - before, len(bad) - at, before, at))
        before += is_bad
    return best


def gained(bad: int, count: int, bad_beside: int, beside: int) -> float:
    """How much likelier a larger share of bad calls in one of two groups is than one share for both, in nats.

    Source: the logarithm of the likelihood ratio of two binomial shares (Wilks, 1938); 0 where the share is no larger.
    """
    if not count or not beside or bad * beside <= bad_beside * count:
        return 0.0
    both = _likely(bad + bad_beside, count + beside)
    return _likely(bad, count) + _likely(bad_beside, beside) - both


def _likely(bad: int, count: int) -> float:
    good = count - bad
    return (bad * log(bad / count) if bad else 0.0) + (good * log(good / count) if good else 0.0)

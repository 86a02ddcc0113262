"""Where calls lose time: in a service itself, or on the way between two."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.minutes import Figures, Ids, Minutes, figures, quantiles
from rootline.domain.signal import Floats

_LEAST_NOW, _LEAST_BEFORE = 3, 5
# Source: own choice: a fifth more than usual, three times the usual difference between minutes, and a millisecond.
_MORE, _SIGMAS, _LEAST_S = 0.2, 3.0, 0.001
_SLOW_TENTH, _SIGMAS_TO_SLOW, _MEDIAN_ERROR = 0.9, 1.2816, 1.2533
_MOSTLY = 0.5
# Source: own choice: where all calls together take a twentieth more time, half of that is still believed to be trouble.
_MATERIAL = 0.05
_HALF_GROWTH = 1.0


@dataclass(frozen=True, kw_only=True)
class LostTime:
    """How one service's calls became slower; shares, 0 to 1, are of all the time that all calls take more than usual.

    Where that is little beside the time that calls usually take, nobody feels it, and the shares are smaller.

    Attributes:
        own: Share that is spent in the service itself.
        growth: That time over what it usually is there, 0 for no more.
        on_the_way: Share that is lost between the service and those it calls or is called by, counted in full for
            both ends, times the share of its calls that lose any: a lame end loses on all of them.
        peers: With whom, the largest loss first.

    """

    own: float = 0.0
    growth: float = 0.0
    on_the_way: float = 0.0
    peers: tuple[str, ...] = ()

    @property
    def strength(self) -> float:
        """Both together, 0 to 1; a small growth of its own counts less."""
        own = self.own * self.growth / (self.growth + _HALF_GROWTH)
        return 1 - (1 - own) * (1 - min(self.on_the_way, 1.0))


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where the own time of each span passes: the number of its place, and that of each place by service and callee.

    `peers` are the callees that a place only waits for, empty where it works itself; `self_s` are seconds a span.
    """

    of: Ids
    services: tuple[str, ...]
    peers: tuple[str, ...]
    self_s: Floats

    @classmethod
    def read(cls, forest: Forest) -> Self:
        """Number each operation by where its own time passes."""
        numbers: dict[tuple[str, str, str], int] = {}
        waits = _waiting(forest)
        found = np.empty(len(forest.spans), dtype=np.intp)
        for at, name in enumerate(forest.operations):
            key = (name.service, name.name, waits.get(name, ""))
            found[at] = numbers.setdefault(key, len(numbers))
        services, peers = tuple(key[0] for key in numbers), tuple(key[2] for key in numbers)
        return cls(of=found, services=services, peers=peers, self_s=np.array(forest.self_s, dtype=np.float64))


def lost_time(places: Places, minutes: Minutes) -> dict[str, LostTime]:
    """Find out where time is lost, by service."""
    if minutes.count < 2 or not places.of.size:  # noqa: PLR2004 now and before
        return {}
    inside = minutes.of >= 0
    shape = (len(places.services), minutes.count)
    values, counts = quantiles(
        places.of[inside] * minutes.count + minutes.of[inside], places.self_s[inside], shape[0] * shape[1]
    )
    found = figures(values.reshape(shape), counts.reshape(shape))
    past = minutes.of > 0
    slow, _ = quantiles(places.of[past], places.self_s[past], shape[0], _SLOW_TENTH)
    return _by_service(places.services, places.peers, found, _extra(found, slow))


def _extra(found: Figures, slow: Floats) -> Floats:
    """Seconds that all calls of each place take more than usual; 0 where that may be chance.

    `slow` are the seconds that a tenth of the calls usually take at least: of a few calls, more may be such ones.
    Source: the standard error of a median of normal samples; the ninth decile lies 1.28 sigmas above it.
    """
    away = found.now - found.usual
    chance = _MEDIAN_ERROR * np.nan_to_num(slow - found.usual) / _SIGMAS_TO_SLOW / np.sqrt(np.maximum(found.seen, 1))
    noise = np.hypot(np.nan_to_num(found.noise), np.maximum(chance, 0.0))
    floor = np.maximum(np.maximum(_MORE * found.usual, _SIGMAS * noise), _LEAST_S)
    enough = (found.seen >= _LEAST_NOW) & (found.seen_before >= _LEAST_BEFORE)
    return np.where(enough & (np.nan_to_num(away) > floor), away * found.seen, 0.0)


def _waiting(forest: Forest) -> dict[tuple[str, str], str]:
    """Operations whose spans mostly have one span below them, in another service: they wait for an answer."""
    seen: dict[tuple[str, str], dict[str, int]] = {}
    for at, below in enumerate(forest.children):
        if below:
            service = forest.spans[at].service
            called = {forest.spans[child].service for child in below}
            callee = called.pop() if len(called) == 1 and len(below) == 1 else ""
            of = seen.setdefault(forest.operations[at], {})
            answer = callee if callee != service else ""
            of[answer] = of.get(answer, 0) + 1
    found = {}
    for name, of in seen.items():
        best = max(of, key=lambda callee: of[callee])
        if best and of[best] > _MOSTLY * sum(of.values()):
            found[name] = best
    return found


def _by_service(names: Sequence[str], peers: Sequence[str], found: Figures, extra: Floats) -> dict[str, LostTime]:
    normal = np.nan_to_num(found.usual) * found.seen
    total = float(extra.sum()) + _MATERIAL * float(normal.sum())
    if not extra.any():
        return {}
    own: dict[str, list[float]] = {}
    ways: dict[str, dict[str, list[float]]] = {}
    for at, (service, peer) in enumerate(zip(names, peers, strict=True)):
        if not found.seen[at] or not np.isfinite(found.usual[at]):
            continue
        if not peer:
            sums = own.setdefault(service, [0.0, 0.0])
            sums[0], sums[1] = sums[0] + extra[at], sums[1] + normal[at]
        for one, other in ((service, peer), (peer, service)) if peer else ():
            way = ways.setdefault(one, {}).setdefault(other, [0.0, 0.0, 0.0])
            way[0], way[1] = way[0] + extra[at], way[1] + found.seen[at]
            way[2] += found.seen[at] * (extra[at] > 0)
    return {name: _lost(own.get(name, [0.0, 0.0]), ways.get(name, {}), total) for name in {*own, *ways}}


def _lost(own: list[float], ways: dict[str, list[float]], total: float) -> LostTime:
    lost = sum(way[0] for way in ways.values())
    calls, lame = sum(way[1] for way in ways.values()), sum(way[2] for way in ways.values())
    slow = sorted((peer for peer, way in ways.items() if way[0] > 0), key=lambda peer: (-ways[peer][0], peer))
    return LostTime(
        own=own[0] / total,
        growth=own[0] / max(own[1], _LEAST_S),
        on_the_way=lost / total * (lame / calls if calls else 0.0),
        peers=tuple(slow[:5]),
    )

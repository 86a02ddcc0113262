"""Where errors begin: the deepest failing span whose children are fine."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf

from rootline.analysis.traces.feeding import by_way_of
from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.parting import Parting, Versions
from rootline.analysis.traces.peers import peer
from rootline.analysis.traces.periods import Periods
from rootline.domain.signal import Span

_LONGEST = 300
WELL = 200
PARTED = 20
"""Source: ours; of many kinds of errors the commonest tell by whose version they came."""
FEWEST, MOST, SLOW, LEAST_EXTRA_S = 10, 0.95, 2.0, 0.01
"""Source: ours; ten calls tell how long nineteen of twenty take, and twice that is more than a busy moment."""
# Source: how UUIDs, hashes and order numbers are written; an error about each of many things is one kind of error.
VARIES = re.compile(
    r"(?<![\w.])[0-9a-fA-F]{8}-[0-9a-fA-F-]{4,40}(?!\w)|(?<![\w.])(?=[a-fA-F]{0,64}\d)[0-9a-fA-F]{8,64}(?!\w)|\d+"
)
_MESSAGES = (
    "exception.message",
    "error.message",
    "otel.status_description",
    "error.type",
    "exception.type",
    "rpc.grpc.status_code",
    "http.response.status_code",
    "http.status_code",
)


@dataclass(frozen=True, kw_only=True)
class ErrorRoot:
    """One place at which errors begin. `count` and `baseline_count` are failing spans after and before the onset.

    `message` is untrusted. `peer` is the callee that the span names but that left no span of its own, `called` whom it
    names in any case. `reached` are the services above that failed with it; `by_way_of` those by whose doing or answers
    nearly all failing requests came to it, and hardly any good one of the same operation did.
    `share`, 0 to 1, is how many of the operation's calls fail since the first did; `well_before` is when the last 200
    began, Unix seconds, that went well before it and no slower than usual, and `well_with` the services that each went
    through. `parted_by` are the new versions through which failing calls went and the operation's good ones did not.
    """

    service: str
    operation: str
    message: str
    peer: str
    count: int
    baseline_count: int
    first_seen: datetime
    trace_id: str
    span_id: str
    reached: tuple[str, ...]
    by_way_of: tuple[str, ...] = ()
    called: str = ""
    share: float = 1.0
    well_before: tuple[float, ...] = ()
    well_with: tuple[frozenset[str], ...] = ()
    parted_by: tuple[Parting, ...] = ()


@dataclass(frozen=True)
class _Place:
    service: str
    operation: str
    message: str
    peer: str


@dataclass(frozen=True)
class _Good:
    """The spans of failing operations that did not fail, in order of time, and through whom their traces went."""

    forest: Forest
    spans: Mapping[tuple[str, str], Sequence[int]]
    known: dict[int, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, forest: Forest, wanted: Collection[tuple[str, str]]) -> "_Good":
        """Find the spans of those operations."""
        found: dict[tuple[str, str], list[int]] = {}
        for at, name in enumerate(forest.operations):
            place = name.service, name.name
            if place in wanted and not forest.failed(at):
                found.setdefault(place, []).append(at)
        return cls(forest, found)

    def of_place(self, place: _Place) -> Sequence[int]:
        """The good spans of a place's operation."""
        return self.spans.get((place.service, place.operation), ())

    def through(self, well: Sequence[int], failing: Sequence[int]) -> tuple[frozenset[str], ...]:
        """The services that each good span went through: below it, and those of its trace that are never below one."""
        below = [self._below(at) for at in well]
        ever = frozenset[str]().union(*below, *(self._below(at) for at in failing[:WELL]))
        return tuple(own | (self._whole(at) - ever) for own, at in zip(below, well, strict=True))

    def _below(self, at: int) -> frozenset[str]:
        found, waiting = {self.forest.spans[at].service}, [*self.forest.children[at]]
        while waiting:
            here = waiting.pop()
            found.add(self.forest.spans[here].service)
            waiting.extend(self.forest.children[here])
        return frozenset(found)

    def _whole(self, at: int) -> frozenset[str]:
        root = self.forest.root[at]
        if root not in self.known:
            self.known[root] = frozenset(self.forest.spans[one].service for one in self.forest.trees[root])
        return self.known[root]


def error_roots(forest: Forest, periods: Periods, versions: Versions) -> list[ErrorRoot]:
    """Group the roots of errors by place and message, the most added errors first."""
    places: dict[_Place, list[int]] = {}
    for at in range(len(forest.spans)):
        if forest.failed(at) and forest.starts[at] < periods.end and not _explained(forest, at):
            places.setdefault(_place(forest, at), []).append(at)
    good = _Good.of(forest, {(place.service, place.operation) for place in places})
    often = sorted(places, key=lambda place: -len(places[place]))[:PARTED]
    parted = {place: versions.parting(places[place], good.of_place(place)) for place in often}
    found = [_root(forest, place, at, periods, good, parted.get(place, ())) for place, at in places.items()]
    return sorted(found, key=lambda one: (one.baseline_count - one.count, one.service, one.operation, one.message))


def message(span: Span) -> str:
    """The span's own words about its error, cut to 300 characters; empty where it says nothing."""
    said = span.error or next((span.attributes[key] for key in _MESSAGES if span.attributes.get(key)), "")
    return said[:_LONGEST]


def _explained(forest: Forest, at: int) -> bool:
    return any(forest.failed(child) for child in forest.children[at])


def _place(forest: Forest, at: int) -> _Place:
    span, name = forest.spans[at], forest.operations[at]
    target = "" if forest.children[at] else peer(span)
    return _Place(name.service, name.name, VARIES.sub("<*>", message(span)), target)


def _root(
    forest: Forest, place: _Place, at: list[int], periods: Periods, good: _Good, parted: tuple[Parting, ...]
) -> ErrorRoot:
    current = [one for one in at if periods.after(forest.starts[one])]
    first = min(current or at, key=lambda one: (forest.starts[one], one))
    began = min(forest.starts[one] for one in at)
    well = good.of_place(place)
    usual = _longest_usual(forest, well, periods)
    before = [one for one in well if forest.starts[one] < began and forest.spans[one].duration_s <= usual][-WELL:]
    now = [one for one in well if periods.after(forest.starts[one])]
    since = len(well) - bisect_left(well, began, key=lambda one: forest.starts[one])
    return ErrorRoot(
        service=place.service,
        operation=place.operation,
        message=message(forest.spans[first]),
        peer=place.peer,
        count=len(current),
        baseline_count=len(at) - len(current),
        first_seen=forest.spans[first].start,
        trace_id=forest.spans[first].trace_id,
        span_id=forest.spans[first].span_id,
        reached=_reached(forest, current or at, place.service),
        by_way_of=by_way_of(forest, current, now),
        called=peer(forest.spans[first]),
        share=len(at) / (len(at) + since),
        well_before=tuple(forest.starts[one] for one in before),
        well_with=good.through(before, at),
        parted_by=parted,
    )


def _longest_usual(forest: Forest, well: Sequence[int], periods: Periods) -> float:
    """The seconds above which a call took clearly longer than calls did before the onset, so that it was not well."""
    before = sorted(forest.spans[one].duration_s for one in well if not periods.after(forest.starts[one]))
    if len(before) < FEWEST:
        return inf
    most = before[round(MOST * (len(before) - 1))]
    return max(SLOW * most, most + LEAST_EXTRA_S)


def _reached(forest: Forest, at: list[int], service: str) -> tuple[str, ...]:
    victims: Counter[str] = Counter()
    for one in at:
        above = forest.parent[one]
        while above >= 0 and forest.failed(above):
            victims[forest.spans[above].service] += 1
            above = forest.parent[above]
    del victims[service]
    return tuple(sorted(victims, key=lambda name: (-victims[name], name)))

"""Where errors begin: the deepest failing span whose children are fine."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from rootline.analysis.traces.forest import Forest
from rootline.analysis.traces.periods import Periods
from rootline.domain.signal import Span

_LONGEST = 300
_NUMBER = re.compile(r"\d+")
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
_PEERS = ("peer.service", "server.address", "net.peer.name", "db.system.name", "db.system", "messaging.system")


@dataclass(frozen=True, kw_only=True)
class ErrorRoot:
    """One place at which errors begin. `count` and `baseline_count` are failing spans after and before the onset.

    `message` is untrusted. `peer` is the callee that the span names but that left no span of its own.
    `reached` are the services above that failed with it.
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


@dataclass(frozen=True)
class _Place:
    service: str
    operation: str
    message: str
    peer: str


def error_roots(forest: Forest, periods: Periods) -> list[ErrorRoot]:
    """Group the roots of errors by place and message, the most added errors first."""
    places: dict[_Place, list[int]] = {}
    for at in range(len(forest.spans)):
        if forest.failed(at) and forest.starts[at] < periods.end and not _explained(forest, at):
            places.setdefault(_place(forest, at), []).append(at)
    found = [_root(forest, place, at, periods) for place, at in places.items()]
    return sorted(found, key=lambda one: (one.baseline_count - one.count, one.service, one.operation, one.message))


def message(span: Span) -> str:
    """The span's own words about its error, cut to 300 characters; empty where it says nothing."""
    said = span.error or next((span.attributes[key] for key in _MESSAGES if span.attributes.get(key)), "")
    return said[:_LONGEST]


def peer(span: Span) -> str:
    """The callee that the span's attributes name; empty where they name none."""
    return next((span.attributes[key] for key in _PEERS if span.attributes.get(key)), "")[:_LONGEST]


def _explained(forest: Forest, at: int) -> bool:
    return any(forest.failed(child) for child in forest.children[at])


def _place(forest: Forest, at: int) -> _Place:
    span, name = forest.spans[at], forest.operations[at]
    target = "" if forest.children[at] else peer(span)
    return _Place(name.service, name.name, _NUMBER.sub("<*>", message(span)), target)


def _root(forest: Forest, place: _Place, at: list[int], periods: Periods) -> ErrorRoot:
    current = [one for one in at if periods.after(forest.starts[one])]
    first = min(current or at, key=lambda one: (forest.starts[one], one))
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
    )


def _reached(forest: Forest, at: list[int], service: str) -> tuple[str, ...]:
    victims: Counter[str] = Counter()
    for one in at:
        above = forest.parent[one]
        while above >= 0 and forest.failed(above):
            victims[forest.spans[above].service] += 1
            above = forest.parent[above]
    del victims[service]
    return tuple(sorted(victims, key=lambda name: (-victims[name], name)))

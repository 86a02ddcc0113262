"""What to say where nothing is wrong: the numbers, rows and lines that would show it, and that they do not."""

import re
from collections.abc import Collection, Iterator

from rootline.analysis.database.gauges import Gauge, gauge_of
from rootline.domain.fact import AlertFact, LogFact, SeriesFact, TextFact
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.claims import is_never_reached
from rootline.models.builtin.databases import Database, databases
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.symptoms import is_felt, quoted

MOST = 14
PASSING = 3
"""Fewer errors than this, of an alert that is over, were a passing matter; so are fewer warnings, of any alert."""

_TELLING: tuple[Gauge, ...] = (
    "cpu",
    "connections",
    "read_latency",
    "write_latency",
    "replica_lag",
    "storage",
    "memory",
)
_STATES = re.compile(
    r"\b(?:is|are|back to|state) (?:OK|healthy|normal)\b|\b(?:errors?|5xx|failed|failures?) ?[=:] ?0\b"
    r"|\b\d{1,5}/\d{1,5} ready\b"
    r"|\b(?:finished|completed|complete|succeeded|done|recovered|resolved|scaled|added|deployed)\b",
    re.IGNORECASE,
)
_MOST_LINES, _MOST_ROWS = 5, 2
WELL = (
    "No failure is seen: nothing that was read departs so far from normal operation that a limit is reached or a "
    "request suffers, and no lasting error of the service was logged"
)


def is_well(seen: Seen) -> bool:
    """Whether what was read is enough to say that nothing fails: numbers or cluster state, and nothing that is felt.

    The gauges of a database are judged by their limits, not by how they moved.
    """
    rows = seen.shelf.of(TextFact, lambda fact: any(line.strip() for line in fact.lines))
    judged = {name for one in databases(seen.shelf, seen.places.clusters) for name in one.names}
    felt = seen.shelf.of(SeriesFact, lambda fact: not _is_judged(fact, judged) and _is_trouble(fact))
    warned = sum(spot.fact.count for spot in seen.errors if _is_warning(spot.fact))
    failed = sum(spot.fact.count for spot in seen.errors) - warned
    is_bad = failed >= (1 if seen.is_firing else PASSING) or warned >= PASSING or seen.roots or felt
    return bool(seen.shelf.of(SeriesFact) or rows) and not is_bad


def _is_trouble(fact: SeriesFact) -> bool:
    return is_felt(fact) or is_never_reached(fact)


def _is_judged(fact: SeriesFact, judged: Collection[str]) -> bool:
    return fact.service in judged and gauge_of(fact.metric) is not None


def _is_warning(fact: LogFact) -> bool:
    return fact.severity.upper().startswith("WARN")


def well(seen: Seen) -> tuple[StatedClaim, ...]:
    """The levels of what would show a failure; rows of the cluster's own lists; lines that say how it ended."""
    ended = (spot.says("ended") for spot in seen.shelf.of(AlertFact, lambda fact: fact.resolved_at is not None)[:2])
    return tuple(dict.fromkeys([*ended, *_levels(seen), *_rows(seen), *_lines(seen)]))[:MOST]


def _levels(seen: Seen) -> Iterator[StatedClaim]:
    found = sorted(databases(seen.shelf, seen.places.clusters), key=lambda one: one.name != seen.named)
    for one in found[:1]:
        for gauge in _TELLING:
            spot = one.gauges.get(gauge)
            if spot is not None and spot.fact.current is not None:
                yield spot.says("equals", field="current")
        yield from _doings(one)


def _doings(one: Database) -> Iterator[StatedClaim]:
    """What was done to a database in that time, and what it worked on."""
    yield from (quoted(spot) for spot in one.events[:_MOST_LINES])
    yield from (quoted(spot) for spot in one.insights[:1])


def _rows(seen: Seen) -> Iterator[StatedClaim]:
    """Rows that name the service, in each list; of the nodes, the first ones."""
    for spot in seen.shelf.of(TextFact):
        of_nodes = spot.fact.asked.startswith("get nodes")
        named = [
            at
            for at, text in enumerate(spot.fact.lines[:400])
            if at and text.strip() and (of_nodes or (seen.named and seen.named in text))
        ]
        most = 1 if spot.fact.asked.startswith(("get pods", "describe")) else _MOST_ROWS
        yield from (spot.says("contains", line=at) for at in named[:most])


def _lines(seen: Seen) -> Iterator[StatedClaim]:
    """Lines that say that a check is well, that requests do not fail, or that what was going on is done."""
    said = seen.shelf.of(LogFact, lambda fact: bool(_STATES.search(fact.exemplar[:600])))
    own = [spot for spot in said if not spot.fact.is_error]
    yield from (quoted(spot) for spot in own[:_MOST_LINES])

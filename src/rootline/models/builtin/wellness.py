"""What to say where nothing is wrong: the numbers that would show it, and that they do not."""

from collections.abc import Iterator

from rootline.analysis.database.gauges import Gauge
from rootline.domain.fact import SeriesFact, TextFact
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.databases import databases
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.symptoms import is_felt

MOST = 8
_TELLING: tuple[Gauge, ...] = (
    "connections",
    "cpu",
    "replica_lag",
    "read_latency",
    "write_latency",
    "storage",
    "memory",
)
WELL = (
    "No failure is seen: everything that was read stands within its normal operating range, below the limits at which "
    "it would do harm, and no error of the service was logged"
)


def is_well(seen: Seen) -> bool:
    """Whether what was read is enough to say that nothing fails: numbers or cluster state, and nothing that is felt."""
    rows = seen.shelf.of(TextFact, lambda fact: any(line.strip() for line in fact.lines))
    is_bad = seen.errors or seen.roots or seen.shelf.of(SeriesFact, is_felt)
    return bool(seen.shelf.of(SeriesFact) or rows) and not is_bad


def well(seen: Seen) -> tuple[StatedClaim, ...]:
    """The levels of what would show a failure; then rows of the cluster's own lists."""
    return tuple(dict.fromkeys([*_levels(seen), *_rows(seen)]))[:MOST]


def _levels(seen: Seen) -> Iterator[StatedClaim]:
    service = seen.named
    found = sorted(databases(seen.shelf, seen.places.clusters), key=lambda one: one.name != service)
    for one in found[:1]:
        for gauge in _TELLING:
            spot = one.gauges.get(gauge)
            if spot is not None and spot.fact.current is not None:
                yield spot.says("equals", field="current")


def _rows(seen: Seen) -> Iterator[StatedClaim]:
    service = seen.named
    for spot in seen.shelf.of(TextFact):
        line = next((at for at, text in enumerate(spot.fact.lines[:400]) if at and service and service in text), None)
        if line is not None:
            yield spot.says("contains", line=line)

"""Explanations by what a database's gauges, waits and lines show: faults that have a name, not movements alone."""

import re
from collections.abc import Iterator, Mapping, Sequence

from rootline.analysis.database.state import Fault
from rootline.analysis.logs.trouble import Trouble
from rootline.domain.fact import LogFact, SeriesFact
from rootline.domain.hypothesis import HypothesisType, Remediation
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.candidate import Candidate, part
from rootline.models.builtin.databases import Database
from rootline.models.builtin.spots import Spot
from rootline.models.builtin.symptoms import moves, quoted

_BASE = -0.2
_TYPES: Mapping[str, tuple[HypothesisType, Remediation]] = {
    "replication_lag": ("database", ""),
    "connection_exhaustion": ("capacity", "scale"),
    "storage_exhaustion": ("capacity", "scale"),
    "cpu": ("capacity", "scale"),
    "disk_io": ("capacity", "scale"),
    "memory": ("capacity", "scale"),
    "lock": ("database", ""),
    "latch": ("database", ""),
    "table_bloat": ("database", ""),
    "database_parameter": ("config", "config-revert"),
    "deadlocks": ("database", ""),
    "transaction_id": ("database", ""),
    "encryption_key": ("config", "config-revert"),
    "credentials": ("config", "config-revert"),
    "certificate": ("certificate", "rotate-cert"),
    "traffic_blocked": ("network", "config-revert"),
    "failover": ("infrastructure", ""),
    "restart": ("infrastructure", ""),
}
_MOST_LINES, _MOST_OTHERS, _MOST_INSIGHTS = 4, 3, 3
_ROUTINE = re.compile(
    r"\b(?:back(?:ing )?up|snapshot|minor version|version upgrade|certificate|Performance Insights|maintenance window"
    r"|monitoring interval|tags?)\b",
    re.IGNORECASE,
)
_STATEMENT = re.compile(r"^Performance Insights, top SQL")
_TELLING: frozenset[Trouble] = frozenset({"schema_change", "index_lost", "temporary_files", "locked"})


def from_database(found: Sequence[Database]) -> list[Candidate]:
    """Return the faults of every database, likeliest first."""
    return [_candidate(one, fault) for one in found for fault in one.faults]


def _candidate(one: Database, fault: Fault) -> Candidate:
    kind, remedy = next((named for start, named in _TYPES.items() if fault.cause.startswith(start)), ("database", ""))
    seen = ", ".join(
        [*(one.gauges[gauge].fact.metric for gauge in fault.gauges if gauge in one.state.strained), *fault.lines]
    )
    return Candidate(
        type=kind,
        subject=_subject(one, fault),
        cause=fault.cause,
        remediation=remedy,
        parts=(
            part("base", _BASE, "nobody is known to have changed it"),
            part("gauges and lines of the database", fault.weight, seen[:200] or "what it tells"),
        ),
        support=tuple(dict.fromkeys(_support(one, fault))),
    )


def _subject(one: Database, fault: Fault) -> str:
    """The replica where nothing shows that its primary drives the lag."""
    lag = one.gauges.get("replica_lag")
    return lag.fact.service if lag is not None and fault.cause == "replication_lag" else one.name


def _support(one: Database, fault: Fault) -> Iterator[StatedClaim]:
    """The gauges at their limit, the lines that say so, then what drives it."""
    spots = [(gauge, one.gauges[gauge]) for gauge in fault.gauges if gauge in one.gauges]
    hit = one.state.strained | one.state.surging | one.state.recovered | one.state.fallen
    strained = [spot for gauge, spot in spots if gauge in hit]
    for spot in strained[:_MOST_LINES]:
        yield from moved_or_stands(spot)
    told = [spot for spot in one.events if set(fault.lines) & one.speaks(spot)]
    told.sort(key=lambda spot: min(fault.lines.index(word) for word in one.speaks(spot) if word in fault.lines))
    yield from (quoted(spot) for spot in told[:_MOST_LINES])
    yield from (quoted(spot) for spot in _insights(one))
    yield from (quoted(spot) for spot in _others(one, told)[:_MOST_OTHERS])
    yield from (spot.says("started") for spot in one.alerts[:1])


def moved_or_stands(spot: Spot[SeriesFact]) -> list[StatedClaim]:
    """How a gauge moved; of one that its points do not show to have moved, where it went furthest, or where it is."""
    return moves([spot]) or [spot.says("equals", field="current" if spot.fact.direction == "flat" else "peak")]


def _insights(one: Database) -> list[Spot[LogFact]]:
    """The statements with most load, and those that change a table or an index, however little load they are."""
    statements = [spot for spot in one.insights if _STATEMENT.match(spot.fact.exemplar)]
    telling = [spot for spot in statements[2:] if one.speaks(spot) & _TELLING]
    return [*statements[:2], *telling][:_MOST_INSIGHTS]


def _others(one: Database, told: Sequence[Spot[LogFact]]) -> list[Spot[LogFact]]:
    """What else happened to it in that time, without what happens every day."""
    return [spot for spot in one.events if spot not in told and not _ROUTINE.search(spot.fact.exemplar[:600])]

"""Whether a database's gauge stands at a limit. A movement alone is no trouble; a level may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from rootline.analysis.database.gauges import Gauge

_GIB = 2.0**30
_FEWEST = 3

# Source: AWS "Best practices for Amazon RDS" and the RDS recommended alarms: processor above 85 to 90 %, connections
# near max_connections, storage above 85 to 90 % used, replica lag of minutes, swap in use.
CPU_PERCENT = 85.0
CONNECTED = 0.9
# What is left when it is too little: share of the most there was, and an amount in base units.
_LEFT: Mapping[Gauge, tuple[float, float]] = {
    "storage": (0.1, 2 * _GIB),
    "memory": (0.1, 0.25 * _GIB),
    "credits": (0.0, 10.0),
    "burst": (0.0, 10.0),
}
# What is too much, in base units, where it also is four times its level before. Source: own choices for the disk: it
# answers within single milliseconds when it is well, and a queue of ten waits. For transaction ids postgresql.org,
# "Preventing Transaction ID Wraparound Failures": the limit is two thousand million.
_MOST: Mapping[Gauge, float] = {
    "replica_lag": 30.0,
    "slot_lag": _GIB,
    "swap": _GIB,
    "read_latency": 0.02,
    "write_latency": 0.02,
    "commit_latency": 0.02,
    "queue": 10.0,
    "deadlocks": 1.0,
    "load": 3.0,
    "transaction_ids": 1.0e9,
    "blocked": 5.0,
    "idle_in_transaction": 300.0,
}
TIMES, SURGE, FALLEN = 4.0, 2.5, 0.2


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The values of one gauge in order of time, in base units.

    Attributes:
        gauge: What is measured.
        values: Values in order of time.
        normal: Its level before, None where unknown.
        unit: Its unit.
        width: How many points make a level: a third of the incident.

    """

    gauge: Gauge
    values: Sequence[float]
    normal: float | None = None
    unit: str = ""
    width: int = 1

    @property
    def last(self) -> float:
        """The level at the end: the middle of the last third."""
        return median(self.values[-self.width :])

    def ended(self, *, least: bool) -> "Reading":
        """Itself, ended where it stood worst for a third of its time: lowest, or highest."""
        runs = [self.values[: end + self.width] for end in range(len(self.values) - self.width + 1)]
        worst = (min if least else max)(runs, key=lambda run: median(run[-self.width :]), default=self.values)
        return replace(self, values=worst)

    @property
    def first(self) -> float:
        """The level before, or that of the first quarter where none is known."""
        own = median(self.values[: max(len(self.values) // 4, 1)])
        return own if self.normal is None else self.normal


def is_strained(reading: Reading, limit: float | None = None) -> bool:
    """Whether a gauge stands where a database suffers. `limit` is the most connections that it gives out.

    Connections and blocked sessions count as they are at the end: as long as they are held, everybody waits.
    """
    if len(reading.values) < _FEWEST:
        return False
    if reading.gauge == "connections" and reading.unit == "ratio":
        return reading.values[-1] >= CONNECTED
    if reading.gauge == "connections":
        return limit is not None and reading.values[-1] >= CONNECTED * limit
    if reading.gauge == "cpu":
        return reading.last >= (CPU_PERCENT if reading.unit == "percent" or reading.last > 1.0 else CPU_PERCENT / 100)
    if reading.gauge in _LEFT:
        share, least = _LEFT[reading.gauge]
        whole = max(reading.first, *reading.values)
        return reading.last <= max(share * whole, least) and reading.last < reading.first
    level = max(reading.last, reading.values[-1]) if reading.gauge == "blocked" else reading.last
    return reading.gauge in _MOST and level >= max(_MOST[reading.gauge], _grown(reading))


def _grown(reading: Reading) -> float:
    """What a level has to reach to be another than before; an age of transactions counts by itself."""
    return 0.0 if reading.gauge == "transaction_ids" else TIMES * reading.first


def was_strained(reading: Reading, limit: float | None = None) -> bool:
    """Whether a gauge stood at its limit for a third of the time, though it may have come back."""
    return is_strained(reading.ended(least=reading.gauge in _LEFT), limit)


def fell_away(reading: Reading) -> bool:
    """Whether next to nothing is left of a level."""
    return len(reading.values) >= _FEWEST and reading.first > 0 and reading.last <= FALLEN * reading.first


def surges(reading: Reading) -> bool:
    """Whether a rate stands far above its level before."""
    return len(reading.values) >= _FEWEST and reading.last >= SURGE * max(reading.first, 1e-9)

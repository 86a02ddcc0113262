"""What is known of one database, and what a fault of it is called."""

from dataclasses import dataclass

from rootline.analysis.database.gauges import Gauge
from rootline.analysis.logs.trouble import Trouble

# Source: own choices, in logits. A gauge at its limit shows a fault; a line that says the same makes it likelier, and
# so does an alert about it; what another fault brings with it is less likely the beginning.
SHOWN, SPOKEN, ALERTED, FOLLOWS, TOLD_ALONE = 2.2, 0.6, 0.8, -1.6, 1.4

MANY_WAIT = 8.0
"""Source: own choice: average active sessions; a common instance has as many processors or fewer."""


@dataclass(frozen=True, kw_only=True)
class State:
    """What is known of one database.

    Attributes:
        strained: Gauges at a limit now.
        recovered: Gauges that stood at a limit for long, whether they have come back or not.
        surging: Gauges that stand far above their level before.
        known: Gauges that were read at all.
        fallen: Gauges that fell to a fifth of their level before, or less.
        waits: Wait events by their part of the load, the largest first (`IO:WALWrite`, `CPU`).
        waiting: Sessions that wait for the first of them, on average.
        told: What its lines speak of.
        measured: What its statements speak of.
        alerted: What the alert speaks of.
        changed: Names of parameters that were changed.
        is_alarmed: Whether an alert that tells of trouble still fires.
        is_urgent: Whether one of those is critical or high.

    """

    strained: frozenset[Gauge]
    recovered: frozenset[Gauge] = frozenset()
    surging: frozenset[Gauge] = frozenset()
    known: frozenset[Gauge] = frozenset()
    fallen: frozenset[Gauge] = frozenset()
    waits: tuple[str, ...] = ()
    waiting: float = 0.0
    told: frozenset[Trouble] = frozenset()
    measured: frozenset[Trouble] = frozenset()
    alerted: frozenset[Trouble] = frozenset()
    changed: tuple[str, ...] = ()
    is_alarmed: bool = True
    is_urgent: bool = True

    def shows(self, *gauges: Gauge, words: frozenset[Trouble] = frozenset()) -> bool:
        """Whether one of the gauges is at its limit, or was and a line says so too."""
        return bool(self.strained & set(gauges) or (self.told & words and self.recovered & set(gauges)))

    def waits_on(self, *kinds: str) -> bool:
        """Whether most of the load waits for one of these."""
        return bool(self.waits) and self.waits[0].split(":")[0].lower() in {kind.lower() for kind in kinds}

    def queues_for(self, *kinds: str) -> bool:
        """Whether so many sessions wait for one of these that it tells by itself, while an alarm is on."""
        return self.is_alarmed and self.waiting >= MANY_WAIT and self.waits_on(*kinds)

    def writes_most(self) -> bool:
        """Whether most of the load waits for the log of what is written."""
        return self.waits_on("IO", "LWLock") and "wal" in self.waits[0].lower()

    def says(self, *words: Trouble) -> bool:
        """Whether its lines or its statements speak of one of these."""
        return bool((self.told | self.measured) & set(words))

    def weight(self, shown: bool, *words: Trouble) -> float:
        """Logits of a fault that a gauge shows, or lines alone, and that the alert may speak of."""
        told, alerted = bool(self.told & set(words)), bool(self.alerted & set(words))
        return (SHOWN if shown else TOLD_ALONE) + SPOKEN * (told and shown) + ALERTED * alerted


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A named fault: its cause, the weight in logits, the gauges and lines that show it."""

    cause: str
    weight: float
    gauges: tuple[Gauge, ...] = ()
    lines: tuple[Trouble, ...] = ()

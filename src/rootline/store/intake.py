"""Where deliveries, notices and reported changes are kept, and what a decision about them stands on.

A delivery, its notices and all that follows from them for incidents are one transaction, so that whoever is told
"stored" is told the truth, and whoever is not can send the same again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from rootline.domain.incident import Incident, Transition
from rootline.domain.notice import Delivery, Notice, ReportedChange
from rootline.domain.window import Window
from rootline.store.journal import MemoryJournal
from rootline.store.limits import Limits

JOINABLE = frozenset({"detected", "acknowledged", "investigating", "mitigated", "suppressed"})
JOINABLE_FOR = timedelta(days=30)
HELD_FOR = timedelta(days=7)
FIRES_FOR = timedelta(days=30)
"""Source: ours; how far back an incident is joined, a held notice is looked at again, an alert may still fire."""
MOST_CHANGES = 5000


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How things stand: incidents that alerts can join, oldest first; their notices; notices held back, without one."""

    incidents: tuple[Incident, ...] = ()
    notices: tuple[Notice, ...] = ()
    held: tuple[Notice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What follows from new notices, each of which is placed in an incident or suppressed for a reason."""

    notices: tuple[Notice, ...] = ()
    opened: tuple[tuple[Incident, Transition], ...] = ()
    revised: tuple[Incident, ...] = ()
    moved: tuple[Transition, ...] = ()

    def __bool__(self) -> bool:
        return any((self.notices, self.opened, self.revised, self.moved))


Decide = Callable[[Standing, Sequence[Notice]], Decision]


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What a delivery came to. `is_repeat` says that it was here before; `decision` holds what was new in it.

    `remark` says why it told of nothing, or what of it was not taken; it is not kept.
    """

    delivery: Delivery
    is_repeat: bool
    decision: Decision
    changes: int = 0
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Of which kinds of things anyone ever told."""

    alerts: bool
    changes: bool


class Intake(Protocol):
    """Keeps what one tenant was told."""

    async def take(
        self, delivery: Delivery, notices: Sequence[Notice], decide: Decide, changes: Sequence[ReportedChange] = ()
    ) -> Stored:
        """Store a delivery with what is new in it and what is decided about that, whole or not at all."""
        ...

    async def settle(self, decide: Decide, now: datetime) -> Decision:
        """Decide anew without any notice, because time has passed; store what follows."""
        ...

    async def heard_of(self) -> Heard:
        """Return whether anyone ever told of alerts, and of changes."""
        ...

    async def deliveries(self, limit: int = 50) -> Sequence[Delivery]:
        """Return deliveries, newest first."""
        ...

    async def notices(self, incidents: Sequence[UUID]) -> Sequence[Notice]:
        """Return the notices of incidents, oldest first."""
        ...

    async def notices_of(self, window: Window) -> Sequence[Notice]:
        """Return what was told up to the end of the window of alerts that may have fired in it, oldest first."""
        ...

    async def changes(self, window: Window) -> Sequence[ReportedChange]:
        """Return the newest changes that took effect in the window, oldest first."""
        ...


_KINDS = ("deliveries", "notices", "changes")


@dataclass
class MemoryIntake:
    """An intake that ends with the process. Its incidents are those of the journal."""

    journal: MemoryJournal
    _deliveries: dict[tuple[str, str], Delivery] = field(default_factory=dict)
    _notices: dict[str, Notice] = field(default_factory=dict)
    _changes: dict[str, ReportedChange] = field(default_factory=dict)

    async def take(
        self, delivery: Delivery, notices: Sequence[Notice], decide: Decide, changes: Sequence[ReportedChange] = ()
    ) -> Stored:
        """Keep the delivery. Nothing in here waits, so nothing comes in between."""
        stored = self._deliveries.get((delivery.vendor, delivery.key))
        new = tuple({one.key: one for one in notices if one.key not in self._notices}.values())
        fresh = {one.key: one for one in changes if one.key not in self._changes}
        decision = decide(await self._standing(delivery.received_at), new) if new else Decision()
        await self._keep(decision)
        self._deliveries[(delivery.vendor, delivery.key)] = stored or delivery
        self._changes |= fresh
        return Stored(delivery=stored or delivery, is_repeat=bool(stored), decision=decision, changes=len(fresh))

    async def settle(self, decide: Decide, now: datetime) -> Decision:
        """Decide anew."""
        decision = decide(await self._standing(now), ())
        await self._keep(decision)
        return decision

    async def _standing(self, now: datetime) -> Standing:
        joinable = [one for one in await self.journal.incidents(limit=10**9) if _is_joinable(one, now)]
        return Standing(
            incidents=tuple(reversed(joinable)),
            notices=tuple(await self.notices([one.id for one in joinable])),
            held=tuple(one for one in self._told() if one.incident is None and one.at >= now - HELD_FOR),
        )

    async def _keep(self, decision: Decision) -> None:
        for incident, transition in decision.opened:
            await self.journal.open_incident(incident, transition)
        for incident in decision.revised:
            await self.journal.revise_incident(incident)
        for transition in decision.moved:
            await self.journal.move_incident(transition)
        self._notices |= {one.key: one for one in decision.notices}

    async def heard_of(self) -> Heard:
        """Return whether anyone ever told of alerts, and of changes."""
        return Heard(alerts=bool(self._notices), changes=bool(self._changes))

    async def deliveries(self, limit: int = 50) -> Sequence[Delivery]:
        """Return deliveries, newest first."""
        return sorted(self._deliveries.values(), key=lambda one: (one.received_at, one.id), reverse=True)[:limit]

    async def notices(self, incidents: Sequence[UUID]) -> Sequence[Notice]:
        """Return the notices of incidents."""
        wanted = set(incidents)
        return [one for one in self._told() if one.incident in wanted]

    async def notices_of(self, window: Window) -> Sequence[Notice]:
        """Return what was told of alerts that may have fired in the window."""
        since = window.start - FIRES_FOR
        return [one for one in self._told() if one.at < window.end and one.fired_at >= since]

    async def changes(self, window: Window) -> Sequence[ReportedChange]:
        """Return the newest changes of the window."""
        inside = [one for one in self._changes.values() if window.contains(one.at)]
        return sorted(sorted(inside, key=lambda one: one.key), key=lambda one: one.at)[-MOST_CHANGES:]

    def forget(self, limits: Limits) -> dict[str, int]:
        """Let go of what was told long ago; what a delivery told stays longer than the delivery."""
        before = len(self._deliveries), len(self._notices), len(self._changes)
        self._deliveries = {key: one for key, one in self._deliveries.items() if one.received_at >= limits.told}
        self._notices = {key: one for key, one in self._notices.items() if one.at >= limits.seen}
        self._changes = {key: one for key, one in self._changes.items() if one.at >= limits.seen}
        after = len(self._deliveries), len(self._notices), len(self._changes)
        return {kind: old - new for kind, old, new in zip(_KINDS, before, after, strict=True)}

    def incidents_told_of(self) -> set[UUID]:
        """Return the incidents that a notice is in."""
        return {one.incident for one in self._notices.values() if one.incident}

    def _told(self) -> list[Notice]:
        return sorted(self._notices.values(), key=lambda one: (one.at, one.key))


def _is_joinable(one: Incident, now: datetime) -> bool:
    return one.state in JOINABLE and one.opened_at >= now - JOINABLE_FOR

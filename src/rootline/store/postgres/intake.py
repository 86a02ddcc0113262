"""Deliveries, notices and reported changes in PostgreSQL: each method is one transaction of one tenant."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from rootline.domain.notice import Delivery, Notice, ReportedChange
from rootline.domain.window import Window
from rootline.store.bodies import read, write
from rootline.store.intake import (
    FIRES_FOR,
    HELD_FOR,
    JOINABLE_FOR,
    MOST_CHANGES,
    Decide,
    Decision,
    Heard,
    Standing,
    Stored,
)
from rootline.store.postgres import consequences
from rootline.store.postgres.pool import Cursor, TenantPool
from rootline.store.sql import statement

KEPT_PARSED = 4096
"""Source: ours; those of a storm of a thousand alerts that flap, some 12 MB."""


@dataclass(frozen=True)
class PostgresIntake:
    """Keeps what one tenant was told. One transaction at a time decides about the tenant's incidents.

    The database sees to that over all processes; within one, `turn` does, so that those who wait hold no connection.
    """

    tenant: TenantPool
    turn: asyncio.Lock

    async def take(
        self, delivery: Delivery, notices: Sequence[Notice], decide: Decide, changes: Sequence[ReportedChange] = ()
    ) -> Stored:
        """Store a delivery with what is new in it and what is decided about that, whole or not at all."""
        async with self.turn, self.tenant.transaction() as cursor:
            await consequences.lock_intake(cursor)
            stored = await _earlier(cursor, delivery)
            if stored is None:
                await _add_delivery(cursor, delivery)
            kept = stored or delivery
            new = await _unknown(cursor, notices)
            decision = decide(await _standing(cursor, delivery.received_at), new) if new else Decision()
            await _keep(cursor, kept.id, decision)
            added = await _add_changes(cursor, kept.id, changes)
            return Stored(delivery=kept, is_repeat=stored is not None, decision=decision, changes=added)

    async def settle(self, decide: Decide, now: datetime) -> Decision:
        """Decide anew without any notice, because time has passed; store what follows."""
        async with self.turn, self.tenant.transaction() as cursor:
            await consequences.lock_intake(cursor)
            decision = decide(await _standing(cursor, now), ())
            await _keep(cursor, None, decision)
            return decision

    async def heard_of(self) -> Heard:
        """Return whether anyone ever told of alerts, and of changes."""
        async with self.tenant.transaction() as cursor:
            await cursor.execute(statement("heard_of"))
            alerts, changes = await cursor.fetchone() or (False, False)
        return Heard(alerts=alerts, changes=changes)

    async def deliveries(self, limit: int = 50) -> Sequence[Delivery]:
        """Return deliveries, newest first."""
        async with self.tenant.transaction() as cursor:
            await cursor.execute(statement("list_deliveries"), {"limit": limit})
            return [read(Delivery, row[0]) for row in await cursor.fetchall()]

    async def notices(self, incidents: Sequence[UUID]) -> Sequence[Notice]:
        """Return the notices of incidents, oldest first."""
        async with self.tenant.transaction() as cursor:
            return await _read(cursor, "read_notices", incidents=list(incidents))

    async def notices_of(self, window: Window) -> Sequence[Notice]:
        """Return what was told up to the end of the window of alerts that may have fired in it, oldest first."""
        async with self.tenant.transaction() as cursor:
            return await _read(cursor, "read_notices_of_window", since=window.start - FIRES_FOR, end=window.end)

    async def changes(self, window: Window) -> Sequence[ReportedChange]:
        """Return the newest changes that took effect in the window, oldest first."""
        values = {"start": window.start, "end": window.end, "limit": MOST_CHANGES}
        async with self.tenant.transaction() as cursor:
            await cursor.execute(statement("read_reported_changes"), values)
            found = [read(ReportedChange, row[0]) for row in await cursor.fetchall()]
        return sorted(found, key=lambda one: (one.at, one.key))


async def _earlier(cursor: Cursor, delivery: Delivery) -> Delivery | None:
    await cursor.execute(statement("read_delivery"), {"vendor": delivery.vendor, "key": delivery.key})
    row = await cursor.fetchone()
    return None if row is None else read(Delivery, row[0])


async def _add_delivery(cursor: Cursor, delivery: Delivery) -> None:
    values = {"id": delivery.id, "vendor": delivery.vendor, "key": delivery.key, "received_at": delivery.received_at}
    await cursor.execute(statement("add_delivery"), {**values, "body": write(delivery)})


async def _unknown(cursor: Cursor, notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """Return the notices that are not stored yet, each once."""
    given = {one.key: one for one in notices}
    await cursor.execute(statement("known_notices"), {"keys": [*given]})
    known = {row[0] for row in await cursor.fetchall()}
    return tuple(one for key, one in given.items() if key not in known)


async def _standing(cursor: Cursor, now: datetime) -> Standing:
    incidents = await consequences.list_open_incidents(cursor, now - JOINABLE_FOR)
    return Standing(
        incidents=incidents,
        notices=await _read(cursor, "read_notices", incidents=[one.id for one in incidents]),
        held=await _read(cursor, "read_held_notices", since=now - HELD_FOR),
    )


async def _read(cursor: Cursor, name: str, **values: Any) -> tuple[Notice, ...]:
    await cursor.execute(statement(name), values)
    return tuple(_notice(body, incident) for body, incident in await cursor.fetchall())


@lru_cache(maxsize=KEPT_PARSED)
def _notice(body: str, incident: UUID | None) -> Notice:
    """Read a notice back; in a storm each decision looks at those of all decisions before."""
    return read(Notice, body, {"incident": incident})


async def _keep(cursor: Cursor, delivery: UUID | None, decision: Decision) -> None:
    for incident, transition in decision.opened:
        await consequences.add_incident(cursor, incident)
        await consequences.add_transition(cursor, transition)
    for incident in decision.revised:
        await consequences.add_revision(cursor, incident)
    for transition in decision.moved:
        await consequences.add_transition(cursor, transition)
    await cursor.executemany(statement("add_notice"), [_row(one, delivery) for one in decision.notices])


def _row(one: Notice, delivery: UUID | None) -> dict[str, Any]:
    return {
        "key": one.key,
        "delivery": delivery,
        "incident": one.incident,
        "fingerprint": one.fingerprint,
        "state": one.state,
        "is_suppressed": bool(one.suppressed),
        "at": one.at,
        "fired_at": one.fired_at,
        "body": write(one, without=("incident",)),
    }


async def _add_changes(cursor: Cursor, delivery: UUID, changes: Iterable[ReportedChange]) -> int:
    added = 0
    for one in changes:
        values = {"key": one.key, "delivery": delivery, "kind": one.kind, "at": one.at, "body": write(one)}
        await cursor.execute(statement("add_reported_change"), values)
        added += cursor.rowcount
    return added

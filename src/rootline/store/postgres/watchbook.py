"""The book of rounds in PostgreSQL: each round is one transaction of one tenant."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rootline.domain.anomaly import AnomalyFeature, Gated, WatchRound
from rootline.domain.window import Window
from rootline.store.bodies import key_of, read, write
from rootline.store.postgres.pool import Cursor, TenantPool
from rootline.store.sql import statement

_NUMBERS = ("expected", "observed", "deviation", "score", "window", "kind")
_NAMES = ("service", "signal", "metric", "unit")


@dataclass(frozen=True)
class PostgresWatchbook:
    """Keeps what one tenant's watches leave behind. Names from outside are written as JSON strings."""

    tenant: TenantPool

    async def add_round(self, one: WatchRound) -> bool:
        """Store a round whole; False, and nothing stored, when its slot has been evaluated before."""
        place = {"cluster": key_of(one.cluster), "slot": one.slot}
        async with self.tenant.transaction() as cursor:
            body = write(one, without=("features", "gated"))
            await cursor.execute(statement("add_watch_round"), {**place, "body": body})
            if await cursor.fetchone() is None:
                return False
            await _add_parts(cursor, one, place)
            return True

    async def last_round(self, cluster: str) -> WatchRound | None:
        """Return the latest round of a cluster, without its features and candidates."""
        async with self.tenant.transaction() as cursor:
            await cursor.execute(statement("last_watch_round"), {"cluster": key_of(cluster)})
            row = await cursor.fetchone()
        return read(WatchRound, row[0]) if row else None

    async def features(
        self, cluster: str, window: Window, service: str = ""
    ) -> Sequence[tuple[datetime, AnomalyFeature]]:
        """Return the features of a window with their slots, in order, of one service or of all."""
        asked = {**_within(cluster, window), "service": key_of(service) if service else None}
        async with self.tenant.transaction() as cursor:
            await cursor.execute(statement("read_anomaly_features"), asked)
            found = [(row[0], _feature(row[1:])) for row in await cursor.fetchall()]
        return sorted(found, key=lambda pair: (pair[0], pair[1].service, pair[1].signal, pair[1].window))

    async def gated(self, cluster: str, window: Window) -> Sequence[tuple[datetime, Gated]]:
        """Return the candidates of a window with their slots, in order, suppressed ones among them."""
        async with self.tenant.transaction() as cursor:
            await cursor.execute(statement("read_incident_candidates"), _within(cluster, window))
            found = [(row[0], read(Gated, row[1])) for row in await cursor.fetchall()]
        return sorted(found, key=lambda pair: (pair[0], pair[1].service))


async def _add_parts(cursor: Cursor, one: WatchRound, place: dict[str, object]) -> None:
    features = [
        {**place, **{name: key_of(getattr(part, name)) for name in _NAMES}, **part.model_dump(include=set(_NUMBERS))}
        for part in one.features
    ]
    candidates = [
        {
            **place,
            "service": key_of(part.service),
            "action": part.action,
            "policy": part.policy,
            "incident": part.incident,
            "body": write(part),
        }
        for part in one.gated
    ]
    if features:
        await cursor.executemany(statement("add_anomaly_feature"), features)
    if candidates:
        await cursor.executemany(statement("add_incident_candidate"), candidates)


def _within(cluster: str, window: Window) -> dict[str, object]:
    return {"cluster": key_of(cluster), "start": window.start, "end": window.end}


def _feature(row: Sequence[object]) -> AnomalyFeature:
    service, signal, window, metric, unit, *numbers = row
    names = (json.loads(str(one)) for one in (service, signal, metric, unit))
    told = dict(zip(_NAMES, names, strict=True))
    measured = dict(zip(("expected", "observed", "deviation", "score", "kind"), numbers, strict=True))
    return AnomalyFeature.model_validate({**told, **measured, "window": window})

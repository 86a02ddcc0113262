"""Registered clusters in PostgreSQL."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rootline.domain.fleet import Cluster, SourceHealth
from rootline.sources.fleet.contacts import Contact
from rootline.store.bodies import key_of, read, write
from rootline.store.fleet import Sealed, not_registered
from rootline.store.postgres.pool import Cursor, TenantPool
from rootline.store.sql import statement


@dataclass(frozen=True, kw_only=True)
class PostgresFleetBook:
    """Keeps the clusters of one tenant."""

    tenant: TenantPool

    async def add(self, cluster: Cluster, credentials: Sequence[Sealed]) -> None:
        """Insert the cluster and its credentials; raise Taken when the name is registered."""
        async with self.tenant.transaction() as cursor:
            await cursor.execute(statement("add_cluster"), {"name": cluster.name, "body": write(cluster)})
            await cursor.executemany(statement("add_credential"), [one.model_dump() for one in credentials])

    async def remove(self, name: str) -> None:
        """Delete the cluster; its credentials go with it."""
        async with self.tenant.transaction() as cursor:
            await cursor.execute(statement("remove_cluster"), {"name": name})
            if cursor.rowcount == 0:
                raise not_registered(name)
            await cursor.execute(statement("forget_health"), {"cluster": key_of(name)})

    async def clusters(self) -> tuple[Cluster, ...]:
        """Return the clusters by name."""
        async with self.tenant.transaction() as cursor:
            await cursor.execute(statement("list_clusters"))
            return tuple(read(Cluster, row[0]) for row in await cursor.fetchall())

    async def credentials(self) -> tuple[Sealed, ...]:
        """Return every sealed credential."""
        async with self.tenant.transaction() as cursor:
            return await _credentials(cursor, "list_credentials")

    async def reseal(self, turn: Callable[[Sealed], Sealed]) -> int:
        """Seal every credential anew in one transaction; return how many changed."""
        async with self.tenant.transaction() as cursor:
            held = await _credentials(cursor, "lock_credentials")
            turned = [turn(one) for one in held]
            changed = [after for before, after in zip(held, turned, strict=True) if before != after]
            await cursor.executemany(statement("reseal_credential"), [one.model_dump() for one in changed])
            return len(changed)

    async def note(self, contacts: Sequence[Contact]) -> None:
        """Add what happened with sources to how they do, always in the same order, so that two writers never wait."""
        values = [_values(one) for one in sorted(contacts, key=lambda one: (one.cluster, one.source))]
        async with self.tenant.transaction() as cursor:
            await cursor.executemany(statement("note_health"), values)

    async def health(self) -> tuple[SourceHealth, ...]:
        """Return how each source does."""
        async with self.tenant.transaction() as cursor:
            await cursor.execute(statement("list_health"))
            rows = [_health(row) for row in await cursor.fetchall()]
        return tuple(sorted(rows, key=lambda one: (one.cluster, one.source)))


async def _credentials(cursor: Cursor, name: str) -> tuple[Sealed, ...]:
    await cursor.execute(statement(name))
    return tuple(
        Sealed(cluster=cluster, source=source, key_id=key_id, box=box)
        for cluster, source, key_id, box in await cursor.fetchall()
    )


def _values(one: Contact) -> dict[str, object]:
    return {
        "cluster": key_of(one.cluster),
        "source": key_of(one.source),
        "succeeded_at": one.succeeded_at,
        "failed_at": one.failed_at,
        "failures": one.failures,
        "error": key_of(one.error) if one.error else None,
        "found": key_of(one.found) if one.found else None,
    }


def _health(row: Sequence[object]) -> SourceHealth:
    cluster, source, success, failure, failures, error, found = row
    return SourceHealth.model_validate(
        {
            "cluster": json.loads(str(cluster)),
            "source": json.loads(str(source)),
            "last_success": success,
            "last_failure": failure,
            "failures": failures,
            "last_error": json.loads(str(error)) if error else "",
            "found": json.loads(str(found)) if found else "",
        }
    )

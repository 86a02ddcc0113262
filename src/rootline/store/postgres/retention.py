"""Lets go of a tenant's old rows in PostgreSQL.

The app role can delete none of them. The owner does, in transactions that show the tenant's key, so that row-level
security holds it too; where the owner is above that, every statement names the tenant itself.
"""

from dataclasses import asdict, dataclass
from uuid import UUID

import psycopg
from psycopg import AsyncConnection

from rootline.store.limits import Limits
from rootline.store.postgres.faults import explained
from rootline.store.postgres.tenants import Keyring
from rootline.store.retention import Forgotten
from rootline.store.sql import statement

KINDS = (
    "deliveries",
    "notices",
    "changes",
    "diffs",
    "features",
    "candidates",
    "investigations",
    "incidents",
    "rounds",
    "sessions",
)
"""In this order: what others point to comes after them."""


@dataclass(frozen=True, kw_only=True)
class PostgresRetention:
    """One tenant's."""

    keyring: Keyring
    tenant: UUID

    async def forget(self, limits: Limits) -> Forgotten:
        """Let go of each kind in a transaction of its own, in which no delivery is taken.

        Raises:
            StoreUnreachable: The server is away; what is done is done, and repeating it goes on.

        """
        key = await self.keyring.key(self.tenant)
        counts: dict[str, int] = {}
        try:
            async with await AsyncConnection.connect(self.keyring.owner_dsn, autocommit=True) as owner:
                for kind in KINDS:
                    async with owner.transaction():
                        await owner.execute(statement("show_key"), {"key": key})
                        await owner.execute(statement("lock_intake"))
                        done = await owner.execute(statement(f"forget_{kind}"), asdict(limits))
                    counts[kind] = done.rowcount
        except psycopg.Error as error:
            raise explained(error) from error
        return Forgotten(counts=counts)

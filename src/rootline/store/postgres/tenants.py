"""The keys that make a transaction a tenant's. Only the owner can read them."""

from dataclasses import dataclass, field
from uuid import UUID

import psycopg
from psycopg import AsyncConnection

from rootline.errors import NotFound
from rootline.store.postgres.faults import explained
from rootline.store.sql import statement


async def add_tenant(owner: AsyncConnection, tenant: UUID, name: str) -> None:
    """Make the tenant with a fresh key, unless it is there."""
    await owner.execute(statement("add_tenant"), {"tenant": tenant, "name": name})


@dataclass(frozen=True, kw_only=True)
class Keyring:
    """Reads each tenant's key once, through a short connection of the owner."""

    owner_dsn: str = field(repr=False)
    _keys: dict[UUID, str] = field(default_factory=dict, repr=False)

    async def add(self, tenant: UUID, name: str) -> None:
        """Make the tenant, unless it is there."""
        try:
            async with await AsyncConnection.connect(self.owner_dsn, autocommit=True) as owner:
                await add_tenant(owner, tenant, name)
        except psycopg.Error as error:
            raise explained(error) from error

    async def tenants(self) -> tuple[UUID, ...]:
        """Return every tenant."""
        try:
            async with await AsyncConnection.connect(self.owner_dsn, autocommit=True) as owner:
                rows = await (await owner.execute(statement("list_tenants"))).fetchall()
        except psycopg.Error as error:
            raise explained(error) from error
        return tuple(row[0] for row in rows)

    async def key(self, tenant: UUID) -> str:
        """Return what the tenant's transactions show.

        Raises:
            NotFound: There is no such tenant.
            StoreUnreachable: The server is away.

        """
        if tenant not in self._keys:
            self._keys[tenant] = await self._read(tenant)
        return self._keys[tenant]

    async def _read(self, tenant: UUID) -> str:
        try:
            async with await AsyncConnection.connect(self.owner_dsn, autocommit=True) as owner:
                row = await (await owner.execute(statement("tenant_key"), {"tenant": tenant})).fetchone()
        except psycopg.Error as error:
            raise explained(error) from error
        if row is None:
            raise NotFound(f"There is no tenant {tenant} here.")
        return str(row[0])

"""The system of record, opened by an owner, used by an app role that row-level security holds."""

import asyncio
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

import psycopg
from psycopg import AsyncConnection

from rootline.domain.tenant import LOCAL_TENANT, Actor
from rootline.errors import Misconfigured
from rootline.store.documents import Collection
from rootline.store.embedding import Embedder, SpellingEmbedder
from rootline.store.postgres.fleet import PostgresFleetBook
from rootline.store.postgres.intake import PostgresIntake
from rootline.store.postgres.journal import PostgresJournal
from rootline.store.postgres.migrate import migrate
from rootline.store.postgres.pgvector import use_pgvector
from rootline.store.postgres.pool import Pool, TenantPool, open_pool
from rootline.store.postgres.retention import PostgresRetention
from rootline.store.postgres.roles import ensure_app_role
from rootline.store.postgres.runbooks import PostgresRunbookIndex
from rootline.store.postgres.tenants import Keyring, add_tenant
from rootline.store.postgres.watchbook import PostgresWatchbook
from rootline.store.sql import statement

_CONNECTIONS, _PATIENCE_S = 8, 15


@dataclass(frozen=True, kw_only=True)
class Store:
    """A pool of the app role's connections. Give each actor a journal of its own."""

    pool: Pool
    keyring: Keyring
    has_pgvector: bool
    patience_s: int
    _turns: dict[UUID, asyncio.Lock] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    async def open(
        cls, owner_dsn: str, app_dsn: str, *, connections: int = _CONNECTIONS, patience_s: int = _PATIENCE_S
    ) -> Self:
        """Migrate with the owner, check the app role, and open a pool as the app role.

        Raises:
            Misconfigured: A server cannot be reached, is too old, the app role may do too much,
                or the schema is not one that this version knows.

        """
        try:
            async with await AsyncConnection.connect(owner_dsn, autocommit=True) as owner:
                _refuse_old(owner)
                await migrate(owner, await ensure_app_role(owner, app_dsn))
                await owner.execute(statement("prepare_partitions"))
                has_pgvector = await use_pgvector(owner)
                await add_tenant(owner, LOCAL_TENANT, "local")
            pool = await open_pool(app_dsn, connections)
        except psycopg.Error as error:
            raise Misconfigured(
                f"The database cannot be opened: {str(error).strip()}. Check both connection strings."
            ) from error
        return cls(pool=pool, keyring=Keyring(owner_dsn=owner_dsn), has_pgvector=has_pgvector, patience_s=patience_s)

    def journal(self, actor: Actor) -> PostgresJournal:
        """Return the journal of the actor's tenant."""
        return PostgresJournal(self._of(actor))

    def intake(self, actor: Actor) -> PostgresIntake:
        """Return what the actor's tenant was told."""
        return PostgresIntake(self._of(actor), self._turns.setdefault(actor.tenant, asyncio.Lock()))

    def runbooks(
        self, actor: Actor, collection: Collection = "runbooks", embedder: Embedder | None = None
    ) -> PostgresRunbookIndex:
        """Return the runbooks, or another collection of texts, of the actor's tenant."""
        return PostgresRunbookIndex(
            tenant=self._of(actor),
            has_pgvector=self.has_pgvector,
            collection=collection,
            embedder=embedder or SpellingEmbedder(),
        )

    def fleet(self, actor: Actor) -> PostgresFleetBook:
        """Return the registered clusters of the actor's tenant."""
        return PostgresFleetBook(tenant=self._of(actor))

    def watchbook(self, actor: Actor) -> PostgresWatchbook:
        """Return the book of rounds of the actor's tenant."""
        return PostgresWatchbook(self._of(actor))

    def retention(self, tenant: UUID) -> PostgresRetention:
        """Return who lets go of what a tenant has kept long enough."""
        return PostgresRetention(keyring=self.keyring, tenant=tenant)

    async def ensure_tenant(self, tenant: UUID, name: str) -> None:
        """Make a tenant, unless it is there."""
        await self.keyring.add(tenant, name)

    async def tenants(self) -> tuple[UUID, ...]:
        """Return every tenant, as the owner sees them."""
        return await self.keyring.tenants()

    async def close(self) -> None:
        """Close every connection."""
        await self.pool.close()

    def _of(self, actor: Actor) -> TenantPool:
        return TenantPool(pool=self.pool, keyring=self.keyring, tenant=actor.tenant, patience=self.patience_s)


def _refuse_old(owner: AsyncConnection) -> None:
    version = owner.info.server_version // 10_000
    if version < 15:  # noqa: PLR2004
        raise Misconfigured(f"The server is PostgreSQL {version}; Rootline needs 15 or newer.")

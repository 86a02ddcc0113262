"""Connections of the app role: each transaction belongs to one tenant, and leaves nothing behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from rootline.store.postgres.faults import explained
from rootline.store.postgres.tenants import Keyring
from rootline.store.sql import statement

Cursor = AsyncCursor[TupleRow]
Pool = AsyncConnectionPool[AsyncConnection[TupleRow]]

_OPTIONS = "-c timezone=UTC -c statement_timeout=60s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
_WAIT_S = 15.0


async def _forget(connection: AsyncConnection[TupleRow]) -> None:
    """Drop settings, temporary tables, prepared statements and listeners before the next one gets it."""
    await connection.set_autocommit(True)
    await connection.execute(statement("forget_session"))
    await connection.set_autocommit(False)


async def open_pool(app_dsn: str, size: int) -> Pool:
    """Open a pool that replaces broken connections, also after the server was killed."""
    options = f"{conninfo_to_dict(app_dsn).get('options', '')} {_OPTIONS}"
    pool: Pool = AsyncConnectionPool(
        make_conninfo(app_dsn, options=options),
        kwargs={"prepare_threshold": None},
        min_size=1,
        max_size=size,
        timeout=_WAIT_S,
        open=False,
        check=AsyncConnectionPool.check_connection,
        reset=_forget,
        name="rootline",
    )
    await pool.open(wait=True, timeout=_WAIT_S)
    return pool


@dataclass(frozen=True, kw_only=True)
class TenantPool:
    """The pool as one tenant sees it."""

    pool: Pool
    keyring: Keyring
    tenant: UUID

    @asynccontextmanager
    async def transaction(self, *, snapshot: bool = False) -> AsyncIterator[Cursor]:
        """Run the block as one transaction of the tenant: stored whole, or not at all.

        A snapshot only reads, and reads everything as of one moment.

        Raises:
            Refused: A rule of the database forbids it.
            StoreUnreachable: The server went away; repeating the block is safe.

        """
        key = await self.keyring.key(self.tenant)
        try:
            async with self.pool.connection() as connection, connection.cursor() as cursor:
                if snapshot:
                    await cursor.execute(statement("begin_snapshot"))
                await cursor.execute(statement("show_key"), {"key": key})
                yield cursor
        except psycopg.Error as error:
            raise explained(error) from error

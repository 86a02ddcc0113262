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
_WAIT_S = 1.0


async def _forget(connection: AsyncConnection[TupleRow]) -> None:
    """Drop settings, temporary tables, cursors and listeners before the next one gets the connection."""
    await connection.set_autocommit(True)
    await connection.execute(statement("forget_session"))
    await connection.set_autocommit(False)


async def open_pool(app_dsn: str, connections: int) -> Pool:
    """Open a pool, after trying one connection so that a wrong connection string is told at once."""
    conninfo = make_conninfo(app_dsn, options=f"{conninfo_to_dict(app_dsn).get('options', '')} {_OPTIONS}")
    async with await AsyncConnection.connect(conninfo) as connection:
        await connection.execute(statement("current_tenant"))
    pool: Pool = AsyncConnectionPool(
        conninfo,
        kwargs={"prepare_threshold": None},  # psycopg would not notice that DISCARD ALL drops prepared statements
        min_size=1,
        max_size=connections,
        timeout=_WAIT_S,
        reconnect_timeout=_WAIT_S / 2,  # giving up is what lets the next one who asks try at once
        open=False,
        reset=_forget,
        name="rootline",
    )
    await pool.open()
    return pool


@dataclass(frozen=True, kw_only=True)
class TenantPool:
    """The pool as one tenant sees it. `patience` is for how many seconds a server may be away."""

    pool: Pool
    keyring: Keyring
    tenant: UUID
    patience: int

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
            connection = await self._begin(key, snapshot=snapshot)
            try:
                async with connection, connection.cursor() as cursor:
                    yield cursor
            finally:
                await self.pool.putconn(connection)
        except psycopg.Error as error:
            raise explained(error) from error

    @asynccontextmanager
    async def at_once(self) -> AsyncIterator[Cursor]:
        """Run statements as one transaction that are sent together: none can read what another one answers.

        Raises:
            Refused: A rule of the database forbids one of them, so that nothing is stored.
            StoreUnreachable: The server went away; repeating the block is safe.

        """
        key = await self.keyring.key(self.tenant)
        try:
            connection = await self.pool.getconn()
            try:
                async with connection, connection.pipeline(), connection.cursor() as cursor:
                    await cursor.execute(statement("show_key"), {"key": key})
                    yield cursor
            finally:
                await self.pool.putconn(connection)
        except psycopg.Error as error:
            raise explained(error) from error

    async def _begin(self, key: str, *, snapshot: bool) -> AsyncConnection[TupleRow]:
        """Take a connection and open the transaction; replace broken connections, and wait for a server."""
        for _ in range(self.patience):
            try:
                return await self._try_begin(key, snapshot=snapshot)
            except psycopg.OperationalError:
                await self.pool.check()
        return await self._try_begin(key, snapshot=snapshot)

    async def _try_begin(self, key: str, *, snapshot: bool) -> AsyncConnection[TupleRow]:
        connection = await self.pool.getconn()
        try:
            async with connection.pipeline():
                if snapshot:
                    await connection.execute(statement("begin_snapshot"))
                await connection.execute(statement("show_key"), {"key": key})
        except BaseException:
            await self.pool.putconn(connection)
            raise
        return connection

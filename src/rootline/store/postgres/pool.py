"""Connections of the app role: each transaction belongs to one tenant, and leaves nothing behind."""

from collections.abc import AsyncIterator, Mapping
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


class Connection(AsyncConnection[TupleRow]):
    """A connection of the pool. It is clean when the last who had it is known to have left nothing on it."""

    is_clean: bool = False


Cursor = AsyncCursor[TupleRow]
Pool = AsyncConnectionPool[Connection]

_OPTIONS = "-c timezone=UTC -c statement_timeout=60s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
_WAIT_S = 1.0


async def _forget(connection: Connection) -> None:
    """Drop settings, temporary tables, cursors and listeners that the last one left, before the next one begins."""
    if not connection.is_clean:
        await connection.execute(statement("forget_session"))
    connection.is_clean = False


async def open_pool(app_dsn: str, connections: int) -> Pool:
    """Open a pool, after trying one connection so that a wrong connection string is told at once."""
    conninfo = make_conninfo(app_dsn, options=f"{conninfo_to_dict(app_dsn).get('options', '')} {_OPTIONS}")
    async with await AsyncConnection.connect(conninfo) as connection:
        await connection.execute(statement("current_tenant"))
    pool: Pool = AsyncConnectionPool(
        conninfo,
        connection_class=Connection,
        # psycopg would not notice that DISCARD ALL, which needs autocommit, drops prepared statements
        kwargs={"autocommit": True, "prepare_threshold": None},
        min_size=1,
        max_size=connections,
        timeout=_WAIT_S,
        reconnect_timeout=_WAIT_S / 2,  # giving up is what lets the next one who asks try at once
        open=False,
        check=_forget,
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

    async def at_once(self, query: bytes, values: Mapping[str, object]) -> None:
        """Run one statement as a transaction of its own. It shows the key that it is given, and nothing outlasts it.

        Raises:
            Refused: A rule of the database forbids it, so that nothing is stored.
            StoreUnreachable: The server went away; repeating the statement is safe.

        """
        key = await self.keyring.key(self.tenant)
        try:
            connection = await self.pool.getconn()
            try:
                await connection.execute(query, {"key": key, **values})
                connection.is_clean = True
            finally:
                await self.pool.putconn(connection)
        except psycopg.Error as error:
            raise explained(error) from error

    async def _begin(self, key: str, *, snapshot: bool) -> Connection:
        """Take a connection and open the transaction; replace broken connections, and wait for a server."""
        for _ in range(self.patience):
            try:
                return await self._try_begin(key, snapshot=snapshot)
            except psycopg.OperationalError:
                await self.pool.check()
        return await self._try_begin(key, snapshot=snapshot)

    async def _try_begin(self, key: str, *, snapshot: bool) -> Connection:
        connection = await self.pool.getconn()
        try:
            async with connection.pipeline():
                await connection.execute(statement("begin_snapshot" if snapshot else "begin"))
                await connection.execute(statement("show_key"), {"key": key})
        except BaseException:
            await self.pool.putconn(connection)
            raise
        return connection

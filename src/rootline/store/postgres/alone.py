"""One process at a time changes the schema of a database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import AsyncConnection

from rootline.store.sql import statement


@asynccontextmanager
async def alone(owner: AsyncConnection) -> AsyncIterator[None]:
    """Wait for whoever changes the schema, and keep others waiting. The lock ends with the connection."""
    await owner.execute(statement("hold_schema"))
    try:
        yield
    finally:
        if not owner.closed:
            await owner.execute(statement("release_schema"))

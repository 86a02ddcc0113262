"""pgvector, where the server has it: it makes search faster and never different."""

from psycopg import AsyncConnection
from psycopg.errors import FeatureNotSupported, InsufficientPrivilege, UndefinedFile

from rootline.store.postgres.alone import alone
from rootline.store.sql import statement


async def use_pgvector(owner: AsyncConnection) -> bool:
    """Add the column for it if the server offers the extension and the owner may; say whether it is there."""
    if not await _says(owner, "wants_pgvector"):
        return await _says(owner, "has_pgvector")
    try:
        async with alone(owner), owner.transaction():
            if await _says(owner, "wants_pgvector"):
                await owner.execute(statement("add_pgvector"))
    except (InsufficientPrivilege, FeatureNotSupported, UndefinedFile):
        return False
    return True


async def _says(owner: AsyncConnection, question: str) -> bool:
    row = await (await owner.execute(statement(question))).fetchone()
    return row is not None and bool(row[0])

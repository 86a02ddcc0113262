"""pgvector, where the server has it: it makes search faster and never different."""

from psycopg import AsyncConnection
from psycopg.errors import FeatureNotSupported, InsufficientPrivilege, UndefinedFile

from rootline.store.sql import statement


async def use_pgvector(owner: AsyncConnection) -> bool:
    """Add the column for it if the server offers the extension and the owner may; say whether it is there."""
    if await _says(owner, "wants_pgvector"):
        try:
            async with owner.transaction():
                await owner.execute(statement("add_pgvector"))
        except (InsufficientPrivilege, FeatureNotSupported, UndefinedFile):
            return False
    return await _says(owner, "has_pgvector")


async def _says(owner: AsyncConnection, question: str) -> bool:
    row = await (await owner.execute(statement(question))).fetchone()
    return row is not None and bool(row[0])

"""The runbook index in PostgreSQL: one query ranks by words and by spelling, and fuses."""

from collections.abc import Sequence
from dataclasses import dataclass

from rootline.sources.runbooks import Runbook
from rootline.store.bodies import key_of, read, write
from rootline.store.passages import Passage, by_name, passages, version_of
from rootline.store.postgres.pool import Cursor, TenantPool
from rootline.store.runbooks import CANDIDATES, LEAST_PRODUCT, RANK_CONSTANT
from rootline.store.sql import statement
from rootline.store.terms import terms, vector


@dataclass(frozen=True, kw_only=True)
class PostgresRunbookIndex:
    """Finds passages of one tenant's runbooks. `has_pgvector` only says which way products are computed."""

    tenant: TenantPool
    has_pgvector: bool

    async def index(self, runbooks: Sequence[Runbook]) -> None:
        """Make these the current runbooks. A version that is known is not indexed again."""
        current = {key_of(name): (version_of(one), one) for name, one in by_name(runbooks).items()}
        values = {"names": [*current], "versions": [version for version, _ in current.values()]}
        async with self.tenant.transaction() as cursor:
            await cursor.execute(statement("lock_runbooks"))
            await cursor.execute(statement("retire_runbooks"), values)
            for name, (version, runbook) in current.items():
                await _add(cursor, name, version, runbook)
            await cursor.execute(statement("renew_runbooks"), values)

    async def search(self, query: str, limit: int = 5) -> Sequence[Passage]:
        """Return the best passages first; none when nothing shares a word or is spelled alike."""
        values = {
            "terms": sorted(terms(query)),
            "vector": vector(query).tolist(),
            "least": LEAST_PRODUCT,
            "candidates": CANDIDATES,
            "constant": RANK_CONSTANT,
            "limit": limit,
        }
        name = "search_passages_by_pgvector" if self.has_pgvector else "search_passages"
        async with self.tenant.transaction() as cursor:
            await cursor.execute(statement(name), values)
            return [read(Passage, body, {"score": score}) for body, score in await cursor.fetchall()]


async def _add(cursor: Cursor, name: str, version: str, runbook: Runbook) -> None:
    place = {"name": name, "version": version}
    await cursor.execute(statement("add_runbook"), {**place, "body": key_of(runbook.body)})
    if cursor.rowcount == 0:
        return
    rows = [
        {
            **place,
            "position": position,
            "terms": sorted(terms(passage.indexed)),
            "vector": vector(passage.indexed).tolist(),
            "body": write(passage, without=("score",)),
        }
        for position, passage in enumerate(passages(runbook))
    ]
    await cursor.executemany(statement("add_passage"), rows)

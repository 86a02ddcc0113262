"""An index of documents in PostgreSQL: one query ranks by words and by likeness, and fuses."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rootline.domain.signal import Floats
from rootline.sources.runbooks.source import Runbook
from rootline.store.bodies import key_of, read, write
from rootline.store.documents import CANDIDATES, RANK_CONSTANT, Collection, Document, Found, Indexed, document_of
from rootline.store.embedding import NONE, Embedder, SpellingEmbedder
from rootline.store.passages import Passage
from rootline.store.postgres.pool import Cursor, TenantPool
from rootline.store.runbooks import WORDS_ONLY, embedded, identified
from rootline.store.sql import filled, statement
from rootline.store.terms import terms


@dataclass(frozen=True, kw_only=True)
class PostgresRunbookIndex:
    """Finds passages of one tenant's documents. `has_pgvector` only says which way products are computed."""

    tenant: TenantPool
    has_pgvector: bool
    collection: Collection = "runbooks"
    embedder: Embedder = field(default_factory=SpellingEmbedder)
    name: str = "runbooks"

    async def index(self, runbooks: Sequence[Runbook]) -> Indexed:
        """Make these the current runbooks. A version that is known is neither embedded nor indexed again."""
        return await self._store({one.name: document_of(one) for one in runbooks}, retiring=True)

    async def add(self, documents: Sequence[Document]) -> Indexed:
        """Add documents; a newer version takes the place of an older one."""
        return await self._store({one.name: one for one in documents}, retiring=False)

    async def search(self, query: str, limit: int = 5) -> Found:
        """Return the best passages first; none when nothing shares a word or is alike."""
        (asked,), remark = await embedded(self.embedder, [query])
        values = {
            "collection": self.collection,
            "terms": sorted(terms(query)),
            "vector": asked.tolist(),
            "least": self.embedder.least,
            "candidates": CANDIDATES,
            "constant": RANK_CONSTANT,
            "limit": limit,
        }
        async with self.tenant.transaction() as cursor:
            await cursor.execute(searching(has_pgvector=self.has_pgvector), values)
            rows = await cursor.fetchall()
        return Found(passages=tuple(read(Passage, body, {"score": score}) for body, score in rows), remark=remark)

    async def _store(self, documents: dict[str, Document], *, retiring: bool) -> Indexed:
        """Embed what is new before the transaction, so that a slow server holds no lock."""
        identity, remark = await identified(self.embedder)
        versions = {one.key: one.version(identity) for one in documents.values()}
        known = await self._known(versions)
        fresh = [one for one in documents.values() if one.key not in known]
        texts = [passage.indexed for one in fresh for passage in one.passages]
        vectors, failed = ([NONE for _ in texts], "") if remark else await embedded(self.embedder, texts)
        if failed:
            identity = WORDS_ONLY
            versions.update({one.key: one.version(WORDS_ONLY) for one in fresh})
        values = {"collection": self.collection, "names": [*versions], "versions": [*versions.values()]}
        async with self.tenant.transaction() as cursor:
            await cursor.execute(statement("lock_runbooks"))
            await cursor.execute(statement("retire_runbooks"), {**values, "all": retiring})
            retired = cursor.rowcount
            made = iter(vectors)
            for one in fresh:
                own = [next(made) for _ in one.passages]
                await self._add(cursor, one, versions[one.key], identity, own)
            await cursor.execute(statement("renew_runbooks"), values)
        replaced = 0 if not retiring else sum(1 for one in fresh if one.key in known.former)
        return Indexed(
            added=len(fresh),
            unchanged=len(documents) - len(fresh),
            retired=max(retired - replaced, 0) if retiring else 0,
            remark=remark or failed,
        )

    async def _known(self, versions: dict[str, str]) -> "_Known":
        """Say which documents are indexed in this version, and which have a current one at all."""
        values = {"collection": self.collection, "names": [*versions], "versions": [*versions.values()]}
        async with self.tenant.transaction() as cursor:
            await cursor.execute(statement("known_runbooks"), values)
            rows = await cursor.fetchall()
        return _Known(
            same=frozenset(name for name, is_same, _ in rows if is_same),
            former=frozenset(name for name, _, is_current in rows if is_current),
        )

    async def _add(
        self, cursor: Cursor, document: Document, version: str, identity: str, vectors: Sequence[Floats]
    ) -> None:
        place = {"collection": self.collection, "name": document.key, "version": version}
        await cursor.execute(statement("add_runbook"), {**place, "body": key_of(document.body)})
        if cursor.rowcount == 0:
            return
        rows = [
            {
                **place,
                "position": position,
                "embedder": identity,
                "terms": sorted(terms(passage.indexed)),
                "vector": vector.tolist(),
                "body": write(passage, without=("score", "ref")),
            }
            for position, (passage, vector) in enumerate(zip(document.passages, vectors, strict=True))
        ]
        await cursor.executemany(statement("add_passage"), rows)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """Names of documents: those indexed in the asked version, and those that have a current version of any kind."""

    same: frozenset[str]
    former: frozenset[str]

    def __contains__(self, name: str) -> bool:
        return name in self.same


def searching(*, has_pgvector: bool) -> bytes:
    """Return the search, in which pgvector makes the products where the server has it."""
    return (
        filled("search_passages", "product", by="product_by_pgvector") if has_pgvector else statement("search_passages")
    )

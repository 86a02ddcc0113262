"""An index of documents in Qdrant, with the collections and payloads of the data model and the same results.

Qdrant keeps the vectors and the words of each passage as a sparse vector; the weights of words are counted here, for
the tenant alone, since Qdrant's own would count everybody's. Every request carries the tenant, which comes from who
is asking and never from a question.
"""

import asyncio
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from rootline.domain.signal import Floats
from rootline.errors import Misconfigured
from rootline.sources.failure import SourceFailed
from rootline.sources.runbooks.source import Runbook
from rootline.store.bodies import read, write
from rootline.store.documents import (
    CANDIDATES,
    Collection,
    Document,
    Found,
    Indexed,
    Place,
    document_of,
    fused,
    ranks,
)
from rootline.store.embedding import NONE, Embedder
from rootline.store.passages import Passage
from rootline.store.qdrant_asking import answered
from rootline.store.qdrant_collections import ADVICE, TEXT, WORDS, size_of
from rootline.store.runbooks import WORDS_ONLY, embedded, identified, weight
from rootline.store.terms import terms

PAGE, BATCH = 1_000, 200
MORE = 4
"""Source: ours; candidates asked for beyond those ranked, so that ties are broken here as they are elsewhere."""
AT_ONCE = 8
_asked = partial(answered, advice=ADVICE)


@dataclass(frozen=True, kw_only=True)
class QdrantIndex:
    """Finds passages of one tenant's documents."""

    client: AsyncQdrantClient
    tenant: UUID
    embedder: Embedder
    collection: Collection = "runbooks"
    name: str = "qdrant"
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def index(self, runbooks: Sequence[Runbook]) -> Indexed:
        """Make these the current runbooks; versions that were stay, and are found no more."""
        return await self._store([*{one.name: document_of(one) for one in runbooks}.values()], retiring=True)

    async def add(self, documents: Sequence[Document]) -> Indexed:
        """Add documents; a newer version takes the place of an older one."""
        return await self._store([*{one.name: one for one in documents}.values()], retiring=False)

    async def search(self, query: str, limit: int = 5) -> Found:
        """Return the best passages first, each with the point that holds it."""
        (asked,), remark = await embedded(self.embedder, [query])
        if not await _asked(self.client.collection_exists(self.collection)):
            return Found(remark=remark)
        found: dict[Place, q.ScoredPoint] = {}
        by_words = ranks(_placed(await self._by_words(terms(query)), found))
        by_likeness = ranks(_placed(await self._by_likeness(asked), found))
        best = fused(by_words, by_likeness, limit)
        return Found(passages=tuple(self._passage(found[place], score) for place, score in best), remark=remark)

    async def _store(self, documents: Sequence[Document], *, retiring: bool) -> Indexed:
        identity, remark = await identified(self.embedder)
        if not await self._prepared(identity):
            return Indexed(remark=remark)
        known = await self._known()
        fresh = [one for one in documents if (one.key, one.version(identity)) not in known]
        texts = [passage.indexed for one in fresh for passage in one.passages]
        vectors, failed = ([NONE for _ in texts], "") if remark else await embedded(self.embedder, texts)
        versions = {one.key: one.version(identity) for one in documents}
        if failed:
            versions.update({one.key: one.version(WORDS_ONLY) for one in fresh})
        made = iter(vectors)
        points = [
            self._point(one, versions[one.key], at, next(made)) for one in fresh for at in range(len(one.passages))
        ]
        for start in range(0, len(points), BATCH):
            await _asked(self.client.upsert(self.collection, points[start : start + BATCH], wait=True))
        gone = await self._mark(known, versions, retiring=retiring)
        retired = len(gone - versions.keys()) if retiring else 0
        return Indexed(
            added=len(fresh), unchanged=len(documents) - len(fresh), retired=retired, remark=remark or failed
        )

    async def _mark(
        self, known: Mapping[tuple[str, str], "_Version"], versions: Mapping[str, str], *, retiring: bool
    ) -> set[str]:
        """Make the named versions current and others not; return the documents that lost a current version."""
        wanted = {*versions.items()}
        back = [one for key, one in known.items() if key in wanted and not one.is_current]
        gone = {
            key: one
            for key, one in known.items()
            if one.is_current and key not in wanted and (retiring or key[0] in versions)
        }
        for is_current, held in ((True, back), (False, [*gone.values()])):
            points = [point for one in held for point in one.points]
            if points:
                payload = {"is_current": is_current}
                await _asked(self.client.set_payload(self.collection, payload, points=points, wait=True))
        return {name for name, _ in gone}

    async def _known(self) -> Mapping[tuple[str, str], "_Version"]:
        """Return every version of the tenant's documents with its points."""
        found: dict[tuple[str, str], _Version] = {}
        offset: Any = None
        while True:
            records, offset = await _asked(
                self.client.scroll(self.collection, scroll_filter=self._mine(current=False), limit=PAGE, offset=offset)
            )
            for record in records:
                held = record.payload or {}
                version = found.setdefault((held["name"], held["version"]), _Version(is_current=held["is_current"]))
                version.points.append(record.id)
            if offset is None:
                return found

    async def _prepared(self, identity: str) -> bool:
        """Make the collection unless it is there; say whether there is one.

        Raises:
            Misconfigured: Its vectors are not ours, or have another size than the embedder's.

        """
        size = int(identity.rpartition("/")[2])
        if await _asked(self.client.collection_exists(self.collection)):
            params = (await _asked(self.client.get_collection(self.collection))).config.params
            held = size_of(self.collection, params)
            if identity != WORDS_ONLY and held != size:
                raise Misconfigured(
                    f"Qdrant's collection {self.collection} holds vectors of {held} numbers, and the embedder makes "
                    f"{size}. Remove the collection to have it made anew, or name another server."
                )
            return True
        if identity == WORDS_ONLY:
            return False
        return await self._made(identity, size)

    async def _made(self, identity: str, size: int) -> bool:
        """Make the collection; another process may have made it meanwhile."""
        made = {TEXT: q.VectorParams(size=size, distance=q.Distance.DOT)}
        sparse = {WORDS: q.SparseVectorParams()}
        try:
            await _asked(
                self.client.create_collection(self.collection, vectors_config=made, sparse_vectors_config=sparse)
            )
        except SourceFailed:
            if not await _asked(self.client.collection_exists(self.collection)):
                raise
            return await self._prepared(identity)
        return True

    def _point(self, document: Document, version: str, position: int, vector: Floats) -> q.PointStruct:
        passage = document.passages[position]
        held = sorted(terms(passage.indexed))
        words = q.SparseVector(indices=sorted({_code(term) for term in held}), values=[1.0] * len({*map(_code, held)}))
        place = f"{self.tenant}/{self.collection}/{document.key}/{version}/{position}"
        told = {key: value for key, value in document.payload.items() if value}
        return q.PointStruct(
            id=str(uuid5(NAMESPACE_URL, place)),
            vector={WORDS: words} | ({TEXT: vector.tolist()} if vector.size > 1 else {}),
            payload={
                **told,
                "tenant_id": str(self.tenant),
                "is_current": True,
                "name": document.key,
                "version": version,
                "position": position,
                "terms": held,
                "passage": write(passage, without=("score", "ref", "payload")),
            },
        )

    def _mine(self, *, current: bool = True, term: str = "") -> q.Filter:
        """Select what is the tenant's own, which no question can widen."""
        must: list[Any] = [q.FieldCondition(key="tenant_id", match=q.MatchValue(value=str(self.tenant)))]
        if current:
            must.append(q.FieldCondition(key="is_current", match=q.MatchValue(value=True)))
        if term:
            must.append(q.FieldCondition(key="terms", match=q.MatchValue(value=term)))
        return q.Filter(must=must)

    async def _by_words(self, asked: Iterable[str]) -> Sequence[q.ScoredPoint]:
        known = sorted(asked)
        if not known:
            return ()
        total, *holding = await asyncio.gather(self._count(""), *(self._count(term) for term in known))
        weights = {_code(term): weight(total, held) for term, held in zip(known, holding, strict=True) if held}
        if not weights:
            return ()
        query = q.SparseVector(indices=sorted(weights), values=[float(weights[code]) for code in sorted(weights)])
        return await self._points(query, WORDS, 1.0)

    async def _by_likeness(self, asked: Floats) -> Sequence[q.ScoredPoint]:
        return await self._points(asked.tolist(), TEXT, float(self.embedder.least)) if asked.size > 1 else ()

    async def _points(self, query: Any, using: str, least: float) -> Sequence[q.ScoredPoint]:
        answer = await _asked(
            self.client.query_points(
                self.collection,
                query=query,
                using=using,
                query_filter=self._mine(),
                limit=MORE * CANDIDATES,
                score_threshold=least,
            )
        )
        return answer.points

    async def _count(self, term: str) -> int:
        async with self._room:
            counted = await _asked(self.client.count(self.collection, self._mine(term=term), exact=True))
        return counted.count

    def _passage(self, point: q.ScoredPoint, score: float) -> Passage:
        held = point.payload or {}
        told = {key: str(value) for key, value in held.items() if key not in {"terms", "passage", "tenant_id"}}
        also = {"score": score, "ref": f"{self.collection}/{point.id}", "payload": told}
        return read(Passage, held["passage"], also)


@dataclass(frozen=True, kw_only=True)
class _Version:
    """The points of one version of a document."""

    is_current: bool
    points: list[Any] = field(default_factory=list)


def _placed(points: Iterable[q.ScoredPoint], found: dict[Place, q.ScoredPoint]) -> Iterable[tuple[int, Place]]:
    """Return score and place of each point, and keep the point by its place."""
    for point in points:
        held = point.payload or {}
        place = (str(held["name"]), int(held["position"]))
        found[place] = point
        yield round(point.score), place


def _code(term: str) -> int:
    return zlib.crc32(term.encode("utf-8", "surrogatepass"))

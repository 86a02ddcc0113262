"""Search in runbooks, and in other collections of text, by words and by likeness, fused by rank.

By words: the weights of the asked words that a passage holds, added up; a rare word weighs more.
By likeness: the product of the two texts' vectors, where it is at least what the embedder calls alike.
Both are whole numbers or exact products of them, so an index in memory, one in PostgreSQL, with or without
pgvector, and one in Qdrant give the same passages in the same order.
"""

import math
from collections.abc import Collection as Many
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from rootline.domain.signal import Floats
from rootline.sources.runbooks.source import Runbook
from rootline.store.documents import Document, Found, Indexed, Place, document_of, fused, ranks
from rootline.store.embedding import NONE, Embedder, EmbeddingFailed, SpellingEmbedder
from rootline.store.passages import Passage
from rootline.store.terms import terms

WORDS_ONLY = "words/1"
"""The identity of what was indexed while it could not be embedded."""
BY_WORDS = "searched by words alone"


class RunbookIndex(Protocol):
    """Finds passages of one tenant's documents."""

    @property
    def name(self) -> str:
        """The backend that evidence names."""
        ...

    async def index(self, runbooks: Sequence[Runbook]) -> Indexed:
        """Make these the current runbooks; what is not among them is found no more."""
        ...

    async def add(self, documents: Sequence[Document]) -> Indexed:
        """Add documents to those that are there; a newer version takes the place of an older one."""
        ...

    async def search(self, query: str, limit: int = 5) -> Found:
        """Return the best passages first; none when nothing shares a word or is alike."""
        ...


async def identified(embedder: Embedder) -> tuple[str, str]:
    """Return the embedder's identity and no remark; or that there are only words, and why."""
    try:
        return await embedder.identity(), ""
    except EmbeddingFailed as failed:
        return WORDS_ONLY, f"{BY_WORDS}: {failed}"


async def embedded(embedder: Embedder, texts: Sequence[str]) -> tuple[list[Floats], str]:
    """Return the texts' vectors and no remark; or vectors that are alike to nothing, and why."""
    try:
        return await embedder.embed(texts), ""
    except EmbeddingFailed as failed:
        return [NONE for _ in texts], f"{BY_WORDS}: {failed}"


def weight(passages: int, holding: int) -> int:
    """Weigh a word in thousandths, more the fewer passages hold it.

    Source: S. Robertson and H. Zaragoza, "The probabilistic relevance framework" (2009), section 3.
    """
    return round(1000 * math.log(1 + (passages - holding + 0.5) / (holding + 0.5)))


@dataclass(frozen=True, kw_only=True)
class _Indexed:
    passage: Passage
    place: Place
    terms: frozenset[str]
    vector: Floats


@dataclass(kw_only=True)
class MemoryRunbookIndex:
    """An index that ends with the process. Each search of it carries `remark`, which says what it stands in for."""

    embedder: Embedder = field(default_factory=SpellingEmbedder)
    name: str = "runbooks"
    remark: str = ""
    _versions: dict[str, str] = field(default_factory=dict)
    _passages: dict[str, list[_Indexed]] = field(default_factory=dict)

    async def index(self, runbooks: Sequence[Runbook]) -> Indexed:
        """Make these the current runbooks."""
        documents = {one.name: document_of(one) for one in runbooks}
        gone = [key for key in self._versions if key not in {one.key for one in documents.values()}]
        for key in gone:
            del self._versions[key], self._passages[key]
        added = await self.add([*documents.values()])
        return Indexed(added=added.added, unchanged=added.unchanged, retired=len(gone), remark=added.remark)

    async def add(self, documents: Sequence[Document]) -> Indexed:
        """Add documents, embedding those that are new."""
        identity, remark = await identified(self.embedder)
        fresh = [one for one in documents if self._versions.get(one.key) != one.version(identity)]
        texts = [passage.indexed for one in fresh for passage in one.passages]
        vectors, failed = ([NONE for _ in texts], "") if remark else await embedded(self.embedder, texts)
        made = iter(vectors)
        for one in fresh:
            self._versions[one.key] = WORDS_ONLY if remark or failed else one.version(identity)
            self._passages[one.key] = [
                _Indexed(passage=passage, place=(one.key, at), terms=terms(passage.indexed), vector=next(made))
                for at, passage in enumerate(one.passages)
            ]
        return Indexed(added=len(fresh), unchanged=len(documents) - len(fresh), remark=remark or failed)

    async def search(self, query: str, limit: int = 5) -> Found:
        """Rank by words, rank by likeness, and fuse."""
        known = [one for held in self._passages.values() for one in held]
        (asked,), remark = await embedded(self.embedder, [query])
        best = fused(ranks(_words(known, terms(query))), ranks(_alike(known, asked, self.embedder.least)), limit)
        found = {one.place: one.passage for one in known}
        remark = "; ".join(part for part in (self.remark, remark) if part)
        return Found(
            passages=tuple(found[place].model_copy(update={"score": score}) for place, score in best), remark=remark
        )


def _words(known: Sequence[_Indexed], asked: Many[str]) -> Iterable[tuple[int, Place]]:
    weights = {term: weight(len(known), sum(term in one.terms for one in known)) for term in asked}
    for one in known:
        if held := one.terms & weights.keys():
            yield sum(weights[term] for term in held), one.place


def _alike(known: Sequence[_Indexed], asked: Floats, least: int) -> Iterable[tuple[int, Place]]:
    for one in known:
        if one.vector.size == asked.size and (product := int(np.dot(one.vector, asked))) >= least:
            yield product, one.place

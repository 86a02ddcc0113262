"""Search in runbooks by words and by spelling, fused by rank.

By words: the weights of the asked words that a passage holds, added up; a rare word weighs more.
By spelling: the cosine of the two texts' vectors, where it is at least ALIKE.
Both are whole numbers or exact products of them, so an index in memory and one in PostgreSQL, with or without
pgvector, give the same passages in the same order.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rootline.sources.runbooks import Runbook
from rootline.store.bodies import key_of
from rootline.store.passages import Passage, by_name, passages
from rootline.store.terms import ALIKE, LENGTH, terms, vector

RANK_CONSTANT = 60
"""Source: G. Cormack, C. Clarke and S. Buettcher, "Reciprocal rank fusion" (2009)."""
CANDIDATES = 50
LEAST_PRODUCT = math.ceil(ALIKE * LENGTH * LENGTH)


class RunbookIndex(Protocol):
    """Finds passages of one tenant's runbooks."""

    async def index(self, runbooks: Sequence[Runbook]) -> None:
        """Make these the current runbooks; what is not among them is found no more."""
        ...

    async def search(self, query: str, limit: int = 5) -> Sequence[Passage]:
        """Return the best passages first; none when nothing shares a word or is spelled alike."""
        ...


@dataclass(frozen=True, kw_only=True)
class _Indexed:
    passage: Passage
    place: tuple[str, int]
    terms: frozenset[str]
    vector: NDArray[np.float64]


@dataclass
class MemoryRunbookIndex:
    """An index that ends with the process."""

    _passages: list[_Indexed] = field(default_factory=list)

    async def index(self, runbooks: Sequence[Runbook]) -> None:
        """Index the runbooks anew."""
        self._passages = [
            _Indexed(
                passage=passage,
                place=(key_of(name), position),
                terms=terms(passage.indexed),
                vector=vector(passage.indexed),
            )
            for name, runbook in by_name(runbooks).items()
            for position, passage in enumerate(passages(runbook))
        ]

    async def search(self, query: str, limit: int = 5) -> Sequence[Passage]:
        """Rank by words, rank by spelling, and fuse."""
        by_words = _ranks(self._words(terms(query)))
        by_spelling = _ranks(self._spelling(vector(query)))
        scores = {
            place: _share(by_words.get(place)) + _share(by_spelling.get(place)) for place in {*by_words, *by_spelling}
        }
        best = sorted(scores, key=lambda place: (-scores[place], place))[:limit]
        found = {one.place: one.passage for one in self._passages}
        return [found[place].model_copy(update={"score": scores[place]}) for place in best]

    def _words(self, asked: Collection[str]) -> Iterable[tuple[int, tuple[str, int]]]:
        weights = {term: self._weight(term) for term in asked}
        for one in self._passages:
            if held := one.terms & weights.keys():
                yield sum(weights[term] for term in held), one.place

    def _weight(self, term: str) -> int:
        """Weigh a word in thousandths, more the fewer passages hold it.

        Source: S. Robertson and H. Zaragoza, "The probabilistic relevance framework" (2009), section 3.
        """
        holding = sum(term in one.terms for one in self._passages)
        return round(1000 * math.log(1 + (len(self._passages) - holding + 0.5) / (holding + 0.5)))

    def _spelling(self, asked: NDArray[np.float64]) -> Iterable[tuple[int, tuple[str, int]]]:
        for one in self._passages:
            product = int(one.vector @ asked)
            if product >= LEAST_PRODUCT:
                yield product, one.place


def _ranks(scored: Iterable[tuple[int, tuple[str, int]]]) -> Mapping[tuple[str, int], int]:
    best = sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:CANDIDATES]
    return {place: rank for rank, (_, place) in enumerate(best, start=1)}


def _share(rank: int | None) -> float:
    return 0.0 if rank is None else 1.0 / (RANK_CONSTANT + rank)

"""BM25: how well documents match a query by their words alone."""

import math
from collections import Counter
from collections.abc import Sequence

from rootline.changes.words.tokens import terms

_SATURATION, _LENGTH = 1.2, 0.75


def bm25(query: str, documents: Sequence[str]) -> list[float]:
    """Return the score of each document, 0 where no word is shared.

    Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), with k1 1.2, b 0.75.
    """
    counted = [terms(text) for text in documents]
    asked = terms(query)
    sizes = [sum(one.values()) for one in counted]
    usual = sum(sizes) / len(sizes) if sizes else 1.0
    rarity = {word: _rarity(word, counted) for word in asked}
    return [_score(one, size / (usual or 1.0), rarity) for one, size in zip(counted, sizes, strict=True)]


def _rarity(word: str, documents: Sequence[Counter[str]]) -> float:
    holding = sum(word in one for one in documents)
    return math.log(1.0 + (len(documents) - holding + 0.5) / (holding + 0.5))


def _score(document: Counter[str], length: float, rarity: dict[str, float]) -> float:
    slowed = _SATURATION * (1.0 - _LENGTH + _LENGTH * length)
    return sum(
        weight * document[word] * (_SATURATION + 1.0) / (document[word] + slowed) for word, weight in rarity.items()
    )

"""Texts as vectors of whole numbers, so that a product of two is exact however and wherever it is computed."""

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from rootline.domain.signal import Floats
from rootline.errors import RootlineError
from rootline.store.terms import ALIKE, DIMENSIONS, LENGTH, vector

LONG = 4_000
"""The length of an embedded vector. Its square, the largest product, is below 2^24, where single precision ends."""
MEANT_ALIKE = 0.25
"""Source: ours; models differ in how alike they call unrelated texts, and fusing by rank needs only an order."""
NONE: Floats = np.zeros(1)
"""The vector of a text that could not be embedded: of another length than any other, so alike to none."""


class EmbeddingFailed(RootlineError):
    """Texts cannot be embedded now: the server is away, refuses, or answers in another shape."""


class Embedder(Protocol):
    """Makes vectors. `least` is the least product at which two texts are called alike."""

    least: int

    async def identity(self) -> str:
        """Return the name and size of the vectors; what was embedded under another one is embedded anew.

        Raises:
            EmbeddingFailed: It cannot be told now.

        """
        ...

    async def embed(self, texts: Sequence[str]) -> list[Floats]:
        """Return a vector of whole numbers for each text.

        Raises:
            EmbeddingFailed: There are none now.

        """
        ...


SPELLING = f"spelling/{DIMENSIONS}"


class SpellingEmbedder:
    """Needs nothing and knows no meaning: it finds what is spelled alike."""

    least = math.ceil(ALIKE * LENGTH * LENGTH)

    async def identity(self) -> str:
        """Return the name and size."""
        return SPELLING

    async def embed(self, texts: Sequence[str]) -> list[Floats]:
        """Return the spelling of each text."""
        return [vector(text) for text in texts]


def whole(raw: Sequence[float]) -> Floats:
    """Stretch a vector to `LONG` and round it; one of zeros stays one.

    Raises:
        EmbeddingFailed: It holds something that is no finite number.

    """
    found = np.array(raw, dtype=np.float64)
    if not np.isfinite(found).all():
        raise EmbeddingFailed("The embedding server sent a vector that holds no finite number.")
    length = float(np.linalg.norm(found))
    return np.rint(found * (LONG / length)) if length else found

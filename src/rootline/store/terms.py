"""Words and spelling of a text, made here and not by the database, so that every index agrees.

Both are lexical: they find the same words, their plural, and what is spelled alike. They know no meaning.
"""

import re
import zlib

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 256
LENGTH = 400
"""The length of every vector, in whole numbers: rounding to them turns it by about a hundredth."""
ALIKE = 0.3
"""The least cosine at which two texts are called alike. Unrelated texts scatter around 0 by 1/16."""

_LONGEST_TEXT, _LONGEST_WORD, _SHORTEST_PLURAL = 20_000, 60, 4
_WORD = re.compile(r"[^\W_]+")
_EMPTY_WORDS = frozenset(
    """
    a an and are as at be by do does for from has have how i if in is it its no not of on or so than that the their
    then there these this to was we were what when where which who why will with you your
    """.split()  # noqa: SIM905 - prose reads better than a list of it
)


def terms(text: str) -> frozenset[str]:
    """Return the words that carry meaning, lower case, each with its singular."""
    words = {word[:_LONGEST_WORD] for word in _WORD.findall(text[:_LONGEST_TEXT].casefold())} - _EMPTY_WORDS
    return frozenset(words | {_singular(word) for word in words})


def _singular(word: str) -> str:
    """Take the plural off; short names such as dns keep their s.

    Source: D. Harman, "How effective is suffixing?" (1991), the S stemmer.
    """
    if len(word) < _SHORTEST_PLURAL:
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word


def vector(text: str) -> NDArray[np.float64]:
    """Return the spelling of a text: hashed runs of three and four characters, shape (256,), whole numbers.

    The square root keeps a repeated word from drowning the others. A text without words is all zeros.

    Source: K. Weinberger et al., "Feature hashing for large scale multitask learning" (2009), for the sign.
    """
    counts = np.zeros(DIMENSIONS)
    for word in _WORD.findall(text[:_LONGEST_TEXT].casefold()):
        if word not in _EMPTY_WORDS:
            _count(counts, f" {word[:_LONGEST_WORD]} ")
    damped = np.sign(counts) * np.sqrt(np.abs(counts))
    norm = float(np.linalg.norm(damped))
    return np.rint(damped * (LENGTH / norm)) if norm else damped


def _count(counts: NDArray[np.float64], word: str) -> None:
    for size in (3, 4):
        for start in range(len(word) - size + 1):
            code = zlib.crc32(word[start : start + size].encode())
            counts[code % DIMENSIONS] += 1 if code & 0x80000000 else -1

"""Runs of marked places, followed from where they are entered to where they end: 64 places at once."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.bool_]
_Words = NDArray[np.uint64]
To = Literal["up", "down"]
WORD = 64


def reached(seeds: Places, ways: Places, to: To) -> Places:
    """The seeds, which are ways too, and all places that an unbroken way leads to from a seed in this direction.

    There are as many places as bits in some whole words: a multiple of `WORD`.
    """
    return _unpacked(_flooded(_packed(seeds, to), _packed(ways, to)), to)


def _flooded(seeds: _Words, ways: _Words) -> _Words:
    """The same with a bit for each place, the lowest first.

    Ways plus seeds is a sum that carries along a way from its first seed on: those bits of the way become zeros.
    """
    total = ways + seeds
    carries = total < ways
    while carries[:-1].any():
        total[1:] += carries[:-1]
        carries[1:] = carries[:-1] & (total[1:] == 0)
        carries[0] = False
    return ways & ~total | seeds


def _packed(places: Places, to: To) -> _Words:
    if to == "up":
        return np.packbits(places, bitorder="little").view("<u8")
    return np.packbits(places)[::-1].copy().view("<u8")


def _unpacked(words: _Words, to: To) -> Places:
    packed = words.view(np.uint8)
    bits = np.unpackbits(packed, bitorder="little") if to == "up" else np.unpackbits(packed[::-1])
    return bits.view(np.bool_)

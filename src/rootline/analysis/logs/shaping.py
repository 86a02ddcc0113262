"""A cheap key: lines with the same key have the same template, so that only one of them needs masking."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rootline.analysis.logs.widening import WIDE, Widener

_REMEMBERED = 200_000
_AT_ONCE = 60_000
"""Source: ours; for more bytes at once a process asks the system for memory again and again, at twice the time."""
_ESCAPED = re.compile(rb"\\u(?!00[0-7])([0-9a-fA-F]{4})")
_DASH, _DOT, _ZERO, _LINE, _A = b"-.0_a"
_DIGITS, _LETTERS, _SMALL = 10, 26, 0x20
_Places = NDArray[np.bool_]


class _Known(dict[bytes, bytes]):
    """The key of each shape, found when it is first asked for."""

    def __init__(self, widener: Widener) -> None:
        super().__init__()
        self._widener = widener

    def __missing__(self, shape: bytes) -> bytes:
        self._widener.learn(shape)
        key = self[shape] = self._widener.widen(shape)
        return key


@dataclass(kw_only=True)
class Shaper:
    """Gives texts their keys, and remembers those of the last `remembered` shapes."""

    remembered: int = _REMEMBERED
    widener: Widener = field(default_factory=Widener)
    _known: _Known = field(init=False)

    def __post_init__(self) -> None:
        self._known = _Known(self.widener)

    def keys(self, texts: Sequence[bytes]) -> list[bytes]:
        """The key of each text: a zero stands for every number, and a blank for words that vary without end.

        Keys given before words were found to vary must be widened again.
        """
        keys: list[bytes] = []
        parts = 1 + sum(map(len, texts)) // _AT_ONCE
        step = -(-len(texts) // parts) or 1
        for at in range(0, len(texts), step):
            if len(self._known) > self.remembered:
                self._known.clear()
            keys += map(self._known.__getitem__, _shapes(texts[at : at + step]))
        return keys


def opened(text: str, key: bytes, hole: str) -> str:
    """The text with a hole for every word that is blank in its key."""
    if WIDE not in key:
        return text
    words = text.split(" ")
    for at, word in enumerate(key.split(b" ")):
        if word == WIDE and at < len(words):
            words[at] = hole
    return " ".join(words)


def _shapes(texts: Sequence[bytes]) -> list[bytes]:
    """The texts with a zero for every number: a digit, the letters right before it and the word after it.

    One pass looks at the bytes of all texts, because they are too short to pay for one each.
    """
    text = b"\n".join(texts)
    if b"\\" in text:
        text = _ESCAPED.sub(_letter, text)
    block = np.frombuffer(text, dtype=np.uint8)
    # Bytes that are smaller than the first of a kind wrap around and are large.
    value = block - _ZERO
    digit = value < _DIGITS
    letter = ((block | _SMALL) - _A < _LETTERS) | (block == _LINE)
    after = _reached(digit, letter | digit | (block == _DOT) | (block == _DASH), "up")
    before = _reached(digit, letter | digit, "down")
    first = after.copy()
    first[1:] &= ~after[:-1]
    shapes = (block - value * digit)[first | ~(after | before)].tobytes().split(b"\n")
    return shapes if len(shapes) == len(texts) else _shapes([text.replace(b"\n", b" ") for text in texts])


def _letter(escaped: re.Match[bytes]) -> bytes:
    return chr(int(escaped[1], 16)).encode(errors="surrogatepass")


def _reached(seeds: _Places, ways: _Places, to: Literal["up", "down"]) -> _Places:
    """The seeds, which are ways too, and all places that an unbroken way leads to from a seed in this direction.

    With a bit for each place in one long number, ways plus seeds is a sum that carries along a way from its first
    seed on: those bits of the way become zeros.
    """
    order: Literal["little", "big"] = "little" if to == "up" else "big"
    seed, way = (int.from_bytes(np.packbits(places, bitorder=order).tobytes(), order) for places in (seeds, ways))
    found = way & ~(way + seed) | seed
    packed = np.frombuffer(found.to_bytes(-(-len(seeds) // 8), order), dtype=np.uint8)
    return np.unpackbits(packed, count=len(seeds), bitorder=order).view(np.bool_)

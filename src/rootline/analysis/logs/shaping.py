"""A cheap key: lines with the same key have the same template, so that only one of them needs masking."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from rootline.analysis.logs.reaching import WORD, reached
from rootline.analysis.logs.widening import WIDE, Widener

_REMEMBERED = 200_000
_AT_ONCE = 120_000
"""Source: ours; for more bytes at once a process asks the system for memory again and again, at twice the time."""
_PADDING = b"\n" * (WORD - 1)
_ESCAPED = re.compile(rb"\\u(?!00[0-7])([0-9a-fA-F]{4})")
_DASH, _ZERO, _LINE, _A = b"-0_a"
_JOINTS, _DIGITS, _LETTERS, _SMALL = 2, 10, 26, 0x20
"""A dash is followed by a dot."""


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

    One pass looks at the bytes of many texts, because they are too short to pay for one each.
    """
    text = b"\n".join([*texts, _PADDING])
    if b"\\" in text:
        text = _ESCAPED.sub(_letter, text)
    if text.count(b"\n") > len(texts) + _PADDING.count(b"\n"):
        return _shapes([text.replace(b"\n", b" ") for text in texts])
    return _folded(text).split(b"\n", len(texts))[: len(texts)]


def _letter(escaped: re.Match[bytes]) -> bytes:
    return chr(int(escaped[1], 16)).encode(errors="surrogatepass")


def _folded(text: bytes) -> bytes:
    """The text without its numbers but for a zero each, and without the line feeds at its end that are too many."""
    block = np.frombuffer(text, dtype=np.uint8, count=len(text) // WORD * WORD)
    # Bytes that are smaller than the first of a kind wrap around and are large.
    value = block - _ZERO
    digit = value < _DIGITS
    word = (block | _SMALL) - _A < _LETTERS
    word |= block == _LINE
    word |= digit
    after = reached(digit, word | (block - _DASH < _JOINTS), "up")
    left_out = reached(digit, word, "down") & ~digit
    left_out[1:] |= after[:-1] & after[1:]
    value *= digit
    return (block - value)[~left_out].tobytes()

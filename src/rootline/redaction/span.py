"""Where in a text a secret stands."""

import bisect
import re
from collections.abc import Iterator
from typing import TypeVar

Text = TypeVar("Text", str, bytes)
Span = tuple[int, int]
"""A half-open range of characters."""

PLACEHOLDER = re.compile(r"«redacted:[a-z_]{1,30}:[0-9a-f]{8}»")


def places(text: Text, word: Text) -> Iterator[int]:
    """Yield each place at which a word begins, from left to right."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def lowered(text: str) -> str:
    """Lower a text's letters without moving any of them."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(char if len(char.lower()) > 1 else char.lower() for char in text)


def apart(spans: list[Span], text: str) -> list[Span]:
    """Leave out what touches a placeholder: that has been done already."""
    taken = [one.span() for one in PLACEHOLDER.finditer(text)]
    if not taken:
        return spans
    starts = [start for start, _ in taken]
    return [one for one in spans if not _touches(one, taken, starts)]


def _touches(span: Span, taken: list[Span], starts: list[int]) -> bool:
    place = bisect.bisect_left(starts, span[1]) - 1
    return place >= 0 and taken[place][1] > span[0]


def joined(spans: list[Span]) -> list[Span]:
    """Order spans and unite those that overlap."""
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united

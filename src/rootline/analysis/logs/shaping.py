"""A cheap key: lines with the same key have the same template, so that only one of them needs masking."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rootline.analysis.logs.widening import Widener

_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)
_NUMBER = re.compile(rb"0[0-9A-Za-z._-]+")
_PREFIXED = re.compile(rb"\b[A-Za-z_]++0")
_REMEMBERED = 200_000


@dataclass(kw_only=True)
class Shaper:
    """Gives rows their keys, and remembers the second, slower half of that for the last `remembered` it has seen."""

    remembered: int = _REMEMBERED
    widener: Widener = field(default_factory=Widener)
    _known: dict[bytes, bytes] = field(default_factory=dict)

    def keys(self, rows: Sequence[bytes]) -> list[bytes]:
        """The key of each row: every token with a digit in it is a zero, with what stands behind the digit.

        Words that vary without end are blank. Keys given before that was noticed must be widened again.
        """
        half = _cut_numbers(rows)
        if len(self._known) > self.remembered:
            self._known.clear()
        self._learn([key for key in dict.fromkeys(half) if key not in self._known])
        return list(map(self._known.__getitem__, half))

    def _learn(self, half: Sequence[bytes]) -> None:
        """Hexadecimal ids may begin with letters, so the letters before a zero go too."""
        whole = _PREFIXED.sub(b"0", b"\n".join(half)).split(b"\n") if half else []
        self.widener.learn(dict.fromkeys(whole))
        self._known.update(zip(half, map(self.widener.widen, whole), strict=True))


def _cut_numbers(rows: Sequence[bytes]) -> list[bytes]:
    whole = b"\n".join(rows).translate(_DIGITS)
    keys = _NUMBER.sub(b"0", whole).split(b"\n") if rows else []
    return keys if len(keys) == len(rows) else _cut_numbers(_without_feeds(rows))


def _without_feeds(rows: Iterable[bytes]) -> list[bytes]:
    return [row.replace(b"\n", b" ") for row in rows]

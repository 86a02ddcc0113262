"""Which text a template with holes stands for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

_HOLE = re.compile(r"<[A-Za-z_*:.#-]{1,30}>|\{[A-Za-z_]{0,30}\}|%[sdvxf]|\*{1,3}|\[?(?:NUM|UUID|IP|HEX)\]?(?!\w)")
_LONGEST = 4000


@dataclass(frozen=True, kw_only=True)
class Glob:
    """The fixed pieces of a template in order, without holes."""

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, template: str) -> Self:
        """Read a template whatever its source writes for a hole: `<*>`, `<N>`, `{}`, `{id}`, `%s`, `*`."""
        pieces = (piece.strip() for piece in _HOLE.split(template[:_LONGEST]))
        return cls(pieces=tuple(piece for piece in pieces if piece))

    @property
    def weight(self) -> int:
        """How many characters are fixed."""
        return sum(map(len, self.pieces))

    def matches(self, text: str) -> bool:
        """Whether all pieces occur in this order. Takes time linear in the text."""
        return bool(self.pieces) and _in_order(self.pieces, text[:_LONGEST])


def _in_order(pieces: Sequence[str], text: str) -> bool:
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True

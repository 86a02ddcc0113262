"""The part of a JSON line that decides what it is counted as, cut out without looking at the rest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from rootline.analysis.logs.layout import Layout

_DIGIT = re.compile(rb"\d")


@dataclass(frozen=True, kw_only=True)
class Cut:
    """From right after the time to the end of the last wanted field, for lines of one layout.

    The time must come first, at the same place in every line, and service and level must have no digits:
    then lines with the same shape of this part have the same service, level and template. `lead` is how many
    words of the part precede the second word of the message.
    """

    layout: Layout
    time_from: int
    time_to: int
    marker: bytes
    lead: int

    @classmethod
    def of(cls, layout: Layout, line: bytes) -> Self | None:
        """Learn where to cut from one line; None where lines of this layout cannot be cut."""
        wanted = [field for field in (layout.message, layout.service, layout.level) if field]
        if not layout.time or not layout.time.quoted or not all(field.quoted for field in wanted):
            return None
        begin = line.find(layout.time.marker) + len(layout.time.marker)
        end = begin + len(layout.time.one(line) or b"")
        places = [line.find(field.marker) for field in wanted]
        if min(places) < end or not cls._plain(layout, line):
            return None
        marker = wanted[places.index(max(places))].marker
        lead = line[end : line.find(layout.message.marker) + len(layout.message.marker)].count(b" ") + 1
        return cls(layout=layout, time_from=begin, time_to=end, marker=marker, lead=lead)

    @staticmethod
    def _plain(layout: Layout, line: bytes) -> bool:
        named = (field.one(line) for field in (layout.service, layout.level) if field)
        return not any(_DIGIT.search(value or b"") for value in named)

    def times(self, lines: Sequence[bytes]) -> list[bytes]:
        """The time of each line."""
        begin, end = self.time_from, self.time_to
        return [line[begin:end] for line in lines]

    def pieces(self, lines: Sequence[bytes]) -> list[bytes]:
        """The deciding part of each line; of a line without the last field, some other part."""
        begin, marker, size = self.time_to, self.marker, len(self.marker)
        return [line[begin : line.find(b'"', line.find(marker, begin) + size)] for line in lines]

    def trusts(self, shape: bytes, line: bytes) -> bool:
        """Whether a shape, seen in this line, is that of a whole deciding part with a service without digits."""
        return self.marker in line and shape[-1:] != b"\\" and shape[:1] == b'"' and self._plain(self.layout, line)

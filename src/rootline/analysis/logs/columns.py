"""The wanted fields of many log lines side by side."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import itemgetter
from typing import Protocol

from rootline.analysis.logs.layout import TEXT, Layout, Name, learned
from rootline.analysis.logs.message import LEVELS, SERVICES, TIMES, fields_of, message_of

_LAYOUTS = 8
_LONGEST = 2000
_PARSED: Mapping[str, int] = {"service": 0, "level": 1, "message": 2, "time": 3}


class _Row(Protocol):
    def __getitem__(self, number: int, /) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Lines with their places in the whole stream and their fields, which stand in a row by numbers."""

    lines: Sequence[bytes]
    index: Sequence[int]
    rows: Sequence[_Row]
    numbers: Mapping[str, int]

    def all(self, name: Name) -> list[bytes]:
        """Return one field of every line, as written, also in JSON; empty for a line that has none."""
        return list(map(itemgetter(self.numbers[name]), self.rows))

    def messages(self) -> list[bytes]:
        """Return the messages, each of at most 2,000 bytes."""
        texts = self.all("message")
        longest = max(map(len, texts), default=0)
        return [text[:_LONGEST] for text in texts] if longest > _LONGEST else texts


@dataclass(kw_only=True)
class Reader:
    """Takes the fields out of lines, and remembers the layouts that the last ones had."""

    _known: list[Layout] = field(default_factory=list)

    def columns(self, lines: Sequence[bytes], index: Sequence[int]) -> list[Columns]:
        """Read lines, those of one layout after the other; JSON lines of odd layouts are parsed one by one.

        `index` has each line's place in the whole stream.
        """
        earlier, self._known = self._known, []
        found: list[Columns] = []
        while lines and len(self._known) < _LAYOUTS:
            is_new = not earlier
            layout = learned(lines) or TEXT if is_new else earlier.pop(0)
            matches = list(map(layout.pattern.match, lines))
            if any(matches):
                self._known.append(layout)
                fit, lines, index = _parted(matches, lines, index)
                found.append(fit)
            elif is_new:
                break
        return [*found, _parsed(lines, index)] if lines else found


def _parted(
    matches: Sequence[re.Match[bytes] | None], lines: Sequence[bytes], index: Sequence[int]
) -> tuple[Columns, Sequence[bytes], Sequence[int]]:
    """The lines that match, and what is left of lines and index."""
    rows = [match for match in matches if match]
    numbers = rows[0].re.groupindex
    if len(rows) == len(lines):
        return Columns(lines=lines, index=index, rows=rows, numbers=numbers), (), ()
    odd = [match is None for match in matches]
    fitting, places = list(compress(lines, matches)), list(compress(index, matches))
    fit = Columns(lines=fitting, index=places, rows=rows, numbers=numbers)
    return fit, list(compress(lines, odd)), list(compress(index, odd))


def _parsed(lines: Sequence[bytes], index: Sequence[int]) -> Columns:
    return Columns(lines=lines, index=index, rows=list(map(_row, lines)), numbers=_PARSED)


def _row(line: bytes) -> tuple[bytes, ...]:
    fields = fields_of(line)
    text = message_of(fields).text if fields else line.decode(errors="replace").rstrip()
    written = text[:_LONGEST].encode(errors="replace")
    return _first(fields, SERVICES), _first(fields, LEVELS), written, _first(fields, TIMES)


def _first(fields: dict[str, object], names: Sequence[str]) -> bytes:
    found = next((fields[name] for name in names if isinstance(fields.get(name), str | int | float)), "")
    return str(found)[:_LONGEST].encode(errors="replace")

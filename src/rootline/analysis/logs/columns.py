"""The wanted fields of many log lines side by side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import itemgetter
from typing import Protocol

from rootline.analysis.logs.layout import TEXT, Layout, Name, learned
from rootline.analysis.logs.message import LEVELS, SERVICES, TIMES, fields_of, message_of

_LAYOUTS = 8
_LONGEST = 2000


class _Row(Protocol):
    def __getitem__(self, name: Name, /) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Lines with their places in the whole stream and their fields."""

    lines: Sequence[bytes]
    index: Sequence[int]
    rows: Sequence[_Row]

    def all(self, name: Name) -> list[bytes]:
        """Return one field of every line, as written, also in JSON; empty for a line that has none."""
        return list(map(itemgetter(name), self.rows))

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
    if len(rows) == len(lines):
        return Columns(lines=lines, index=index, rows=rows), (), ()
    odd = [match is None for match in matches]
    fit = Columns(lines=list(compress(lines, matches)), index=list(compress(index, matches)), rows=rows)
    return fit, list(compress(lines, odd)), list(compress(index, odd))


def _parsed(lines: Sequence[bytes], index: Sequence[int]) -> Columns:
    return Columns(lines=lines, index=index, rows=list(map(_row, lines)))


def _row(line: bytes) -> dict[Name, bytes]:
    fields = fields_of(line)
    text = message_of(fields).text if fields else line.decode(errors="replace").rstrip()
    return {
        "service": _first(fields, SERVICES),
        "level": _first(fields, LEVELS),
        "message": text[:_LONGEST].encode(errors="replace"),
        "time": _first(fields, TIMES),
    }


def _first(fields: dict[str, object], names: Sequence[str]) -> bytes:
    found = next((fields[name] for name in names if isinstance(fields.get(name), str | int | float)), "")
    return str(found)[:_LONGEST].encode(errors="replace")

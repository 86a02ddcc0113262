"""The indented blocks that `kubectl describe` prints."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rootline.analysis.cluster.text import Line, numbered

_KEYED = re.compile(r"^( *)([^:\s][^:]{0,120}):(?: +(.*))?$")
_GAP = re.compile(r" {2,}")
_EVENT_COLUMNS = 5


@dataclass(slots=True)
class Entry:
    """A key with its value and what is indented below it; a continuation line has an empty key."""

    key: str
    value: str
    line: Line
    depth: int
    below: list["Entry"] = field(default_factory=list)

    def child(self, *keys: str) -> "Entry | None":
        """The entry reached by following keys downwards."""
        here: Entry | None = self
        for key in keys:
            here = next((e for e in here.below if e.key == key), None) if here else None
        return here

    def text(self, *keys: str) -> str:
        """The value reached by following keys downwards; empty when there is none."""
        found = self.child(*keys)
        return found.value if found else ""

    def values(self, key: str) -> list[tuple[str, Line]]:
        """A value that goes on over the following lines, such as labels or tolerations."""
        found = self.child(key)
        if found is None or found.value == "<none>":
            return []
        first = [(found.value, found.line)] if found.value else []
        return first + [(e.value or e.key, e.line) for e in found.below]

    def walk(self) -> Iterator["Entry"]:
        """Yield the entry and all below it, in the order of the text."""
        yield self
        for entry in self.below:
            yield from entry.walk()


@dataclass(frozen=True, slots=True)
class TableLine:
    """One row of the events table at the end of a description."""

    cells: tuple[str, ...]
    line: Line


def parse(text: str) -> tuple[Entry, list[TableLine]]:
    """Split a description into its tree and the rows of its events table."""
    lines = numbered(text)
    start = next((i for i, line in enumerate(lines) if line.text.startswith("Events:")), len(lines))
    return _tree(lines[:start]), _events(lines[start + 1 :])


def _tree(lines: list[Line]) -> Entry:
    root = Entry("", "", Line(0, ""), -1)
    open_entries = [root]
    for line in lines:
        entry = _entry(line)
        while open_entries[-1].depth >= entry.depth:
            open_entries.pop()
        open_entries[-1].below.append(entry)
        open_entries.append(entry)
    return root


def _entry(line: Line) -> Entry:
    found = _KEYED.match(line.text)
    if found is None:
        stripped = line.text.lstrip()
        return Entry("", stripped, line, len(line.text) - len(stripped))
    return Entry(found.group(2), (found.group(3) or "").strip(), line, len(found.group(1)))


def _events(lines: list[Line]) -> list[TableLine]:
    found = []
    for line in lines:
        cells = tuple(_GAP.split(line.text.strip(), maxsplit=_EVENT_COLUMNS - 1))
        if cells[0] in {"Normal", "Warning"}:
            found.append(TableLine(cells + ("",) * (_EVENT_COLUMNS - len(cells)), line))
    return found

"""The tables that `kubectl get` prints."""

import re
from dataclasses import dataclass

from rootline.analysis.cluster.text import numbered

_TITLE = re.compile(r"\S+(?: \S+)*")
_GAP = re.compile(r" {2,}")
_MINIMUM_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells by column title, its line number and the line."""

    cells: dict[str, str]
    number: int
    text: str

    def cell(self, title: str) -> str:
        """What stands under a title; empty for `<none>`, `<unset>` or a missing column."""
        held = self.cells.get(title, "")
        return "" if held in {"<none>", "<unset>", "<unknown>"} else held


def rows(text: str) -> list[Row]:
    """Read a table whose first line holds upper-case titles; nothing when it has none."""
    lines = numbered(text)
    if not lines or lines[0].text != lines[0].text.upper():
        return []
    titles = [(m.group(), m.start()) for m in _TITLE.finditer(lines[0].text)]
    if len(titles) < _MINIMUM_COLUMNS:
        return []
    return [Row(_cells(titles, line.text), line.number, line.text) for line in lines[1:]]


def _cells(titles: list[tuple[str, int]], text: str) -> dict[str, str]:
    """Cells by the gaps between them; by the place of the titles where some cells are empty."""
    names = [title for title, _ in titles]
    parts = _GAP.split(text.strip())
    if len(parts) == len(names):
        return dict(zip(names, parts, strict=True))
    second = _GAP.search(text)
    shift = second.end() - titles[1][1] if second else 0
    starts = [0, *(max(0, start + shift) for _, start in titles[1:])]
    ends = [*starts[1:], len(text)]
    return {name: text[a:b].strip() for name, a, b in zip(names, starts, ends, strict=True)}

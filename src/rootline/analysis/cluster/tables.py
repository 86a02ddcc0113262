"""The tables that `kubectl get` prints."""

import re
from dataclasses import dataclass

from rootline.analysis.cluster.text import numbered

_TITLE = re.compile(r"\S+(?: \S+)*")
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
    ends = [start for _, start in titles[1:]] + [None]
    spans = [(title, start, end) for (title, start), end in zip(titles, ends, strict=True)]
    return [
        Row({title: line.text[start:end].strip() for title, start, end in spans}, line.number, line.text)
        for line in lines[1:]
    ]

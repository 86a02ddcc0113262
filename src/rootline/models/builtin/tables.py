"""Lines of a table, as kubectl prints it, that answer a question."""

import re
from collections.abc import Callable, Sequence

_GAP = re.compile(r"\s{2,}")
_LONGEST = 600
_FEW = 4
_WELL = {"Running", "Completed", "Ready", "Active", "Bound", "Succeeded"}
_RESTARTS = {"restart", "restarts", "restarted", "restarting", "crashing", "crash"}
_TROUBLE = {"pending", "failing", "failed", "unhealthy", "ready", "broken", "crashing", "stuck", "down", "not"}
_ALL = {"many", "list", "show", "all"}


def telling_lines(lines: Sequence[str], words: frozenset[str], names: Sequence[str]) -> list[int]:
    """Return the numbers of the lines that answer, in order; where no line does, a few that show it.

    Args:
        lines: A table with its header first.
        words: The words of the question, in lower case.
        names: The services that the question names; none means all.

    """
    rows = [(at, line[:_LONGEST]) for at, line in enumerate(lines) if at and line.strip()]
    named = [(at, line) for at, line in rows if not names or any(name in line for name in names)]
    keep = _rule(lines[0][:_LONGEST] if lines else "", words)
    return [at for at, line in named if keep(line)] or [at for at, _ in named[:_FEW]]


def _rule(header: str, words: frozenset[str]) -> Callable[[str], bool]:
    columns = [name.strip().upper() for name in _GAP.split(header.strip())]
    if words & _RESTARTS and "RESTARTS" in columns:
        place = columns.index("RESTARTS")
        return lambda line: _restarts(_cell(line, place)) > 0
    if words & _TROUBLE and not words & _ALL:
        return lambda line: _is_unwell(line, columns)
    return lambda _: True


def _cell(line: str, place: int) -> str:
    cells = _GAP.split(line.strip())
    return cells[place] if place < len(cells) else ""


def _restarts(cell: str) -> int:
    count = cell.split(" ", 1)[0]
    return int(count) if count.isdecimal() else 0


def _is_unwell(line: str, columns: Sequence[str]) -> bool:
    status = _cell(line, columns.index("STATUS")) if "STATUS" in columns else ""
    ready = re.search(r"\b(\d{1,4})/(\d{1,4})\b", line)
    return (bool(status) and status.split(",")[0] not in _WELL) or (ready is not None and ready[1] != ready[2])

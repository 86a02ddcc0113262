"""Tables as `kubectl get` prints them: upper-case titles, three spaces between columns."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate

from rootline.analysis.cluster.query import View
from rootline.sources.kubernetes.columns import NONE, Column, columns, labels
from rootline.sources.kubernetes.raw import Raw

MOST_TEXT = 380_000
"""Characters; what reads these texts stops at 400,000."""
_GAP = "   "
_LONGEST_CELL = 2_000


def shown(plural: str, view: View, *, everywhere: bool) -> list[Column]:
    """The columns of a view; with the namespace in front where all namespaces are listed."""
    held = [one for one in columns(plural) if view == "wide" or not one.is_wide]
    spaces = [Column("NAMESPACE", lambda object_, _: object_.namespace)] if everywhere else []
    tags = [Column("LABELS", lambda object_, _: labels(object_))] if view == "labels" else []
    return [*spaces, *held, *tags]


def cells(shown_columns: Sequence[Column], object_: Raw, now: datetime) -> list[str]:
    """The cells of one object."""
    return [one.cell(object_, now)[:_LONGEST_CELL].strip() or NONE for one in shown_columns]


def table(titles: Sequence[str], rows: Sequence[Sequence[str]], partial: str = "", *, latest: bool = False) -> str:
    """Align cells under their titles; empty text when there are no rows.

    Of rows that are too long together the first are kept, or the last where those are the `latest`. What is missing is
    said in a column of its own, since every further line would be read as an object.
    """
    kept, why = rows, partial
    while kept:
        lines = _aligned(titles, kept, why)
        fitting = sum(place <= MOST_TEXT for place in accumulate(len(line) + 1 for line in lines)) - 1
        if fitting >= len(kept):
            return "\n".join(lines) + "\n"
        most = max(1, fitting * 4 // 5)
        kept = kept[-most:] if latest else kept[:most]
        why = f"{len(kept):,} of {len(rows):,} rows fit" + (f", {partial}" if partial else "")
    return ""


def _aligned(titles: Sequence[str], rows: Sequence[Sequence[str]], partial: str) -> list[str]:
    heads = [*titles, f"PARTIAL: {partial.upper()}"] if partial else list(titles)
    filled = [heads, *([*row, NONE] if partial else list(row) for row in rows)]
    widths = [max(len(line[place]) for line in filled) for place in range(len(heads))]
    return [_GAP.join(map(str.ljust, line, widths)).rstrip() for line in filled]

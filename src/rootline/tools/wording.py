"""Short text for models and people: numbers, times, lists, and the reading of something that is not there."""

import difflib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from math import isnan

from rootline.domain.evidence import Reading, SourceName
from rootline.domain.fact import AbsenceFact
from rootline.domain.window import Window

SMALL, LARGE = 0.001, 1_000_000


def number(value: float | None) -> str:
    """Write three significant digits, without an exponent where people would not use one."""
    if value is None or isnan(value):
        return "?"
    if value == 0:
        return "0"
    short = f"{value:.3g}"
    return f"{float(short):,.10g}" if "e" in short and SMALL <= abs(value) < LARGE else short


def clock(moment: datetime | None) -> str:
    """Write a moment as its UTC time of day."""
    return "?" if moment is None else f"{moment.astimezone(UTC).time().isoformat('seconds')}Z"


def cut(text: str, length: int) -> str:
    """Shorten untrusted text to one line of at most `length` characters; control characters become spaces."""
    start = text[: length * 4]
    shown = start if start.isprintable() else "".join(char if char.isprintable() else " " for char in start)
    line = " ".join(shown.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def some(names: Iterable[str], most: int = 8) -> str:
    """List a few names and count the rest."""
    known = list(names)
    rest = len(known) - most
    return ", ".join(known[:most]) + (f" and {rest} more" if rest > 0 else "")


def alike(name: str, known: Sequence[str], most: int = 3) -> list[str]:
    """Find known names that may have been meant."""
    inside = [one for one in known if name and name.lower() in one.lower()]
    return list(dict.fromkeys([*inside, *difflib.get_close_matches(name, known, n=most, cutoff=0.5)]))[:most]


def nothing(
    asked: str, window: Window, source: SourceName, *, subject: str, known: bool, reason: str, hints: Sequence[str] = ()
) -> Reading:
    """Make the reading of an absence, which can be cited."""
    fact = AbsenceFact(subject=subject, asked=asked, known=known, reason=reason)
    return Reading(
        status="no_data",
        summary=f"no data for {asked}: {reason}",
        facts=(fact,),
        hints=tuple(hints),
        source=source,
        window=window,
    )


def not_configured(what: str, window: Window, cluster: str) -> Reading:
    """Make the reading for a source that is not there at all."""
    return nothing(
        what,
        window,
        SourceName(backend="none", cluster=cluster),
        subject=what,
        known=False,
        reason=f"no source of {what} is connected or on this tape",
        hints=(f"Answer without {what} and say so.",),
    )

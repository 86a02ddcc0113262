"""The first cause of an error that was passed on: the end of a chain in Java, its beginning in Python."""

import re
from collections.abc import Sequence

LONGEST = 300
CAUSE = "caused by: "
_ROWS = 2_000
_CAUSED = re.compile(r"(?P<indent>[ \t]*)Caused by: (?P<why>\S.{0,400})")
_RAISED = re.compile(
    r"(?:[\w$]{1,60}\.){0,10}[\w$]{1,80}(?:Error|Exception|Exit|Interrupt|Warning|Fault|Timeout)(?::|$)"
)
_PASSED_ON = ("The above exception was the direct cause", "During handling of the above exception")
_CHAIN = re.compile(r"caused by|: [^:]{2,200}: ", re.IGNORECASE)


def root_cause(rows: Sequence[str]) -> str:
    """Return what a stack trace says of its first cause, in at most 300 characters; empty where it tells of none.

    Java writes the cause of each exception below it, those of suppressed ones indented, so the last one counts. Python
    writes the first exception first, and between two of them a sentence.
    """
    some = rows[:_ROWS]
    caused = [found for found in map(_CAUSED.match, some) if found]
    outer = [found for found in caused if not found["indent"]] or caused
    if outer:
        return outer[-1]["why"].strip()[:LONGEST]
    first = next((at for at, row in enumerate(some) if row.startswith(_PASSED_ON)), 0)
    raised = [row for row in some[:first] if _RAISED.match(row)]
    return raised[-1].strip()[:LONGEST] if raised else ""


def with_root(text: str, root: str, length: int, *, beside: str = "\n") -> str:
    """Return the beginning of a text with its first cause behind it, unless it names that already."""
    cause = root[: length // 2]
    if not cause or cause in text[:length]:
        return text[:length]
    told = f"{beside}{CAUSE}{cause}"
    return text[: max(0, length - len(told))] + told


def both_ends(text: str, length: int) -> str:
    """Shorten a chain of causes on one line in its middle, since its end is what happened first; else return it.

    Go writes such chains as `outer: middle: first`.
    """
    if len(text) <= length or not _CHAIN.search(text[: LONGEST * 10]):
        return text
    tail = length * 2 // 5
    return f"{text[: length - tail - 3].rstrip()} … {text[-tail:].lstrip()}"

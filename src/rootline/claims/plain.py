"""Untrusted text made harmless for one line of plain text. Markup is escaped where a report is written."""

import re

_LONGEST_READ = 4000
# Source: ECMA-48, section 5.4 (CSI sequences) and 5.6 (control strings); cut out whole, so that no `[31m` stays.
_ANSI = re.compile(r"\x1b\[[0-?]{0,40}[ -/]{0,10}[@-~]|\x1b\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|\x1b.?")


def plain(text: str) -> str:
    """Drop terminal sequences and invisible characters and fold white space into single spaces.

    Reads the first 4,000 characters and no more.
    """
    shown = _ANSI.sub("", text[:_LONGEST_READ])
    visible = (char if char.isprintable() else " " for char in shown)
    return " ".join("".join(visible).split())


def clipped(text: str, longest: int) -> str:
    """Make text plain and cut it at `longest` characters, with an ellipsis where something is missing."""
    whole = plain(text)
    return whole if len(whole) <= longest else whole[: longest - 1].rstrip() + "…"

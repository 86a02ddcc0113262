"""Which lines of each file a unified diff wrote, by their numbers in the new file."""

import re
from collections.abc import Mapping

HUNK = re.compile(r"@@ -\d{1,9}(?:,\d{1,9})? \+(\d{1,9})(?:,\d{1,9})? @@")
MOST_CHARS = 64_000


def written_lines(diff: str) -> Mapping[str, Mapping[int, int]]:
    """Return by file the number of each added line, and its 1-based row in the diff; nothing where hunks have none."""
    found: dict[str, dict[int, int]] = {}
    file, at, last = "", 0, ""
    for row, line in enumerate(diff[:MOST_CHARS].split("\n"), 1):
        is_mark, last = line.startswith("+++ ") and last.startswith("--- "), line
        if is_mark:
            file, at = line[4:].split("\t", 1)[0].strip().removeprefix("b/"), 0
        elif hunk := HUNK.match(line):
            at = int(hunk[1])
        elif at and line[:1] == "+":
            found.setdefault(file, {})[at] = row
            at += 1
        elif at and line[:1] == " ":
            at += 1
    return found

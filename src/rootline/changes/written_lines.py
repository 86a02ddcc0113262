"""Which lines of each file a unified diff wrote, by their numbers in the new file."""

import re
from collections.abc import Mapping

HUNK = re.compile(r"@@ -\d{1,9}(?:,\d{1,9})? \+(\d{1,9})(?:,\d{1,9})? @@")
MOST_CHARS = 64_000


def written_lines(diff: str) -> Mapping[str, frozenset[int]]:
    """Return the numbers of the added lines by file; nothing where hunks have no numbers."""
    found: dict[str, set[int]] = {}
    file, at = "", 0
    for line in diff[:MOST_CHARS].split("\n"):
        if line.startswith("+++ "):
            file, at = line[4:].split("\t", 1)[0].strip().removeprefix("b/"), 0
        elif hunk := HUNK.match(line):
            at = int(hunk[1])
        elif at and line[:1] == "+":
            found.setdefault(file, set()).add(at)
            at += 1
        elif at and line[:1] == " ":
            at += 1
    return {name: frozenset(numbers) for name, numbers in found.items()}

"""What lines of a diff say, behind the words of a reason. A line is told whole or not at all.

Half a line could part a secret from the name by which it is known for one.
"""

from rootline.changes.diffs.diff import DiffLine

LONGEST, MOST_READ = 100, 10_000


def quote(line: DiffLine) -> str:
    """A colon and the line in quotation marks; nothing where it is long."""
    text = _text(line)
    return f": “{text}”" if len(text) <= LONGEST else ""


def became(old: DiffLine, new: DiffLine) -> str:
    """A colon and from what to what a line was changed; nothing where one of the two is long."""
    before, after = _text(old), _text(new)
    return f": “{before}” became “{after}”" if max(len(before), len(after)) <= LONGEST else ""


def _text(line: DiffLine) -> str:
    return " ".join(line.text[:MOST_READ].split())

"""Reading a stored diff: unified, or hunks alone, or nothing at all."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

MAX_DIFF = 64_000
RANGES = re.compile(r"-\d+(?:,\d+)? \+\d+(?:,\d+)? @@ ?")
MARKS = frozenset({"--- ", "+++ "})
CONFLICT = re.compile(r"-(?:<{7} |\|{7} |={7}$|>{7} )")
"""What stood around the sides of a conflict before a merge resolved it, which is nobody's code."""
PATH_HEAD = re.compile(r"([\w.@+-]*[/.][\w./@+-]*\w)(?::| @@|$)\s*")


class DiffLine(NamedTuple):
    """One line: its file, its 1-based place in the stored diff text, its sign and what stands after it."""

    file: str
    number: int
    sign: str
    text: str


@dataclass(frozen=True)
class Diff:
    """What one commit changed. `lines` holds added, removed and context lines; `heads` the hunk contexts."""

    lines: tuple[DiffLine, ...] = ()
    heads: tuple[DiffLine, ...] = ()
    files: tuple[str, ...] = ()

    @cached_property
    def added(self) -> tuple[DiffLine, ...]:
        """The lines that came."""
        return tuple(line for line in self.lines if line.sign == "+")

    @cached_property
    def removed(self) -> tuple[DiffLine, ...]:
        """The lines that went."""
        return tuple(line for line in self.lines if line.sign == "-")

    @cached_property
    def changed_chars(self) -> int:
        """The length of all added and removed lines."""
        return sum(len(line.text) for line in self.added) + sum(len(line.text) for line in self.removed)

    @cached_property
    def context(self) -> tuple[DiffLine, ...]:
        """The lines that stayed."""
        return tuple(line for line in self.lines if line.sign == " ")


def parse(text: str, files: tuple[str, ...] = ()) -> Diff:
    """Read the first 64,000 characters of a diff; `files` are the commit's own list of paths.

    Lines before any named file belong to the only file of the commit, or to ''. An unreadable diff is an
    empty one, never an error: the message and the paths then speak alone.
    """
    if not text:
        return Diff(files=files)
    reader = _Reader(files)
    reader.read(text[:MAX_DIFF].split("\n"))
    named = dict.fromkeys((*files, *(line.file for line in reader.lines if line.file)))
    return Diff(lines=tuple(reader.lines), heads=tuple(reader.heads), files=tuple(named))


class _Reader:
    def __init__(self, files: tuple[str, ...]) -> None:
        self.known = files
        self.file = files[0] if len(files) == 1 else ""
        self.lines: list[DiffLine] = []
        self.heads: list[DiffLine] = []

    def read(self, lines: list[str]) -> None:
        in_head = False
        keep = self.lines.append
        for number, line in enumerate(lines, start=1):
            sign = line[:1]
            if in_head and sign != "@":
                self._mark(line)
            elif sign in {"+", "-"}:
                if line[:4] in MARKS and _is_file_mark(lines, number, line):
                    self._mark(line)
                elif not CONFLICT.match(line):
                    keep(DiffLine(self.file, number, sign, line[1:]))
            elif sign == " ":
                keep(DiffLine(self.file, number, sign, line[1:]))
            elif line.startswith("@@"):
                in_head = False
                self._hunk(number, line)
            elif line.startswith("diff --git "):
                in_head = True
                self.file = line.rsplit(" b/", 1)[-1]

    def _mark(self, line: str) -> None:
        if line.startswith("diff --git "):
            self.file = line.rsplit(" b/", 1)[-1]
        if line[:4] in MARKS and not line.startswith("/dev/null", 4):
            path = line[4:].split("\t", 1)[0].strip()
            self.file = path[2:] if path[:2] in {"a/", "b/"} else path

    def _hunk(self, number: int, line: str) -> None:
        rest = line[2:].strip()
        ranges = RANGES.match(rest)
        rest = rest[ranges.end() :] if ranges else self._named(rest)
        if rest:
            self.heads.append(DiffLine(self.file, number, "@", rest[:400]))

    def _named(self, rest: str) -> str:
        head = PATH_HEAD.match(rest[:400])
        if head and ("/" in head[1] or head[1] in self.known):
            self.file = head[1]
            rest = rest[head.end() :]
        return rest.removeprefix("@@").removesuffix("@@").strip()


def _is_file_mark(lines: list[str], number: int, line: str) -> bool:
    if line.startswith("--- "):
        return number < len(lines) and lines[number].startswith("+++ ")
    return number > 1 and lines[number - 2].startswith("--- ")

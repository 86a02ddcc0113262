"""What a diff changes once moved and re-indented lines are taken away, code only."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from re import Pattern

from rootline.changes.diffs.diff import Diff, DiffLine
from rootline.changes.paths.kinds import INERT, FileKind, is_comment, kind_of, kinds_of

MAX_LINES = 400
REORDERED_MOST = 40
CALL = re.compile(r"\w\(|=")
MAX_LINE = 300


CAPITAL = re.compile(r"(\\.)|([A-Z]+)")


def lowered(pattern: str) -> Pattern[str]:
    r"""Compile a pattern for lower-case text; classes such as \S keep their meaning.

    Much faster than IGNORECASE, which keeps the engine from skipping ahead by first letters.
    """
    text = CAPITAL.sub(lambda match: match[1] or match[2].lower(), pattern)
    return re.compile(text, re.MULTILINE)


@dataclass(frozen=True)
class Side:
    """Lines of one sign, searchable as one text."""

    lines: tuple[DiffLine, ...]

    @cached_property
    def text(self) -> str:
        """The lines in lower case, joined by newlines, each cut at 300 characters."""
        lowered = "\n".join(line.text[:MAX_LINE] for line in self.lines).lower()
        return (
            lowered if len(lowered) == self._starts[-1] - 1 else "\n".join(line.text[:MAX_LINE] for line in self.lines)
        )

    @cached_property
    def _starts(self) -> list[int]:
        lengths = (min(len(line.text), MAX_LINE) + 1 for line in self.lines)
        return list(accumulate(lengths, initial=0))

    def find(self, pattern: Pattern[str], most: int = 3) -> tuple[DiffLine, ...]:
        """The first lines in which the pattern occurs, each once."""
        found: dict[int, DiffLine] = {}
        for match in pattern.finditer(self.text):
            place = bisect_right(self._starts, match.start()) - 1
            found.setdefault(place, self.lines[place])
            if len(found) >= most:
                break
        return tuple(found.values())

    def without(self, gone: frozenset[tuple[str, int]]) -> "Side":
        """The lines whose file and number are not among those."""
        return Side(tuple(line for line in self.lines if (line.file, line.number) not in gone))

    def count(self, pattern: Pattern[str]) -> int:
        """How often the pattern occurs."""
        return sum(1 for _ in pattern.finditer(self.text))


@dataclass(frozen=True)
class Net:
    """The lines that truly came and went, in files that run; `whole` is the diff they are from."""

    added: Side
    removed: Side
    whole: Diff
    reordered: tuple[DiffLine, ...] = ()

    @cached_property
    def around(self) -> str:
        """The first 200 lines that stayed, in lower case."""
        return "\n".join(line.text[:MAX_LINE] for line in self.whole.context[:200]).lower()

    @cached_property
    def swaps(self) -> tuple[tuple[DiffLine, DiffLine], ...]:
        """Each removed line with the added one that stands directly behind it, in order."""
        news = {(line.file, line.number): line for line in self.added.lines}
        olds = ((line, (line.file, line.number + 1)) for line in self.removed.lines)
        return tuple((old, news[place]) for old, place in olds if place in news)

    def kind(self, line: DiffLine) -> FileKind:
        """The kind of a line's file; where the diff does not name it, the kind that all files of the commit share."""
        if line.file:
            return kind_of(line.file)
        kinds = kinds_of(self.whole.files)
        return next(iter(kinds)) if len(kinds) == 1 else "code"

    def without(self, lines: Iterable[DiffLine]) -> "Net":
        """The same but for lines that are already understood."""
        gone = frozenset((line.file, line.number) for line in lines)
        if not gone:
            return self
        return Net(self.added.without(gone), self.removed.without(gone), self.whole, self.reordered)

    @property
    def is_empty(self) -> bool:
        """Whether nothing that runs changed."""
        return not self.added.lines and not self.removed.lines


def net(diff: Diff) -> Net:
    """Cancel lines that only moved or were re-indented, drop comments and files that do not run.

    At most 400 lines of each sign are kept, each read to its 300th character.
    """
    added, removed = _running(diff.added), _running(diff.removed)
    kept = Counter(map(_bare, added)) & Counter(map(_bare, removed))
    return Net(Side(_without(added, kept)), Side(_without(removed, kept)), diff, _reordered(added, removed, kept))


def _reordered(added: list[DiffLine], removed: list[DiffLine], kept: Counter[str]) -> tuple[DiffLine, ...]:
    """The kept lines of a small diff whose order within their file is not the old one."""
    if not 1 < kept.total() <= REORDERED_MOST:
        return ()
    now = [line for line in added if _bare(line) in kept and CALL.search(line.text[:MAX_LINE])]
    before = [(line.file, _bare(line)) for line in removed if _bare(line) in kept and CALL.search(line.text[:MAX_LINE])]
    order = [(line.file, _bare(line)) for line in now]
    return tuple(now) if order != before and sorted(order) == sorted(before) else ()


def _running(lines: tuple[DiffLine, ...]) -> list[DiffLine]:
    return [line for line in lines[: 4 * MAX_LINES] if not _inert(line.file) and not is_comment(line.text)]


@lru_cache(maxsize=16_384)
def _inert(path: str) -> bool:
    return bool(path) and kind_of(path) in INERT


def _bare(line: DiffLine) -> str:
    return "".join(line.text[:MAX_LINE].split())


def _without(lines: Iterable[DiffLine], kept: Counter[str]) -> tuple[DiffLine, ...]:
    left = Counter(kept)
    out: list[DiffLine] = []
    for line in lines:
        bare = _bare(line)
        if left[bare] > 0:
            left[bare] -= 1
        else:
            out.append(line)
    return tuple(out[:MAX_LINES])

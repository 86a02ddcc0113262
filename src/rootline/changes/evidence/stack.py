"""Files named by stack traces, and the changes that touch them."""

import re
from collections.abc import Iterable

from rootline.changes import weights
from rootline.changes.candidate import Candidate, quoted
from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.written_lines import written_lines
from rootline.changes.verdict import Component

PATHLIKE = re.compile(r"[\w@.+/-]{4,200}")
EXTENSION = re.compile(
    r"\.(?:go|py|rb|java|kt|scala|jsx?|tsx?|php|cs|cc?|cpp|h|hpp|rs|exs?|swift|pp|erb|lua|sql|ya?ml|toml)$",
    re.IGNORECASE,
)
PLACE = re.compile(r"([\w@.+/-]{4,200}):(\d{1,6})\b|File \"([^\"\n]{4,200})\", line (\d{1,6})")
NEAR, WHOLE = 2, 0.8
"""Source: ours; lines that a later change moves are seldom moved far."""
MOST, MOST_LINES, QUOTED = 100, 600, 2
NAME, WROTE = "stack", "the errors name a line that it wrote"
Place = tuple[str, int]


def named_files(texts: Iterable[str]) -> frozenset[str]:
    """Lowercase files that the texts name, at most 100; 200 texts of 4,000 characters at most are read."""
    words = (word for text in list(texts)[:200] for word in PATHLIKE.findall(text[:4000]))
    found = (word.lower().strip("./") for word in words if EXTENSION.search(word))
    return frozenset(path for path, _ in zip(found, range(MOST), strict=False))


def named_places(texts: Iterable[str]) -> frozenset[Place]:
    """Lowercase files with a line number that the texts name, at most 100; bounded as `named_files` is."""
    found = (match for text in list(texts)[:200] for match in PLACE.finditer(text[:4000]))
    places = ((match[1] or match[3], int(match[2] or match[4])) for match in found)
    known = ((file.lower().strip("./"), line) for file, line in places if EXTENSION.search(file))
    return frozenset(place for place, _ in zip(known, range(MOST), strict=False))


def stack(
    candidate: Candidate,
    named: frozenset[str],
    places: frozenset[Place] = frozenset(),
    known: frozenset[str] = frozenset(),
) -> list[Component]:
    """A file of the change stands in a stack trace; the whole path counts more than the file's name alone.

    A line that the change wrote counts again, one beside it half as much. A file of the same name in the folder of
    another one of the `known` services is another file.
    """
    if not named:
        return []
    services = frozenset(one.lower() for one in known)
    pairs = ((path.lower(), one) for path in candidate.files[:200] for one in named)
    best = max((_nearness(path, one) for path, one in pairs if not _is_of_another(path, one, services)), default=0.0)
    if not best:
        return []
    if wrote := _wrote(candidate, places):
        weight, reason = weights.TRACE_HIT * best + weights.LINE_HIT, WROTE
        return [Component(name=NAME, contribution=weight, reason=reason, lines=quoted(wrote[:QUOTED]))]
    if beside := _wrote(candidate, places, within=NEAR):
        weight, reason = (
            weights.TRACE_HIT * best + weights.LINE_BESIDE,
            "the errors name a line beside one that it wrote",
        )
        return [Component(name=NAME, contribution=weight, reason=reason, lines=quoted(beside[:QUOTED]))]
    reason = "the errors name a file that it changes"
    lines = quoted(_changed(candidate, named)[:QUOTED])
    return [Component(name=NAME, contribution=weights.TRACE_HIT * best, reason=reason, lines=lines)]


def _wrote(candidate: Candidate, places: frozenset[Place], *, within: int = 0) -> list[DiffLine]:
    """The lines that the change wrote at a named one, or so many lines from it, in a file of that path."""
    if candidate.commit is None or not places:
        return []
    rows = {
        row
        for path, lines in written_lines(candidate.commit.diff).items()
        for file, line in places
        if _nearness(path.lower(), file) >= WHOLE
        for number, row in lines.items()
        if abs(number - line) <= within
    }
    return [line for line in candidate.diff.added if line.number in rows]


def _changed(candidate: Candidate, named: frozenset[str]) -> list[DiffLine]:
    """The lines that the change wrote or took away in the file that is named, those first that it wrote."""
    touched = (*candidate.diff.added, *candidate.diff.removed)
    near = {line.file: max(_nearness(line.file.lower(), one) for one in named) for line in touched[:MOST_LINES]}
    best = max(near.values(), default=0.0)
    return [line for line in touched[:MOST_LINES] if best and near[line.file] == best]


def _is_of_another(path: str, named: str, services: frozenset[str]) -> bool:
    """Whether two files stand in the folders of two different services."""
    here, there = services.intersection(path.split("/")[:-1]), services.intersection(named.split("/")[:-1])
    return bool(here and there) and not here & there


def _nearness(path: str, named: str) -> float:
    if path == named or path.endswith("/" + named) or named.endswith("/" + path):
        return 1.0 if "/" in named else 0.8
    return 0.6 if path.rsplit("/", 1)[-1] == named.rsplit("/", 1)[-1] else 0.0

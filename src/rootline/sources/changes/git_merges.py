"""What merges changed of their own, which no commit that they merge tells: how a conflict was resolved, for one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from rootline.sources.changes.git_ranges import PLAIN
from rootline.sources.failure import SourceFailed
from rootline.sources.git_reading import git
from rootline.sources.together import together

AT_ONCE = 4
MERGES_S = 8.0
"""Source: ours; sixty clean merges of a clone of 20,000 files are made again in 25 ms."""
_LARGEST = 1_000_000
_DRIVER = re.compile(r"merge\..+\.driver", re.IGNORECASE)
_HUNK = re.compile(r"@@@ (-\S+) -\S+ (\+\S+) @@@(.*)")
_HEAD = "diff --cc "
_SIDES = 2


@dataclass(frozen=True, kw_only=True)
class OwnChange:
    """What a merge changed itself, and its message."""

    files: tuple[str, ...]
    message: str
    diff: str


@dataclass(frozen=True, kw_only=True)
class Merges:
    """The merges that changed something themselves, by hash; `remark` says why that is not known."""

    own: Mapping[str, OwnChange] = field(default_factory=dict)
    remark: str = ""


async def read_merges(folder: Path, shas: Sequence[str], *, is_shallow: bool, most: int) -> Merges:
    """Read merges of two sides, each with at most so many bytes.

    Each is made again, in a folder of its own, and compared with what was committed. Where git cannot do that, what
    differs from both sides counts.
    """
    if not shas:
        return Merges()
    try:
        if not is_shallow and not await _has_drivers(folder):
            return await _made_again(folder, shas, most)
    except SourceFailed:
        pass  # an older git, or merges that take too long
    try:
        return await _Reading(folder=folder, way=("--cc",), most=most).read(shas)
    except SourceFailed as failed:
        return Merges(remark=f"{folder.name}: what merges changed themselves was not read: {failed.happened}")


async def _has_drivers(folder: Path) -> bool:
    """Whether its settings name a program that merges files, which making a merge again would run."""
    names = (await git(folder, "config", "--list", "--name-only", "-z", most=_LARGEST)).split("\0")
    return any(_DRIVER.fullmatch(name) for name in names)


async def _made_again(folder: Path, shas: Sequence[str], most: int) -> Merges:
    """Make merges again; what git writes for that lies outside of the clone."""
    objects = (await git(folder, "rev-parse", "--path-format=absolute", "--git-path", "objects", most=_LARGEST)).strip()
    with TemporaryDirectory(prefix="rootline-merges-") as apart:
        elsewhere = {"GIT_OBJECT_DIRECTORY": apart, "GIT_ALTERNATE_OBJECT_DIRECTORIES": objects}
        return await _Reading(folder=folder, way=("--remerge-diff",), most=most, environment=elsewhere).read(shas)


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """One way of comparing a merge with its sides."""

    folder: Path
    way: tuple[str, ...]
    most: int
    environment: Mapping[str, str] = field(default_factory=dict)

    async def read(self, shas: Sequence[str]) -> Merges:
        """Find those that may have changed something in one go, and read these.

        Of several merges in one go git 2.39 also tells files of the one before, so that each is asked for its own.
        """
        told = await self._git("log", "--no-walk=unsorted", *self.way, "-z", "--name-only", "--format=%H", *shas)
        doubtful = _with_files(told.split("\0"), frozenset(shas))
        found = await together((self._own(sha) for sha in doubtful), at_once=AT_ONCE)
        return Merges(own={sha: own for sha, own in zip(doubtful, found, strict=True) if own.files})

    async def _own(self, sha: str) -> OwnChange:
        names = (await self._git("show", *self.way, "-z", "--name-only", "--format=", sha)).split("\0")
        shown = await self._git("show", *PLAIN, *self.way, "--format=%B%x00", "--patch", sha, most=self.most)
        message, _, diff = shown.partition("\0")
        files = tuple(name for name in (one.lstrip("\n") for one in names) if name)
        return OwnChange(files=files, message=message, diff=_two_sided(diff.strip("\n")))

    async def _git(self, *words: str, most: int = _LARGEST) -> str:
        return await git(self.folder, *words, "--", most=most, within_s=MERGES_S, environment=self.environment)


def _with_files(told: Sequence[str], shas: frozenset[str]) -> list[str]:
    """Return the merges that files were told of, in order: a merge's hash stands before its files."""
    words = [word for word in (one.lstrip("\n") for one in told) if word]
    return [word for word, after in pairwise((*words, "")) if word in shas and after and after not in shas]


def _two_sided(diff: str) -> str:
    """Write a diff against both sides as one of two: added is what neither has, removed what either lost there."""
    return "\n".join(_lines(diff.split("\n"))) if diff.startswith(_HEAD) else diff


def _lines(combined: Sequence[str]) -> Iterator[str]:
    is_inside = False
    for line in combined:
        hunk = _HUNK.fullmatch(line)
        if line.startswith(_HEAD):
            name = line.removeprefix(_HEAD)
            yield f"diff --git a/{name} b/{name}"
        elif hunk:
            yield f"@@ {hunk[1]} {hunk[2]} @@{hunk[3]}"
        else:
            yield _sign(line[:_SIDES]) + line[_SIDES:] if is_inside else line
        is_inside = not line.startswith(_HEAD) and (is_inside or hunk is not None)


def _sign(signs: str) -> str:
    return "-" if "-" in signs else "+" if signs == "++" else " "

"""Commits and deployments out of local git clones."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import NamedTuple, Self

from rootline.analysis.commit_range import brought_besides
from rootline.domain.change import OWNERS_PATHS, ChangeSet, CodeOwners, Commit, Deployment
from rootline.domain.moment import read_moment
from rootline.domain.window import Window, rfc3339
from rootline.sources.changes.git_merges import OwnChange, read_merges
from rootline.sources.changes.git_ranges import MOST_TAGS, PLAIN, bases, moved
from rootline.sources.changes.source import ChangeQuery
from rootline.sources.failure import SourceFailed
from rootline.sources.git_reading import git
from rootline.sources.links import note
from rootline.sources.remembered import Remembered
from rootline.sources.together import together
from rootline.sources.web import github_commit

BEFORE = timedelta(days=7)
"""Source: ours; how long before the window a change may still explain it."""
MOST_COMMITS = 60
MOST_MERGES = 60
MOST_LISTED = 4 * MOST_COMMITS
MERGED = 2
"""How many sides a merge has, but for an octopus, which git makes only where nothing is in conflict."""
MOST_RANGES = 40
LONGEST_DIFF = 40_000
LONGEST_MESSAGE = 4000
LONGEST_OWNERS = 200_000
MOST_FILES = 300
MOST_OTHERS = 20
AT_ONCE = 4
_DEPLOYED = frozenset("deploy deployed deployment release released prod production live".split())  # noqa: SIM905 a list of words
_PARTS = re.compile(r"[/_-]")
_VERSION = re.compile(r"v?\d[\w.+]*")
_GITHUB = re.compile(
    r"(?:https://(?:[^@/\s]{1,200}@)?|git@|ssh://git@)github\.com[:/]([\w.-]{1,100}/[\w.-]{1,100}?)(?:\.git)?/?"
)
_PATCH = ("show", *PLAIN, "--format=%B%x00", "--patch")


class _Row(NamedTuple):
    """A commit as it is listed, with how many sides it joins."""

    sha: str
    at: datetime
    author: str
    sides: int

    @classmethod
    def of(cls, sha: str, at: str, author: str, parents: str) -> Self:
        return cls(sha, read_moment(at), author, len(parents.split()))


class GitClones:
    """Reads the commits of each clone's checked-out branch, and as deployments the annotated tags that say so."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.name = "git"
        self._folders = tuple(folder.resolve() for folder in folders)
        self._reads: Remembered[ChangeSet] = Remembered()

    async def changes(self, query: ChangeQuery, window: Window) -> ChangeSet:
        """Return what was committed and deployed from a week before the window up to its end.

        Raises:
            SourceFailed: No clone can be read; one of several is remarked.

        """
        whole = await self._reads.once(window, lambda: self._all(window))
        own = tuple(one for one in whole.deployments if query.service in {"", one.service})
        return replace(whole, deployments=own)

    async def _all(self, window: Window) -> ChangeSet:
        answers = await together((self._attempted(one, window) for one in self._folders), at_once=AT_ONCE)
        failed = [one for one in answers if isinstance(one, SourceFailed)]
        if failed and len(failed) == len(answers):
            raise failed[0]
        found = [one if isinstance(one, ChangeSet) else ChangeSet(remarks=(str(one),)) for one in answers]
        return ChangeSet(
            commits=tuple(sorted(chain(*(one.commits for one in found)), key=lambda one: (one.at, one.order))),
            deployments=tuple(sorted(chain(*(one.deployments for one in found)), key=lambda one: one.at)),
            remarks=tuple(chain(*(one.remarks for one in found))),
            owners=tuple(chain(*(one.owners for one in found))),
        )

    async def _attempted(self, folder: Path, window: Window) -> ChangeSet | SourceFailed:
        try:
            return await self._folder(folder, window)
        except SourceFailed as failed:
            return failed

    async def _folder(self, folder: Path, window: Window) -> ChangeSet:
        ends = await self._ends(folder)
        rows = await self._listed(folder, window)
        merges = [row.sha for row in rows if row.sides == MERGED][-MOST_MERGES:]
        merged = await read_merges(folder, merges, is_shallow=bool(ends), most=LONGEST_DIFF + LONGEST_MESSAGE)
        commits, deployments = await asyncio.gather(
            self._commits(folder, rows, merged.own), self._tags(folder, window, frozenset(merged.own))
        )
        await self._link(folder, commits)
        missing = brought_besides(deployments, {one.sha for one in commits})
        chosen = missing[-MOST_OTHERS:]
        older = await self._others(folder, chosen, bases(deployments))
        left = len(missing) - len(chosen)
        told = [f"{folder.name}: {left} older commits that deployments brought were not read"] if left else []
        owners = await self._owners(folder)
        read, cut = _known_of((*older, *commits), ends)
        told += [merged.remark] if merged.remark else []
        told += [
            f"{folder.name} is a shallow clone: what {one} changed, and what came before it, is not known. "
            "`git fetch --unshallow` gets it"
            for one in cut[:1]
        ]
        return ChangeSet(commits=read, deployments=tuple(deployments), remarks=tuple(told), owners=owners)

    async def _ends(self, folder: Path) -> frozenset[str]:
        """Name the commits at which the history of a shallow clone is cut off; none of a whole one."""
        if (await git(folder, "rev-parse", "--is-shallow-repository", most=100)).strip() != "true":
            return frozenset()
        return frozenset((await git(folder, "rev-list", "--max-parents=0", "--all", most=100_000)).split())

    async def _owners(self, folder: Path) -> tuple[CodeOwners, ...]:
        """Who owns which paths, as the checked-out branch says; nothing where it does not."""
        held = (await git(folder, "ls-tree", "--name-only", "HEAD", "--", *OWNERS_PATHS, most=1_000)).split()
        path = next((one for one in OWNERS_PATHS if one in held), "")
        if not path:
            return ()
        text = await git(folder, "cat-file", "blob", f"HEAD:{path}", most=LONGEST_OWNERS)
        return (CodeOwners(text=text, repository=folder.name, path=path),)

    async def _others(self, folder: Path, shas: Sequence[str], bases: Mapping[str, str]) -> list[Commit]:
        """Commits that a deployment brought but that were written earlier, on another branch, or by a merge."""
        if not shas:
            return []
        told = await git(folder, "show", "-s", "--format=%H%x00%cI%x00%aN%x00%P", *shas, "--", most=100_000)
        rows = [_Row.of(*fields) for fields in (line.split("\0") for line in told.splitlines()) if len(fields) == 4]  # noqa: PLR2004 as asked
        reads = (
            self._commit(folder, row, order, None, since=bases.get(row.sha, "") if row.sides >= MERGED else "")
            for order, row in enumerate(rows, -len(rows))
        )
        return await together(reads, at_once=AT_ONCE)

    async def _link(self, folder: Path, commits: Sequence[Commit]) -> None:
        """Note where the commits of a clone of a repository on GitHub are seen."""
        try:
            origin = _GITHUB.fullmatch((await git(folder, "remote", "get-url", "origin", most=1_000)).strip())
        except SourceFailed:
            return
        for one in commits if origin else ():
            note("changes", github_commit("https://github.com", origin.group(1) if origin else "", one.sha), one.sha)

    async def _listed(self, folder: Path, window: Window) -> list[_Row]:
        """List what was committed, oldest first."""
        asked = (f"--since={rfc3339(window.start - BEFORE)}", f"--until={rfc3339(window.end)}")
        listing = ("log", "-z", "--topo-order", "--format=%H%x00%cI%x00%aN%x00%P", f"-n{MOST_LISTED}")
        fields = (await git(folder, *listing, *asked, "HEAD", "--", most=100_000)).split("\0")
        found = zip(fields[::4], fields[1::4], fields[2::4], fields[3::4], strict=False)
        rows = [_Row.of(*fields) for fields in found if fields[0]]
        return [row for row in reversed(rows) if row.at < window.end]

    async def _commits(self, folder: Path, rows: Sequence[_Row], merged: Mapping[str, OwnChange]) -> list[Commit]:
        """Read the last commits, and of merges those that changed something themselves."""
        plain = frozenset(row.sha for row in [row for row in rows if row.sides < MERGED][-MOST_COMMITS:])
        reads = (
            self._commit(folder, row, order, merged.get(row.sha))
            for order, row in enumerate(rows)
            if row.sha in plain or row.sha in merged
        )
        return await together(reads, at_once=AT_ONCE)

    async def _commit(self, folder: Path, row: _Row, order: int, own: OwnChange | None, *, since: str = "") -> Commit:
        """Read a commit with what it changed.

        Of a merge that is its own change, or all since what is named: it has no one commit before it.
        """
        change = own or await self._change(folder, row.sha, since)
        return Commit(
            sha=row.sha,
            at=row.at,
            message=change.message.strip()[:LONGEST_MESSAGE],
            author=row.author[:200],
            files=change.files[:MOST_FILES],
            diff=change.diff.strip("\n")[:LONGEST_DIFF],
            repository=folder.name,
            order=order,
        )

    async def _change(self, folder: Path, sha: str, since: str) -> OwnChange:
        names = ("diff-tree", "--no-commit-id", "--name-only", "-r", "-z", "--root", *((since,) if since else ()), sha)
        shown = await git(folder, *_PATCH, sha, "--", most=LONGEST_DIFF + LONGEST_MESSAGE)
        files = (await git(folder, *names, most=100_000)).split("\0")
        message, _, diff = shown.partition("\0")
        if since:
            diff = await git(folder, "diff", *PLAIN, since, sha, "--", most=LONGEST_DIFF)
        return OwnChange(files=tuple(name for name in files if name), message=message, diff=diff)

    async def _tags(self, folder: Path, window: Window, merges: frozenset[str]) -> list[Deployment]:
        """Read what was deployed; of merges, those that changed something themselves came with it."""
        parts = "%(objecttype)%00%(*objectname)%00%(creatordate:iso-strict)%00%(refname:short)"
        listing = ("for-each-ref", "refs/tags", "--sort=-creatordate", f"--count={MOST_TAGS}", f"--format={parts}")
        lines = (await git(folder, *listing, most=100_000)).splitlines()
        rows = [line.split("\0") for line in reversed(lines)]
        is_whole = len(rows) < MOST_TAGS
        found = list(_deployments(rows, folder.name, window))[-MOST_RANGES:]
        return await together((moved(folder, one, merges, is_whole=is_whole) for one in found), at_once=AT_ONCE)


def _known_of(commits: Sequence[Commit], ends: frozenset[str]) -> tuple[tuple[Commit, ...], list[str]]:
    """Return commits without the changes of those whose parent is missing, which git shows as all that there is."""
    read = tuple(replace(one, files=(), diff="") if one.sha in ends else one for one in commits)
    return read, [one.sha for one in commits if one.sha in ends]


def _deployments(rows: Sequence[Sequence[str]], repository: str, window: Window) -> Iterator[Deployment]:
    """Yield a deployment for each annotated tag, oldest first, whose name says that something was deployed."""
    running: dict[str, str] = {}
    for row in rows:
        match row:
            case ["tag", str(commit), str(at), str(tag)] if commit and at and is_deployment(tag):
                service = service_of(tag) or repository
                moment = read_moment(at)
                if window.start - BEFORE <= moment < window.end:
                    previous = running.get(service, "")
                    yield Deployment(service=service, at=moment, commit=commit, version=tag, previous_commit=previous)
                running[service] = commit
            case _:
                continue


def is_deployment(tag: str) -> bool:
    """Whether a tag's name has a word for having been deployed."""
    return bool(_DEPLOYED & {part.lower() for part in _PARTS.split(tag)})


def service_of(tag: str) -> str:
    """Return the service in a tag's name: what is neither a word for deploying nor a version; empty if nothing is."""
    parts = [part for part in tag.split("/") if part.lower() not in _DEPLOYED]
    words = [word for part in parts for word in part.split("-")]
    named = [word for word in words if word and word.lower() not in _DEPLOYED and not _VERSION.fullmatch(word)]
    return "-".join(named)[:300]

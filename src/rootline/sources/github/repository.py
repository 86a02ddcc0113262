"""One repository on GitHub, read once: its commits, deployments and pull requests, and what had to be left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rootline.analysis.commit_range import MOST_LISTED, brought_besides, compared, only_merges, unknown
from rootline.domain.change import OWNERS_PATHS, ChangeSet, CodeOwners, Commit, CommitRange, Deployment
from rootline.domain.window import Window, rfc3339
from rootline.sources.backend import Backend
from rootline.sources.failure import SourceFailed
from rootline.sources.github.access import GithubAccess
from rootline.sources.github.api import GithubApi
from rootline.sources.github.commits import as_commit, is_merge, is_sha, lacks, written_at
from rootline.sources.github.contents import content_of
from rootline.sources.github.deployments import Shipped, shipped, took_effect
from rootline.sources.github.trouble import CONFLICT, FORBIDDEN, NOT_FOUND, UNANSWERABLE
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.links import note
from rootline.sources.together import together
from rootline.sources.trouble import broken
from rootline.sources.web import github_commit, github_compare

BEFORE = timedelta(days=7)
"""Source: ours; how long before the window a change may still explain it."""
AT_ONCE = 3
_GONE = "pushed over by force and gone, or of another repository"
_UNREADABLE = frozenset({FORBIDDEN, NOT_FOUND})


def name_of(about: Raw, backend: Backend) -> str:
    """Return what a repository is called; without a name what answers is no GitHub, and its silence proves nothing."""
    name = about.text("full_name")
    if name.count("/") != 1:
        raise broken(backend, f"GitHub at {backend.url}", "it describes no repository")
    return name


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """How much is read of one repository; without a token GitHub allows 60 requests an hour."""

    commits: int
    deployments: int
    others: int


class Repository:
    """One reading of one repository; what could not be read is collected in `remarks`."""

    def __init__(self, api: GithubApi, named: str, access: GithubAccess, most: Allowance, window: Window) -> None:
        self._api = api
        self._named = named
        self._access = access
        self._most = most
        self._window = window
        self._path = f"/repos/{named}"
        self._remarks: list[str] = []

    async def read(self) -> ChangeSet:
        """Return what changed; raise SourceFailed where the repository or its commits cannot be read."""
        about = (await self._api.get(self._path, what=self._named)).value
        current = name_of(about, self._access.backend)
        if current.lower() != self._named.lower():
            self._remark(f"it is called {current[:200]} now; write that name in ROOTLINE_GITHUB_REPOSITORY")
            self._path = f"/repos/{current}"
        notes = await self._notes()
        commits = await self._commits(notes)
        deployments = await self._deployments()
        known = {one.sha for one in commits}
        older = await self._older(brought_besides(deployments, known), notes)
        self._link(current, [*older, *commits], deployments)
        owners = await self._owners() if self._access.backend.token else ()
        return ChangeSet(
            commits=(*older, *commits),
            deployments=tuple(deployments),
            remarks=tuple(dict.fromkeys(self._remarks)),
            owners=owners,
        )

    async def _owners(self) -> tuple[CodeOwners, ...]:
        """Who owns which paths on the default branch; nothing where no file says so or it may not be read."""
        for path in OWNERS_PATHS:
            try:
                held = (await self._api.get(f"{self._path}/contents/{path}", what=f"{path} of {self._named}")).value
            except SourceFailed as failed:
                if failed.status == NOT_FOUND:
                    continue
                if failed.status != FORBIDDEN and not failed.is_too_large:
                    raise
                self._remark(f"{path} may not be read: {failed.happened}")
                return ()
            if text := content_of(held):
                return (CodeOwners(text=text, repository=self._name, path=path),)
        return ()

    def _link(self, name: str, commits: Sequence[Commit], deployments: Sequence[Deployment]) -> None:
        """Note where each commit is seen, and for the whole what the last deployment changed, or all commits."""
        web = self._access.web_url
        last = deployments[-1] if deployments else None
        whole = github_compare(web, name, last.previous_commit, last.commit) if last else ""
        note("changes", whole or f"{web}/{self._named}/commits")
        for one in commits:
            note("changes", github_commit(web, name, one.sha), one.sha)

    def _remark(self, text: str) -> None:
        self._remarks.append(f"GitHub {self._named}: {text}")

    @property
    def _name(self) -> str:
        return self._named.partition("/")[2]

    async def _notes(self) -> dict[str, str]:
        """The pull request behind a commit, by the commit's hash."""
        given = {"state": "closed", "sort": "updated", "direction": "desc", "per_page": "100"}
        try:
            page = await self._api.get(f"{self._path}/pulls", given, what=f"pull requests of {self._named}")
        except SourceFailed as failed:
            if failed.status not in _UNREADABLE:
                raise
            self._remark(f"pull requests may not be read: {failed.happened}")
            return {}
        merged = (one for one in page.value.listed() if one.moment("merged_at") is not None)
        return {
            sha: f"Pull request #{one.number('number')}: {one.text('title')}"
            for one in merged
            for sha in (one.text("head", "sha"), one.text("merge_commit_sha"))
            if is_sha(sha)
        }

    async def _commits(self, notes: dict[str, str]) -> list[Commit]:
        bounds = {"since": rfc3339(self._window.start - BEFORE), "until": rfc3339(self._window.end)}
        try:
            pages = await self._api.pages(
                f"{self._path}/commits", bounds, what=f"commits of {self._named}", most=5 * self._most.commits
            )
        except SourceFailed as failed:
            if failed.status == CONFLICT:
                self._remark("it has no commits")
                return []
            raise
        listed = [one for one in pages.items if is_sha(one.text("sha")) and not is_merge(one)]
        inside = [one for one in listed if written_at(one) < self._window.end]
        if len(inside) > self._most.commits or not pages.is_whole:
            more = "" if self._access.backend.token else "; with ROOTLINE_GITHUB_TOKEN more are"
            self._remark(f"only the latest {self._most.commits} commits of the week were read{more}")
        newest = inside[: self._most.commits]
        shas = [one.text("sha") for one in reversed(newest)]
        return await self._read_all(shas, notes, first=0)

    async def _older(self, shas: Sequence[str], notes: dict[str, str]) -> list[Commit]:
        """Commits that a deployment brought but that were written earlier, or on another branch."""
        chosen = shas[-self._most.others :] if self._most.others else []
        if len(chosen) < len(shas):
            self._remark(f"{len(shas) - len(chosen)} older commits that deployments brought were not read")
        return await self._read_all(chosen, notes, first=-len(chosen))

    async def _read_all(self, shas: Sequence[str], notes: dict[str, str], first: int) -> list[Commit]:
        reads = (self._commit(sha, at, notes.get(sha, "")) for at, sha in enumerate(shas, first))
        found = await together(reads, at_once=AT_ONCE)
        cut = [one.sha[:7] for one, is_cut in found if is_cut]
        if cut:
            self._remark(f"parts of the diff of {len(cut)} commits were not sent: {', '.join(cut[:5])}")
        return [one for one, _ in found]

    async def _commit(self, sha: str, order: int, note: str) -> tuple[Commit, bool]:
        """Read a commit with its diff; of one that is too large, what is said of it without."""
        try:
            held = (await self._api.get(f"{self._path}/commits/{sha}", what=f"commit {sha[:7]}", is_fixed=True)).value
        except SourceFailed as failed:
            if not failed.is_too_large and failed.status not in UNANSWERABLE:
                raise
            held = (await self._api.get(f"{self._path}/git/commits/{sha}", what=f"commit {sha[:7]}")).value
            held = Raw({"sha": sha, "commit": held.held})
            return as_commit(held, self._name, order, note), True
        return as_commit(held, self._name, order, note), lacks(held)

    async def _deployments(self) -> list[Deployment]:
        what = f"deployments of {self._named}"
        try:
            pages = await self._api.pages(f"{self._path}/deployments", {}, what=what, most=200)
        except SourceFailed as failed:
            if failed.status not in _UNREADABLE:
                raise
            self._remark(f"deployments may not be read: {failed.happened}")
            return []
        asked = [
            one
            for one in shipped(pages.items, self._name, self._access.environments)
            if one.asked_at < self._window.end
        ]
        recent = [one for one in asked if one.asked_at >= self._window.start - BEFORE]
        chosen = asked[-max(self._most.deployments, 1) :]
        if len(recent) > len(chosen):
            self._remark(f"only the latest {len(chosen)} of {len(recent)} deployments were read")
        effects = await together((self._effect(one) for one in chosen), at_once=AT_ONCE)
        ran = [(one, at) for one, at in zip(chosen, effects, strict=True) if at is not None and at < self._window.end]
        return await self._ranged(ran, is_whole=pages.is_whole and len(chosen) == len(asked))

    async def _effect(self, one: Shipped) -> datetime | None:
        path, what = f"{self._path}/deployments/{one.number}/statuses", f"statuses of deployment {one.number}"
        page = await self._api.get(path, {"per_page": "100"}, what=what)
        return took_effect(page.value.listed(), one.asked_at)

    async def _ranged(self, ran: Sequence[tuple[Shipped, datetime]], *, is_whole: bool) -> list[Deployment]:
        """Compare each deployment with the one before it of the same service and environment."""
        running: dict[tuple[str, str], str] = {}
        found: list[Deployment] = []
        for one, at in sorted(ran, key=lambda pair: pair[1]):
            place = one.service, one.environment
            before = running.get(place, "")
            running[place] = one.sha
            if at >= self._window.start - BEFORE:
                moved = await self._moved(before, one.sha, is_whole=is_whole)
                version = f"{one.ref} in {one.environment}" if len(self._access.environments) > 1 else one.ref
                found.append(
                    Deployment(
                        service=one.service, at=at, commit=one.sha, version=version, previous_commit=before, moved=moved
                    )
                )
        return found

    async def _moved(self, before: str, after: str, *, is_whole: bool) -> CommitRange:
        if not before:
            return await self._first(after) if is_whole else unknown("older deployments were not read")
        if before == after:
            return compared(before, after, [], [])
        try:
            came, came_whole, is_apart = await self._between(before, after)
            left, left_whole, _ = await self._between(after, before) if is_apart else ([], True, False)
        except SourceFailed as failed:
            if failed.status not in UNANSWERABLE | {NOT_FOUND} and not failed.is_too_large:
                raise
            why = "too large" if failed.is_too_large else _GONE if failed.status == NOT_FOUND else failed.happened
            return unknown(f"GitHub cannot compare {before[:7]}, which ran before, with {after[:7]}: {why}")
        if not came and not is_apart:
            return only_merges(before, after)
        return compared(before, after, came, left, is_whole=came_whole and left_whole)

    async def _between(self, before: str, after: str) -> tuple[list[str], bool, bool]:
        """The commits of `after` alone, oldest first; whether these are all; and whether `before` has others.

        A merge brings what the others are, so that it counts where there are none and files differ all the same.
        """
        path, what = f"{self._path}/compare/{before}...{after}", f"{before[:7]}...{after[:7]}"
        page = await self._api.get(path, {"per_page": "100"}, what=what, is_fixed=True)
        first, listed = page.value, page.value.each("commits")
        while page.next and len(listed) < MOST_LISTED:
            page = await self._api.follow(page, what)
            listed += page.value.each("commits")
        own = [one for one in listed if not is_merge(one)] or (listed if first.each("files") else [])
        shas = [one.text("sha") for one in own if is_sha(one.text("sha"))]
        whole = first.number("total_commits", default=len(listed)) <= len(listed)
        return shas, whole, first.text("status") in {"behind", "diverged"}

    async def _first(self, after: str) -> CommitRange:
        """All that led to the first deployment."""
        pages = await self._api.pages(
            f"{self._path}/commits", {"sha": after}, what=f"commits up to {after[:7]}", most=MOST_LISTED
        )
        shas = [one.text("sha") for one in reversed(pages.items) if not is_merge(one)]
        return compared("", after, shas, [], is_whole=pages.is_whole)

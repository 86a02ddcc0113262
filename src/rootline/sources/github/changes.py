"""Changes out of GitHub behind the interface that recorded changes have."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

from rootline.domain.change import ChangeSet
from rootline.domain.window import Window
from rootline.sources.changes.source import ChangeQuery
from rootline.sources.failure import SourceFailed
from rootline.sources.github.access import GithubAccess
from rootline.sources.github.api import GithubApi
from rootline.sources.github.repository import Allowance, Repository, name_of
from rootline.sources.github.trouble import FORBIDDEN, NOT_FOUND
from rootline.sources.remembered import Remembered
from rootline.sources.together import together

WITH_TOKEN, WITHOUT = Allowance(commits=60, deployments=20, others=20), Allowance(commits=20, deployments=5, others=0)


def _now() -> datetime:
    return datetime.now(tz=UTC)


class GithubChanges:
    """Reads commits of the default branch with their pull requests, and deployments with the commits they brought."""

    def __init__(self, access: GithubAccess, *, clock: Callable[[], datetime] = _now) -> None:
        self.name = "github"
        self._access = access
        self._api = GithubApi(access.backend, clock=clock)
        self._most = WITH_TOKEN if access.backend.token else WITHOUT
        self._reads: Remembered[ChangeSet] = Remembered()

    async def changes(self, query: ChangeQuery, window: Window) -> ChangeSet:
        """Return what was committed and deployed from a week before the window up to its end.

        Raises:
            SourceFailed: A repository cannot be read; its deployments or pull requests alone are left out, and so is
                one of several that is gone or that the token may not see.

        """
        whole = await self._reads.once(window, lambda: self._all(window))
        own = tuple(one for one in whole.deployments if query.service in {"", one.service})
        return replace(whole, deployments=own)

    async def about(self) -> list[str]:
        """Return what each repository is called now, with its default branch."""
        told = [(await self._api.get(f"/repos/{one}", what=one)).value for one in self._access.repositories]
        return [f"{name_of(one, self._access.backend)} ({one.text('default_branch')})" for one in told]

    async def _all(self, window: Window) -> ChangeSet:
        repositories = self._access.repositories
        reads = (Repository(self._api, one, self._access, self._most, window).read() for one in repositories)
        answers = await together((_unless_closed(one) for one in reads), at_once=2)
        parts = [one for one in answers if isinstance(one, ChangeSet)]
        closed = [one for one in answers if isinstance(one, SourceFailed)]
        if closed and not parts:
            raise closed[0]
        return ChangeSet(
            commits=tuple(sorted(chain(*(one.commits for one in parts)), key=lambda one: (one.at, one.order))),
            deployments=tuple(sorted(chain(*(one.deployments for one in parts)), key=lambda one: one.at)),
            remarks=(*(f"{one.asked}: {one.happened}" for one in closed), *chain(*(one.remarks for one in parts))),
            owners=tuple(chain(*(one.owners for one in parts))),
        )


async def _unless_closed(reading: Awaitable[ChangeSet]) -> ChangeSet | SourceFailed:
    """Return what changed, or why this repository stays closed to us while others may be open."""
    try:
        return await reading
    except SourceFailed as failed:
        if failed.status not in {FORBIDDEN, NOT_FOUND}:
            raise
        return failed

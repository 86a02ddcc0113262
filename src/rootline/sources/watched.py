"""Watches what can be watched while something else runs, so that the value before a change is known."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from rootline.alongside import alongside, end
from rootline.domain.change import ChangeSet
from rootline.errors import RootlineError
from rootline.sources.flags.source import FlagChanges, FlagsAccess
from rootline.sources.kubernetes.access import Access
from rootline.sources.stack import Stack

AGAIN_S = 60.0
"""Source: ours; how soon a cluster is watched that was registered meanwhile, or whose watch has ended."""
Run = Callable[[], Awaitable[None]]
Told = Callable[[str, ChangeSet], None]
Stood = Callable[[str, str], None]
"""Hears of a cluster why it is not watched; an empty text where it is. May be called by any thread."""
Known = Callable[[], Awaitable[Iterable[Stack]]]
_LOG = logging.getLogger(__name__)


def _nobody(_: str, __: ChangeSet | str) -> None:
    """Tell nobody."""


@asynccontextmanager
async def watched(
    known: Known, again_s: float = AGAIN_S, told: Told = _nobody, stood: Stood = _nobody
) -> AsyncIterator[None]:
    """Watch the clusters and flags of stacks, each once, until the block ends; no trouble there ends the block.

    Which there are is asked again and again, so that a cluster which is registered later is watched as well, and one
    that is removed no more. Each has a watch of its own: a dead one delays no other.
    """
    keeper = _Keeper(known=known, told=told, stood=stood)
    async with running([lambda: keeper.keep(again_s)]):
        try:
            yield
        finally:
            await keeper.end()


@asynccontextmanager
async def running(runs: Sequence[Run]) -> AsyncIterator[None]:
    """Run all side by side until the block ends; one that fails is logged and the others go on."""
    async with alongside(*map(_told, runs)):
        yield


@dataclass(kw_only=True)
class _Keeper:
    """Begins and ends watches as clusters come and go. What a watch ended with is logged once, not each time."""

    known: Known
    told: Told
    stood: Stood
    _tasks: dict[Access | FlagsAccess, asyncio.Task[None]] = field(default_factory=dict)
    _said: dict[Access | FlagsAccess, str] = field(default_factory=dict)

    async def keep(self, again_s: float) -> None:
        while True:
            try:
                await self._follow(list(await self.known()))
            except RootlineError as away:
                _LOG.warning("which clusters to watch is asked again in %.0f s: %s", again_s, away)
            await asyncio.sleep(again_s)

    async def end(self) -> None:
        tasks, self._tasks = [*self._tasks.values()], {}
        await end(tasks)

    async def _follow(self, stacks: Sequence[Stack]) -> None:
        wanted: dict[Access | FlagsAccess, tuple[Run, str]] = {}
        names = {one.kubernetes: one.cluster for one in reversed(stacks) if one.kubernetes is not None}
        wanted |= {one: (self._kubernetes(one, name, len(names)), name) for one, name in names.items()}
        wanted |= {one.flags: (FlagChanges(one.flags).watch, one.cluster) for one in stacks if one.flags is not None}
        for gone in self._tasks.keys() - wanted.keys():
            self._tasks.pop(gone).cancel()
        for one, (run, cluster) in wanted.items():
            if one not in self._tasks or self._tasks[one].done():
                self._tasks[one] = asyncio.create_task(self._watch(one, run, cluster))

    def _kubernetes(self, access: Access, cluster: str, clusters: int) -> Run:
        async def run() -> None:
            from rootline.sources.kubernetes.opening import kubernetes  # noqa: PLC0415 its library is an extra

            held = kubernetes(access)
            held.changes.observer.is_one_of(clusters)
            held.changes.observer.listen(lambda news: self.told(cluster, news))
            held.watch.listen(lambda why: self.stood(cluster, why))
            await held.watch.run()

        async def noted() -> None:
            try:
                await run()
            except* RootlineError as failed:
                self.stood(cluster, _said(failed))
                raise

        return noted

    async def _watch(self, one: Access | FlagsAccess, run: Run, cluster: str) -> None:
        try:
            await run()
        except* RootlineError as failed:
            said = _said(failed)
            if self._said.get(one) != said:
                self._said[one] = said
                what = f"cluster {cluster} is not" if cluster else "Nothing is"
                _LOG.warning("%s watched any more until that is put right: %s", what, said)


def _said(failed: BaseExceptionGroup[RootlineError]) -> str:
    return "; ".join(dict.fromkeys(str(each) for each in failed.exceptions))


async def _told(run: Run) -> None:
    try:
        await run()
    except* RootlineError as failed:
        for one in failed.exceptions:
            _LOG.warning("Nothing is watched any more: %s", one)

"""Live clusters to stand on: those that are configured, and those a person chooses out of file and registry."""

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from rootline.desk import Desk
from rootline.domain.fleet import Cluster
from rootline.domain.session import Question
from rootline.domain.window import Window
from rootline.errors import Misconfigured
from rootline.ground import Ground
from rootline.intake.homes import Homes
from rootline.intake.observed import kept
from rootline.intake.probed import ProbedServices
from rootline.intake.upkeep import noted
from rootline.settings import Settings
from rootline.sources.alerts.held import AlertHolder, holders
from rootline.sources.bundle import Sources
from rootline.sources.connecting import connect, probed_names
from rootline.sources.fleet.choosing import ALL, chosen
from rootline.sources.fleet.guard import Watch
from rootline.sources.fleet.reaching import reach
from rootline.sources.fleet.registered import stack_of
from rootline.sources.stack import Given, Stack, stack, stacks
from rootline.sources.watched import watched
from rootline.store.credential_keys import VARIABLE, load_keys
from rootline.tapes.recording import Recording

_LOG = logging.getLogger(__name__)
NOTHING_TO_ASK = (
    "There is nothing to ask. Name a live source, such as ROOTLINE_PROMETHEUS_URL=http://127.0.0.1:9090 "
    "(docs/sources.md lists all), or a recording with --tape, such as --tape demo."
)
LIVE_WINDOW = timedelta(hours=1)
"""Source: ours; what a question is about that names no time."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which clusters, by name and by label, and how long each may take; without any, what is configured.

    Where it may be bare, no source needs to be configured: what others tell us can be asked all the same.
    """

    names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    deadline_s: float | None = None
    may_be_bare: bool = False


async def chosen_ground(desk: Desk, choice: Choice) -> Ground:
    """Stand on the chosen clusters.

    Raises:
        Misconfigured: There is nothing to ask, or what is described is wrong.
        NotFound: A name or a label fits no cluster.

    """
    watch = Watch(deadline_s=choice.deadline_s, clock=desk.clock)
    found = await chosen_stacks(desk, choice)
    clusters = tuple(one.cluster for one in found) if choice.names or choice.labels or len(found) > 1 else ()
    sources = reach(found, watch) if found else Sources()
    return Ground(sources=sources, watch=watch, clusters=clusters)


async def chosen_stacks(desk: Desk, choice: Choice) -> tuple[Stack, ...]:
    """Describe the chosen clusters, with the credentials of those that are registered."""
    given = Given(variables=desk.settings.environment)
    if not choice.names and not choice.labels:
        described = stack(given)
        if described:
            return (described,)
        if not await desk.fleet.clusters():
            if choice.may_be_bare:
                return ()
            raise Misconfigured(NOTHING_TO_ASK)
        choice = replace(choice, names=(ALL,))
    return await _of_the_fleet(desk, choice, given)


async def alert_holders(desk: Desk, choice: Choice, ground: Ground) -> tuple[AlertHolder, ...]:
    """Return the Alertmanagers of what is stood on; none of a recording."""
    if ground.watch is None:
        return ()
    return holders(await chosen_stacks(desk, replace(choice, may_be_bare=True)), ground.watch)


async def probed_services(desk: Desk, choice: Choice, ground: Ground) -> ProbedServices:
    """Return what names the alerts of probes by what the clusters that are stood on probe; nothing of a recording."""
    if ground.watch is None:
        return ProbedServices()
    stacks = await chosen_stacks(desk, replace(choice, may_be_bare=True))
    known = [one.name for one in await desk.fleet.clusters()]
    found = {one.cluster: probed_names(one, ground.watch) for one in stacks}
    return ProbedServices(
        homes=Homes.of(desk.settings.environment, known),
        clusters={cluster: names for cluster, names in found.items() if names},
        clock=desk.clock,
    )


async def all_stacks(desk: Desk) -> tuple[Stack, ...]:
    """Describe everything that is configured, without credentials: the environment's, the file's, the registry's."""
    given = Given(variables=desk.settings.environment)
    filed, own = stacks(given), stack(given)
    alone = (own,) if own and own.cluster not in {one.cluster for one in filed} else ()
    return (*alone, *filed, *[stack_of(one, {}, given) for one in await desk.fleet.clusters()])


async def _of_the_fleet(desk: Desk, choice: Choice, given: Given) -> tuple[Stack, ...]:
    clusters = {one.name: one for one in await desk.fleet.clusters()}
    filed = stacks(given)
    found = chosen([*filed, *(stack_of(one, {}, given) for one in clusters.values())], choice.names, choice.labels)
    kept = {one.cluster for one in filed}
    opened = await _opened(desk, [one.cluster for one in found if one.cluster not in kept])
    if len(found) == 1:
        opened.complain()
    return tuple(
        one
        if one.cluster in kept
        else stack_of(
            clusters[one.cluster],
            opened.tokens.get(one.cluster, {}),
            given,
            unusable=opened.unusable.get(one.cluster, {}),
        )
        for one in found
    )


@dataclass(frozen=True)
class _Opened:
    """Credentials by cluster and source, and why others could not be opened."""

    tokens: dict[str, dict[str, str]] = field(default_factory=dict)
    unusable: dict[str, dict[str, str]] = field(default_factory=dict)

    def complain(self) -> None:
        """Raise Misconfigured for the first that could not be opened."""
        for why in (why for of in self.unusable.values() for why in of.values()):
            raise Misconfigured(why)


async def _opened(desk: Desk, names: Collection[str]) -> _Opened:
    """Open the credentials of the named clusters; one that cannot be opened is the trouble of its source alone."""
    opened = _Opened()
    held = [one for one in await desk.fleet.credentials() if one.cluster in names]
    if not held:
        return opened
    keys = load_keys(desk.settings.home, desk.settings.environment.get(VARIABLE, ""))
    for one in held:
        try:
            opened.tokens.setdefault(one.cluster, {})[one.source] = keys.open(desk.actor.tenant, one)
        except Misconfigured as wrong:
            opened.unusable.setdefault(one.cluster, {})[one.source] = str(wrong)
    return opened


def usual(desk: Desk, ground: Ground) -> Recording:
    """Return what is asked of live sources when nobody says more: what changed within the last hour."""
    now, space = desk.clock(), desk.settings.environment.get("ROOTLINE_KUBE_NAMESPACE", "")
    question = Question(text="What changed?", window=Window(start=now - LIVE_WINDOW, end=now), namespace=space)
    return Recording(title=ground.sources.cluster_name or "live", question=question)


def live_ground(settings: Settings) -> Ground:
    """Stand on the live sources that are configured; raise Misconfigured that says how to name one."""
    described = stack(Given(variables=settings.environment))
    if not described:
        raise Misconfigured(NOTHING_TO_ASK)
    watch = Watch()
    return Ground(sources=connect(described, watch), watch=watch)


@asynccontextmanager
async def watching_live(desk: Desk) -> AsyncIterator[None]:
    """Watch the live clusters that are configured or registered while the block runs, and those registered meanwhile.

    Raises:
        Misconfigured: What the environment or the file describes is wrong.

    """
    given = Given(variables=desk.settings.environment)
    own = (stack(given), *stacks(given))

    async def known() -> tuple[Stack, ...]:
        return (*own, *[one for each in await desk.fleet.clusters() for one in _readable(each, given)])

    async with (
        kept(desk.intake, desk.redactor, desk.clock, desk.new_id) as told,
        noted(desk.note, desk.clock) as stood,
        watched(known, told=told, stood=stood),
    ):
        yield


def _readable(one: Cluster, given: Given) -> tuple[Stack, ...]:
    """Describe a registered cluster without credentials; nothing, and why on the log, where that cannot be."""
    try:
        return (stack_of(one, {}, given),)
    except Misconfigured as wrong:
        _LOG.warning("cluster %s is not watched: %s", one.name, wrong)
        return ()

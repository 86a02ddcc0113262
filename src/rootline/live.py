"""Which live clusters a person asks, out of the environment, the file and the registry."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from rootline.desk import LIVE_WINDOW, NOTHING_TO_ASK, Desk
from rootline.domain.session import Question
from rootline.domain.window import Window
from rootline.errors import Misconfigured
from rootline.ground import Ground
from rootline.sources.bundle import Sources
from rootline.sources.fleet.choosing import ALL, chosen
from rootline.sources.fleet.guard import Watch
from rootline.sources.fleet.reaching import reach
from rootline.sources.fleet.registered import stack_of
from rootline.sources.stack import Given, Stack, stack, stacks
from rootline.store.credential_keys import VARIABLE, load_keys
from rootline.tapes.recording import Recording


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
    tokens = await _tokens(desk, [one.cluster for one in found if one.cluster not in kept])
    return tuple(
        one if one.cluster in kept else stack_of(clusters[one.cluster], tokens.get(one.cluster, {}), given)
        for one in found
    )


async def _tokens(desk: Desk, names: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """Open the credentials of the named clusters, by cluster and source."""
    held = [one for one in await desk.fleet.credentials() if one.cluster in names]
    if not held:
        return {}
    keys = load_keys(desk.settings.home, desk.settings.environment.get(VARIABLE, ""))
    found: dict[str, dict[str, str]] = {}
    for one in held:
        found.setdefault(one.cluster, {})[one.source] = keys.open(desk.actor.tenant, one)
    return found


def usual(desk: Desk, ground: Ground) -> Recording:
    """Return what is asked of live sources when nobody says more: what changed within the last hour."""
    now, space = desk.clock(), desk.settings.environment.get("ROOTLINE_KUBE_NAMESPACE", "")
    question = Question(text="What changed?", window=Window(start=now - LIVE_WINDOW, end=now), namespace=space)
    return Recording(title=ground.sources.cluster_name or "live", question=question)

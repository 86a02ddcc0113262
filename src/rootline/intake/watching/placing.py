"""Where an incident is, so that the watch of one of several clusters joins none of another."""

from collections.abc import Awaitable, Callable

from rootline.domain.incident import Incident
from rootline.domain.service_key import ServiceKey
from rootline.store.intake import Intake

Told = Callable[[Incident], Awaitable[frozenset[str]]]


async def nothing_told(_: Incident) -> frozenset[str]:
    """Know of no cluster that any alert of an incident names."""
    return frozenset()


def told_by(intake: Intake) -> Told:
    """Return what finds the clusters that the alerts of an incident name."""

    async def told(one: Incident) -> frozenset[str]:
        return frozenset(notice.home for notice in await intake.notices([one.id]) if notice.home)

    return told


async def is_elsewhere(one: Incident, cluster: str, clusters: frozenset[str], told: Told) -> bool:
    """Whether an incident is in another of several clusters, as its service or its alerts say; not where none does."""
    if not clusters:
        return False
    home = one.cluster or ServiceKey.of(one.service, clusters).cluster
    named = frozenset({home}) & clusters or await told(one)
    return bool(named) and cluster not in named

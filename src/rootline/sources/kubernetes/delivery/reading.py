"""Reads what Argo CD, Flux and Helm keep in a cluster; a tool that is not there is left out without a word."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from rootline.domain.change import ChangeSet
from rootline.domain.window import Window
from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes.delivery.argo import APPLICATIONS, of_application
from rootline.sources.kubernetes.delivery.flux import HELM_RELEASES, KUSTOMIZATIONS, of_helm_release, of_kustomization
from rootline.sources.kubernetes.delivery.helm import TYPE, Kept, kept, of_releases, unpacked, worth_reading
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.reading import Choice, Reader
from rootline.sources.kubernetes.resources import RESOURCES, Resource
from rootline.sources.kubernetes.trouble import FORBIDDEN, NOT_FOUND
from rootline.sources.together import together

BEFORE = timedelta(days=7)
"""Source: ours; how long before the window a change may still explain it."""
MOST_RELEASES = 40
MOST_OBJECTS = 500
AT_ONCE = 3
_SECRETS = RESOURCES["secrets"]


class Deliveries:
    """One reading of one cluster, or one namespace of it."""

    def __init__(self, reader: Reader, namespace: str) -> None:
        self._reader = reader
        self._namespace = namespace

    async def read(self, window: Window) -> ChangeSet:
        """Return what was delivered; what may not be read is remarked.

        Raises:
            SourceFailed: The API server does not answer.

        """
        seal = self._reader.seal
        reads: list[tuple[str, Callable[[], Awaitable[ChangeSet]]]] = [
            ("Argo CD's applications", lambda: self._each(APPLICATIONS, lambda one: of_application(one, seal))),
            ("Flux's kustomizations", lambda: self._each(KUSTOMIZATIONS, of_kustomization)),
            ("Flux's Helm releases", lambda: self._each(HELM_RELEASES, of_helm_release)),
            ("Helm's releases", lambda: self._helm(window.start - BEFORE)),
        ]
        return joined(await together((_allowed(what, read) for what, read in reads), at_once=AT_ONCE))

    async def _each(self, resource: Resource, read: Callable[[Raw], ChangeSet]) -> ChangeSet:
        choice = Choice(namespace=self._namespace, most=MOST_OBJECTS)
        found = await self._reader.kept(resource, choice, read, _weigh)
        cut = (f"Kubernetes: of {resource.plural}, {found.partial}",) if found.partial else ()
        return joined([*found.items, ChangeSet(remarks=cut)])

    async def _helm(self, since: datetime) -> ChangeSet:
        choice = Choice(namespace=self._namespace, labels="owner=helm", fields=f"type={TYPE}")
        listed = await self._reader.heads(_SECRETS, choice, kept)
        revisions = [one for one in listed.items if one is not None]
        chosen = worth_reading(revisions, since, MOST_RELEASES)
        whole = await together((self._release(one) for one in chosen), at_once=AT_ONCE)
        cut = (f"Kubernetes: of Helm's releases, {listed.partial}",) if listed.partial else ()
        told = of_releases((one, held) for one, held in whole if held)
        lost = sum(not held for _, held in whole)
        odd = (f"Kubernetes: {lost} of Helm's releases cannot be unpacked",) if lost else ()
        return ChangeSet(deployments=told.deployments, configs=told.configs, remarks=(*cut, *odd))

    async def _release(self, one: Kept) -> tuple[Kept, Raw]:
        seal = self._reader.seal
        found = await self._reader.one(_SECRETS, one.namespace, one.secret, clean=lambda raw: unpacked(raw, seal))
        return one, found or Raw(None)


async def _allowed(what: str, read: Callable[[], Awaitable[ChangeSet]]) -> ChangeSet:
    try:
        return await read()
    except SourceFailed as failed:
        if failed.status == NOT_FOUND:
            return ChangeSet()
        if failed.status == FORBIDDEN:
            return ChangeSet(remarks=(f"Kubernetes: {what} may not be read. {failed.helps}",))
        if failed.is_too_large:
            return ChangeSet(remarks=(f"Kubernetes: {what} are too large to be read",))
        raise


def joined(sets: list[ChangeSet]) -> ChangeSet:
    """Several sets as one, in their order."""
    return ChangeSet(
        deployments=tuple(one for held in sets for one in held.deployments),
        configs=tuple(one for held in sets for one in held.configs),
        remarks=tuple(one for held in sets for one in held.remarks),
    )


def _weigh(changes: ChangeSet) -> int:
    return 1_500 * (len(changes.configs) + len(changes.deployments))

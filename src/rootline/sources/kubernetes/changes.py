"""Rollouts and settings of a live cluster behind the interface that recorded changes have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from rootline.domain.change import ChangeSet, ConfigChange
from rootline.domain.window import Window
from rootline.sources.changes.source import ChangeQuery, RecordedChanges
from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes.connection import Connection
from rootline.sources.kubernetes.delivery.reading import Deliveries, joined
from rootline.sources.kubernetes.observing import SETTINGS, Observer
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.reading import Choice, Reader
from rootline.sources.kubernetes.resources import RESOURCES
from rootline.sources.kubernetes.rollouts import Revision, of_controller_revision, of_replica_set, rollouts
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.kubernetes.settings_history import Used, users, written
from rootline.sources.kubernetes.trouble import FORBIDDEN, NOT_FOUND
from rootline.sources.kubernetes.watching import LEFT_OUT

_REVISIONS = {"replicasets": of_replica_set, "controllerrevisions": of_controller_revision}
_CHANGE_BYTES = 1_500
"""Source: ours; a key, a writer and a value of a line at most, rounded up."""
Kept = TypeVar("Kept")


class KubernetesChanges:
    """Rollouts and written settings, as the cluster keeps them and as an observer watched them.

    What was watched has the value before; what the cluster merely keeps of a setting has none.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        key: bytes,
        namespace: str = "",
        observer: Observer | None = None,
    ) -> None:
        self.name = "kubernetes"
        self.observer = observer or Observer(Seal(key))
        self._namespace = namespace
        self._reader = Reader(connection, Seal(key))

    async def changes(self, query: ChangeQuery, window: Window) -> ChangeSet:
        """Return what changed up to the end of the window; a kind that may not be read is left out, with a remark.

        Raises:
            SourceFailed: The API server does not answer, or lets us read neither revisions nor settings.

        """
        delivered = Deliveries(self._reader, self._namespace)
        whole = _joined(joined([await self._kept(), await delivered.read(window)]), self.observer.seen())
        return await RecordedChanges(whole, name=self.name).changes(query, window)

    async def _kept(self) -> ChangeSet:
        gaps = _Gaps()
        revisions = [
            one for plural, read in _REVISIONS.items() for one in await self._listed(plural, read, _weigh, gaps) if one
        ]
        used = users(_newest_templates(revisions))
        settings = [change for plural in SETTINGS for change in await self._written(plural, used, gaps)]
        if len(gaps.refused) == len(_REVISIONS) + len(SETTINGS):
            raise gaps.refused[0]
        history = rollouts(revisions, self._reader.seal)
        configs = (*history.configs, *settings)
        return ChangeSet(deployments=history.deployments, configs=configs, remarks=gaps.remarks)

    async def _written(self, plural: str, used: dict[Used, list[str]], gaps: "_Gaps") -> Sequence[ConfigChange]:
        kind = SETTINGS[plural]

        def keep(object_: Raw) -> list[ConfigChange]:
            by = used.get((object_.namespace, kind, object_.name), [])
            return list(written(kind, object_, by, self._reader.seal))

        return [change for changes in await self._listed(plural, keep, _count, gaps) for change in changes]

    async def _listed(
        self, plural: str, keep: Callable[[Raw], Kept], weigh: Callable[[Kept], int], gaps: "_Gaps"
    ) -> Sequence[Kept]:
        choice = Choice(namespace=self._namespace, fields=LEFT_OUT.get(plural, ""))
        try:
            found = await self._reader.kept(RESOURCES[plural], choice, keep, weigh)
        except SourceFailed as failed:
            if failed.status not in {FORBIDDEN, NOT_FOUND}:
                raise
            gaps.refused.append(failed)
            return []
        if found.partial:
            gaps.cut.append(f"Kubernetes: of {plural}, {found.partial}")
        return found.items


@dataclass(frozen=True)
class _Gaps:
    """What one reading had to leave out."""

    refused: list[SourceFailed] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)

    @property
    def remarks(self) -> tuple[str, ...]:
        """One sentence for each."""
        return (*(f"left out: {one}" for one in self.refused), *self.cut)


def _weigh(revision: Revision | None) -> int:
    return revision.template.weight_bytes() if revision else 0


def _count(changes: Sequence[ConfigChange]) -> int:
    return _CHANGE_BYTES * len(changes)


def _newest_templates(revisions: Sequence[Revision]) -> dict[tuple[str, str], Raw]:
    ordered = sorted(revisions, key=lambda one: (one.number, one.at))
    return {(one.namespace, one.owner): one.template for one in ordered}


def _joined(kept: ChangeSet, seen: ChangeSet) -> ChangeSet:
    """Both together; where a change of a setting was seen, its last write is not told a second time."""
    told = {(one.key, one.at) for one in seen.configs}
    configs = [one for one in kept.configs if (one.key, one.at) not in told]
    rolled = {(one.service, one.at) for one in kept.deployments}
    deployments = [one for one in seen.deployments if (one.service, one.at) not in rolled]
    together = (*kept.deployments, *deployments)
    return ChangeSet(deployments=together, configs=(*configs, *seen.configs), remarks=kept.remarks)

"""What an Alertmanager holds at the moment: which alerts fire there, and who keeps one quiet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import BaseModel, Field, RootModel

from rootline.sources.alerts.parts import EVERY, PATH, Matchers, Parts
from rootline.sources.backend import Backend
from rootline.sources.fleet.guard import Watch
from rootline.sources.fleet.reaching import DEADLINE_S, within
from rootline.sources.http import Many, fetch_json
from rootline.sources.stack import Stack


@dataclass(frozen=True, kw_only=True)
class HeldAlert:
    """An alert that fires there, by the fingerprint of its webhook; `silenced_by` names the silences on it."""

    fingerprint: str
    silenced_by: tuple[str, ...] = ()


class AlertHolder(Protocol):
    """Tells what fires. `cluster` is the one that it is registered with; empty where there is but one."""

    cluster: str

    async def held(self) -> Sequence[HeldAlert]:
        """Return every alert that fires, silenced and inhibited ones too; one that is resolved is not among them.

        Raises:
            SourceFailed: It did not answer.

        """
        ...


class _Status(BaseModel):
    silenced_by: list[str] = Field(default_factory=list, alias="silencedBy")


class _Alert(BaseModel):
    fingerprint: str = ""
    status: _Status = Field(default_factory=_Status)


class _Alerts(RootModel[Many[_Alert]]):
    pass


class AlertmanagerHolds:
    """Asks an Alertmanager by its API v2, behind the guard that all reads of it share."""

    def __init__(self, backend: Backend, *, name: str, cluster: str, watch: Watch) -> None:
        self.cluster = cluster
        self._backend = backend
        self._guard = watch.guard(cluster, name)

    async def held(self) -> Sequence[HeldAlert]:
        """Return every alert that fires."""
        found = await self._guard.read(Parts(ask=self._ask).read)
        if found.missing is not None:  # an alert that was not read would seem to have ended
            raise found.missing
        return found.items

    async def _ask(self, matchers: Matchers) -> Sequence[HeldAlert]:
        found = await fetch_json(self._backend, PATH, _Alerts, {**EVERY, "filter": matchers})
        return [HeldAlert(fingerprint=one.fingerprint, silenced_by=tuple(one.status.silenced_by)) for one in found.root]


def holders(stacks: Sequence[Stack], watch: Watch) -> tuple[AlertHolder, ...]:
    """Return the Alertmanagers of the clusters; of several, each may take as long as any read of a fleet."""
    bounded = [within(one, watch.deadline_s or DEADLINE_S) for one in stacks] if len(stacks) > 1 else stacks
    return tuple(
        AlertmanagerHolds(one.backend, name=one.name, cluster=stack.cluster, watch=watch)
        for stack in bounded
        for one in stack.backends
        if one.kind == "alertmanager"
    )

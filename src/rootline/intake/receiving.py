"""A payload from parsing to the store: cleaned of secrets, decided about, and kept in one transaction."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import JsonValue

from rootline.analysis.topology import Graph
from rootline.domain.notice import Delivery, Notice
from rootline.domain.tenant import Actor
from rootline.intake import alertmanager, datadog, github, grafana, pagerduty, reported
from rootline.intake.deciding import Policy
from rootline.intake.grouping import NO_GRAPH
from rootline.intake.keys import key_of
from rootline.intake.maintenance import Maintenance
from rootline.intake.told import HeadedReader, Reader, Told, in_environment, sentences
from rootline.redaction import Redactor
from rootline.store.intake import Decision, Intake, Stored

_LOG = logging.getLogger(__name__)
READERS: Mapping[str, Reader] = {
    alertmanager.VENDOR: alertmanager.read,
    grafana.VENDOR: grafana.read,
    pagerduty.VENDOR: pagerduty.read,
    datadog.VENDOR: datadog.read,
    reported.VENDOR: reported.read,
}
HEADED: Mapping[str, HeadedReader] = {github.VENDOR: github.read}
"""Vendors that say in headers what a payload is."""


async def _as_they_are(notices: Sequence[Notice]) -> Sequence[Notice]:
    """Leave alerts the names that they came with."""
    return notices


def told_of(cluster: str, told: Told) -> Told:
    """Return what was told as told of one cluster: there it is another delivery and another alert than elsewhere."""
    return replace(
        told,
        key=key_of(told.key, cluster),
        notices=tuple(_notice_of(cluster, one) for one in told.notices),
        changes=tuple(
            one.model_copy(update={"key": key_of(one.key, cluster), "cluster": cluster}) for one in told.changes
        ),
    )


def _notice_of(cluster: str, one: Notice) -> Notice:
    environment = one.cluster.partition("/")[2]
    return one.model_copy(
        update={
            "key": key_of(one.key, cluster),
            "fingerprint": fingerprint_in(cluster, one.fingerprint),
            "cluster": in_environment(cluster, environment),
        }
    )


def fingerprint_in(cluster: str, fingerprint: str) -> str:
    """Return what an alert of one cluster is known by, when its sender's credential names the cluster."""
    return key_of(fingerprint, cluster)


@dataclass(frozen=True, kw_only=True)
class Reception:
    """Takes what one tenant is told. `graph` and `windows` are asked anew for every decision.

    `naming` finds the services of alerts whose own labels do not tell them.
    """

    intake: Intake
    actor: Actor
    redactor: Redactor
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]
    graph: Callable[[], Graph] = field(default=lambda: NO_GRAPH)
    windows: Callable[[], Sequence[Maintenance]] = field(default=tuple)
    decided: Callable[[], None] = field(default=lambda: None)
    naming: Callable[[Sequence[Notice]], Awaitable[Sequence[Notice]]] = _as_they_are

    async def take(self, vendor: str, body: Any, headers: Mapping[str, str] | None = None) -> Stored:
        """Store a vendor's payload with what follows from it; return when it is stored.

        Raises:
            BadPayload: It is not what the vendor documents; nothing is stored.
            StoreUnreachable: The database is away; the vendor has to send it again.

        """
        now = self.clock()
        read = await asyncio.to_thread(self._read, vendor, body, headers or {}, now)
        named = replace(read, notices=tuple(await self.naming(read.notices)))
        told, clean = await asyncio.to_thread(self._cleaned, named, body)
        delivery = Delivery(
            id=self.new_id(), vendor=vendor, key=told.key, sender=self.actor.name, received_at=now, body=clean
        )
        stored = await self.intake.take(delivery, told.notices, self.policy(now), told.changes)
        self._tell(stored.decision)
        if told.lost:
            _LOG.warning("%s, sent by %s: %s", vendor, self.actor.name, told.lost)
        return replace(stored, remark=sentences(told.lost, told.remark))

    async def hear(self, vendor: str, key: str, notices: Sequence[Notice], body: JsonValue) -> Stored:
        """Store notices of our own, which a watcher made, as if a vendor had sent them."""
        now = self.clock()
        delivery = Delivery(
            id=self.new_id(), vendor=vendor, key=key, sender=self.actor.name, received_at=now, body=body
        )
        stored = await self.intake.take(delivery, notices, self.policy(now))
        self._tell(stored.decision)
        return stored

    async def settle(self) -> Decision:
        """Let the passing of time count: quiet incidents are resolved, planned work ends."""
        now = self.clock()
        decision = await self.intake.settle(self.policy(now), now)
        self._tell(decision)
        return decision

    def policy(self, now: datetime) -> Policy:
        """Return by what is decided at a moment."""
        return Policy(now=now, new_id=self.new_id, graph=self.graph(), windows=tuple(self.windows()))

    def _read(self, vendor: str, body: Any, headers: Mapping[str, str], now: datetime) -> Told:
        """Read it as it came, so that its keys are the vendor's."""
        read = HEADED[vendor](headers, body, now) if vendor in HEADED else READERS[vendor](body, now)
        return told_of(self.actor.cluster, read) if self.actor.cluster else read

    def _cleaned(self, told: Told, body: Any) -> tuple[Told, JsonValue]:
        """Keep only what has lost its secrets."""
        notices = tuple(self._clean(one) for one in told.notices)
        changes = tuple(self.redactor.model(one).model_copy(update={"key": one.key}) for one in told.changes)
        return replace(told, notices=notices, changes=changes), self.redactor.value(body)

    def _clean(self, one: Notice) -> Notice:
        own = {"key": one.key, "fingerprint": one.fingerprint}
        return self.redactor.model(one).model_copy(update=own)

    def _tell(self, decision: Decision) -> None:
        if decision:
            self.decided()

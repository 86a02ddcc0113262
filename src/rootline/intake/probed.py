"""An alert of a probe that is posted to us names the service that is probed, as one that is read does."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from rootline.domain.notice import Notice
from rootline.domain.signal import Alert
from rootline.domain.window import Window
from rootline.intake.homes import Homes
from rootline.sources.alerts.probed import ProbedNames
from rootline.sources.alerts.wire import condition, rule_of

WITHIN_S = 3.0
"""Source: ours; vendors wait for ten seconds. What came too late is there for the next delivery of that minute."""
_BEFORE = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class ProbedServices:
    """Asks the Prometheus of the cluster that an alert is of, by its name; one that has no such keeps its name."""

    homes: Homes = field(default_factory=Homes)
    clusters: Mapping[str, ProbedNames] = field(default_factory=dict)
    clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC)
    within_s: float = WITHIN_S

    async def named(self, notices: Sequence[Notice]) -> Sequence[Notice]:
        """Return the notices in their order, those of probes as of what is probed."""
        found = await asyncio.gather(*(self._services(cluster, notices) for cluster in self.clusters))
        services = {key: service for of_cluster in found for key, service in of_cluster.items()}
        return [one.model_copy(update={"service": services.get(one.key, one.service)}) for one in notices]

    async def _services(self, cluster: str, notices: Sequence[Notice]) -> Mapping[str, str]:
        """Return of which services the notices of a cluster are, by their keys."""
        own = [one for one in notices if self.homes.owns(cluster, one.home)]
        end = self.clock().replace(second=0, microsecond=0)
        window = Window(start=end - _BEFORE, end=end)
        told = await self.clusters[cluster].named([_alert(one) for one in own], window, self.within_s)
        return {one.key: alert.service for one, alert in zip(own, told, strict=True)}


def _alert(one: Notice) -> Alert:
    return Alert(
        name=one.name,
        service=one.service,
        severity=one.severity,
        fired_at=one.fired_at,
        metric=condition(rule_of(one.link))[0],
        labels=one.labels,
    )

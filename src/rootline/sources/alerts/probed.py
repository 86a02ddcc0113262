"""An alert of a blackbox probe is of the service that is probed, not of the job that probes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from rootline.domain.signal import Alert
from rootline.domain.window import Window
from rootline.errors import ToolFault
from rootline.sources.alerts.source import AlertSource
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.guard import Guard
from rootline.sources.in_part import telling_of
from rootline.sources.metrics.probes import FAMILY, Probed, Probes, address_of, is_exporter


class ProbedNames:
    """Names alerts by what the Prometheus of their cluster probes, as its metrics are named.

    It is asked where an alert may be of a probe; while it does not answer, alerts keep the names that they have.
    """

    def __init__(self, probes: Probes, guard: Guard) -> None:
        """Take the probes of a Prometheus, and what stands before that."""
        self._probes, self._guard = probes, guard

    @property
    def deadline_s(self) -> float | None:
        """How long whatever is read there may take."""
        return self._guard.watch.deadline_s

    async def named(self, found: Sequence[Alert], window: Window, within_s: float | None) -> Sequence[Alert]:
        """Return the alerts in their order, those of probes as of what was probed in a window."""
        if not any(map(may_be_of_a_probe, found)):
            return found
        probed = await self._probed(window, within_s)
        return [named(one, probed) for one in found]

    async def _probed(self, window: Window, within_s: float | None) -> Probed:
        try:
            async with asyncio.timeout(within_s):
                with telling_of("alerts"):
                    return await self._guard.read(lambda: self._probes.looked_up(window))
        except (TimeoutError, SourceFailed, ToolFault):
            return {}


class ProbedAlerts:
    """Alerts of any source, those of probes named within the time that is left of the one deadline."""

    def __init__(self, source: AlertSource, names: ProbedNames) -> None:
        self.name = source.name
        self._source, self._names = source, names

    async def alerts(self, window: Window) -> Sequence[Alert]:
        """Return the alerts that were firing at any time in the window, oldest first."""
        clock, deadline_s = asyncio.get_running_loop().time, self._names.deadline_s
        began = clock()
        found = await self._source.alerts(window)
        left_s = None if deadline_s is None else max(0.0, deadline_s - (clock() - began))
        told = await self._names.named(found, window, left_s)
        return sorted(told, key=lambda one: (one.fired_at, one.service, one.name))


def may_be_of_a_probe(one: Alert) -> bool:
    """Whether an alert tells of an address, and no label but the job, the address or an exporter's names a service.

    Where its rule is known that is about a probe's own metric: `up` tells of the exporter.
    """
    address = address_of(one.labels)
    if not address or (one.metric and not one.metric.startswith(FAMILY)):
        return False
    return one.service in {address, one.labels.get("job")} or is_exporter(one.service)


def named(one: Alert, probed: Probed) -> Alert:
    """Return an alert as of what is probed, where its address is; any other stays as it is."""
    shown = probed.get(address_of(one.labels), "") if may_be_of_a_probe(one) else ""
    return replace(one, service=shown) if shown else one

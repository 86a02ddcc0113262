"""Alerts of several sources as one, each alert once."""

import asyncio
from collections.abc import Collection, Sequence

from rootline.domain.evidence import ClusterOutcome
from rootline.domain.service_key import ServiceKey
from rootline.domain.signal import Alert
from rootline.domain.window import Window
from rootline.sources.alerts.source import AlertSource
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.hearing import LONGEST_DETAIL, tell

Identity = tuple[str, frozenset[tuple[str, str]]]
_ADDED = frozenset({"prometheus", "replica", "prometheus_replica"})


class JoinedAlerts:
    """Asks every source; what the first one says of an alert counts. One that fails is named while any answers.

    Prometheus remembers what Alertmanager has forgotten, and Alertmanager knows alerts that others sent to it.
    """

    def __init__(self, sources: Sequence[AlertSource], clusters: Collection[str] = ()) -> None:
        """Take the clusters that are asked together: the same alert of two of them is two."""
        self.name = "+".join(source.name for source in sources)
        self._sources = tuple(sources)
        self._clusters = clusters

    async def alerts(self, window: Window) -> Sequence[Alert]:
        """Return the alerts that were firing in the window, oldest first."""
        answers = await asyncio.gather(*(self._read(source, window) for source in self._sources))
        failed = [one for one in answers if isinstance(one, SourceFailed)]
        if len(failed) == len(answers):
            raise failed[0]
        if failed:
            tell([_half(failed)])
        told = [found for answer in answers if not isinstance(answer, SourceFailed) for found in answer]
        return sorted(self._once(told), key=lambda one: (one.fired_at, one.service, one.name))

    def _once(self, told: Sequence[Alert]) -> Sequence[Alert]:
        known: dict[Identity, list[Alert]] = {}
        for one in told:
            same = known.setdefault(_identity(one), [])
            if not any(self._is_near(one, earlier) and _overlap(one, earlier) for earlier in same):
                same.append(one)
        return [one for same in known.values() for one in same]

    def _is_near(self, one: Alert, other: Alert) -> bool:
        """Whether both may be of one cluster."""
        first, second = (ServiceKey.of(each.service, self._clusters) for each in (one, other))
        return not self._clusters or first.is_near(second)

    async def _read(self, source: AlertSource, window: Window) -> Sequence[Alert] | SourceFailed:
        try:
            return await source.alerts(window)
        except SourceFailed as failed:
            return failed


def _half(failed: Sequence[SourceFailed]) -> ClusterOutcome:
    """Say that a part of the alerts is missing, and whose."""
    named = "; ".join(f"{one.asked}: {one.happened}" for one in failed)
    return ClusterOutcome(cluster="", asked="alerts", status="partial", detail=f"without {named}"[:LONGEST_DETAIL])


def _identity(one: Alert) -> Identity:
    return one.name, frozenset((key, value) for key, value in one.labels.items() if key not in _ADDED)


def _overlap(one: Alert, other: Alert) -> bool:
    """Whether two tellings of one alert share any time; else it fired twice."""
    first, second = sorted((one, other), key=lambda alert: alert.fired_at)
    return first.resolved_at is None or first.resolved_at >= second.fired_at

"""What several tools need to know first: what fires, what moved, and since when."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.scoring import score
from rootline.domain.signal import Alert
from rootline.domain.window import Window
from rootline.sources.bundle import Sources
from rootline.sources.failure import SourceFailed
from rootline.sources.metrics import MetricQuery

STRONG = 0.5
"""Source: ours; the score from which a finding's onset is trusted over the time an alert fired."""


@dataclass(frozen=True, kw_only=True)
class Observation:
    """The alerts and metric findings of a window, and the onset they agree on."""

    alerts: tuple[Alert, ...]
    findings: tuple[MetricFinding, ...]
    onset: datetime | None

    @property
    def alert(self) -> Alert | None:
        """The first alert that fired."""
        return self.alerts[0] if self.alerts else None


Read = TypeVar("Read")


async def attempted(read: Awaitable[Read], otherwise: Read) -> Read:
    """Return what was read; a source that fails now is reported by the tool that asks it, not by every other."""
    try:
        return await read
    except SourceFailed:
        return otherwise


async def observe(sources: Sources, window: Window, service: str = "") -> Observation:
    """Read alerts and metrics; the onset is the alerted metric's own where it can be told."""
    alerts = tuple(await attempted(sources.alerts.alerts(window), ())) if sources.alerts else ()
    series = await attempted(sources.metrics.series(MetricQuery(), window), ()) if sources.metrics else ()
    findings = tuple(score(series, window))
    return Observation(alerts=alerts, findings=findings, onset=_onset(alerts, findings, service))


def _onset(alerts: Sequence[Alert], findings: Sequence[MetricFinding], service: str) -> datetime | None:
    moved = [one for one in findings if one.onset is not None and one.direction != "flat"]
    alert = next((one for one in alerts if service in {"", one.service}), None)
    if alert is not None:
        alerted = [one for one in moved if (one.service, one.metric) == (alert.service, alert.metric)]
        own = [one for one in moved if one.service == alert.service and one.score >= STRONG]
        return (alerted or own)[0].onset if alerted or own else alert.fired_at
    strong = [one for one in moved if one.score >= STRONG and service in {"", one.service}]
    return strong[0].onset if strong else None

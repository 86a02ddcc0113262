"""What several tools need to know first: what fires, what moved, and since when."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np

from rootline.analysis.joining.deepest import deepest
from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.scoring import score
from rootline.analysis.metrics.stems import is_of
from rootline.analysis.topology import Graph
from rootline.analysis.traces.edges import edges as edges_of_spans
from rootline.domain.service_key import ServiceKey, means
from rootline.domain.signal import Alert, Edge, Series
from rootline.domain.window import Window
from rootline.sources.bundle import Sources
from rootline.sources.failure import SourceFailed
from rootline.sources.metrics import MetricQuery

STRONG = 0.5
"""Source: ours; the score from which a finding's onset is trusted over the time an alert fired."""

MOST_STEP_S = 120.0


@dataclass(frozen=True, kw_only=True)
class Observation:
    """The alerts and metric findings of a window, and the onset they agree on.

    `step_s` is how many seconds apart the numbers are from which the onset was told, `nearest` the place of the alert
    that is nearest to the cause.
    """

    alerts: tuple[Alert, ...]
    findings: tuple[MetricFinding, ...]
    onset: datetime | None
    step_s: float = 60.0
    nearest: int = 0

    @property
    def alert(self) -> Alert | None:
        """The alert nearest to the cause."""
        return self.alerts[self.nearest] if self.alerts else None

    @property
    def since(self) -> datetime | None:
        """The earliest moment of which the sample at the onset speaks: it stands for the step before it."""
        return self.onset - timedelta(seconds=min(self.step_s, MOST_STEP_S)) if self.onset else None

    def among(self, keep: Callable[[str], bool]) -> "Observation":
        """Return what is seen of the services that are to be kept; the alert nearest to the cause is one of them."""
        first = self.alert
        alerts = tuple(one for one in self.alerts if keep(one.service) or one is first)
        nearest = next((at for at, one in enumerate(alerts) if one is first), 0)
        findings = tuple(one for one in self.findings if keep(one.service))
        return replace(self, alerts=alerts, findings=findings, nearest=nearest)


Read = TypeVar("Read")


async def attempted(read: Awaitable[Read], otherwise: Read) -> Read:
    """Return what was read; a source that fails now is reported by the tool that asks it, not by every other."""
    try:
        return await read
    except SourceFailed:
        return otherwise


async def observe(sources: Sources, window: Window, service: str = "", home: str = "") -> Observation:
    """Read alerts and metrics; the onset is the alerted metric's own where it can be told.

    Of several clusters `home` is the one that somebody asks about; nothing else is looked at then.
    """
    every = await attempted(sources.alerts.alerts(window), ()) if sources.alerts else ()
    alerts = tuple(one for one in every if _is_in(home, one.service, sources))
    series = await attempted(sources.metrics.series(MetricQuery(), window), ()) if sources.metrics else ()
    findings = tuple(score([one for one in series if _is_in(home, one.service, sources)], window))
    nearest = await _nearest(alerts, sources, window)
    onset = _onset((*alerts[nearest:], *alerts[:nearest]), findings, lambda one: means(service, one, sources.clusters))
    return Observation(alerts=alerts, findings=findings, onset=onset, step_s=_step_s(series), nearest=nearest)


def _is_in(home: str, service: str, sources: Sources) -> bool:
    """Whether a service is in the cluster that somebody asks about, or in none that is told."""
    return not home or ServiceKey.of(service, sources.clusters).cluster in {"", home}


async def _nearest(alerts: Sequence[Alert], sources: Sources, window: Window) -> int:
    """Find the alert nearest to the cause, of those that still fire if any do; of one service alone it is the first."""
    if len({one.service for one in alerts}) < 2:  # noqa: PLR2004 one alone is called by nobody who was alerted
        return 0
    graph = Graph.of(await edges_of(sources, window))
    lasting = [at for at, one in enumerate(alerts) if one.resolved_at is None] or [*range(len(alerts))]
    return lasting[deepest([(alerts[at].service, alerts[at].fired_at) for at in lasting], graph)]


async def edges_of(sources: Sources, window: Window) -> Sequence[Edge]:
    """Read declared dependencies and those that traces show, each once."""
    declared = await attempted(sources.topology.edges(window), ()) if sources.topology else ()
    traced = edges_of_spans(await attempted(sources.traces.spans("", window), ())) if sources.traces else ()
    found: dict[tuple[str, str], Edge] = {}
    for edge in (*declared, *traced):
        found.setdefault((edge.caller, edge.callee), edge)
    return [found[key] for key in sorted(found)]


def _step_s(series: Sequence[Series]) -> float:
    """The finest distance of samples; a minute where there are none."""
    return min((float(np.diff(one.times).min()) for one in series if one.times.size > 1), default=60.0)


def _onset(
    alerts: Sequence[Alert], findings: Sequence[MetricFinding], is_meant: Callable[[str], bool]
) -> datetime | None:
    moved = [one for one in findings if one.onset is not None and one.direction != "flat"]
    alert = next((one for one in alerts if is_meant(one.service)), None)
    if alert is not None:
        alerted = [one for one in moved if one.service == alert.service and is_of(one.metric, alert.metric)]
        own = [one for one in moved if one.service == alert.service and one.score >= STRONG]
        return (alerted or own)[0].onset if alerted or own else alert.fired_at
    strong = [one for one in moved if one.score >= STRONG and is_meant(one.service)]
    return strong[0].onset if strong else None

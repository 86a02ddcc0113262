"""What several tools need to know first: what fires, what moved, and since when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from rootline.analysis.joining.unasked import nearest, tells_of_silence
from rootline.analysis.metrics.finding import MetricFinding
from rootline.analysis.metrics.harm import hurts
from rootline.analysis.metrics.scoring import score
from rootline.analysis.metrics.stems import is_of
from rootline.analysis.metrics.views import view_of
from rootline.analysis.topology import Graph
from rootline.analysis.traces.edges import edges as edges_of_spans
from rootline.analysis.traces.onset import Traced, traced
from rootline.analysis.traces.timeline import calls_of
from rootline.domain.service_key import ServiceKey, means
from rootline.domain.signal import TOLD_BY_METRICS, Alert, Edge, Series
from rootline.domain.window import Window
from rootline.sources.bundle import Sources
from rootline.sources.failure import SourceFailed
from rootline.sources.metrics.source import MetricQuery
from rootline.tools.attempted import attempted
from rootline.tools.first_error import first_new_error

STRONG = 0.5
"""Source: ours; the score from which a finding's onset is trusted over the time an alert fired."""

MOST_STEP_S = 120.0


@dataclass(frozen=True, kw_only=True)
class Observation:
    """The alerts and metric findings of a window, and the onset they agree on.

    `step_s` is how many seconds apart the numbers are from which the onset was told, `nearest` the place of the alert
    that is nearest to the cause. `traced` is what spans tell over time, where there are no metrics: the findings are
    then of that.
    """

    alerts: tuple[Alert, ...]
    findings: tuple[MetricFinding, ...]
    onset: datetime | None
    step_s: float = 60.0
    nearest: int = 0
    traced: tuple[Traced, ...] = ()

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
        told = tuple(one for one in self.traced if keep(one.finding.service))
        return replace(self, alerts=alerts, findings=findings, nearest=nearest, traced=told)


async def observe(sources: Sources, window: Window, service: str = "", home: str = "") -> Observation:
    """Read alerts and metrics, or where there are none of these, traces; the onset is the alerted metric's own if any.

    Of several clusters `home` is the one that somebody asks about; nothing else is looked at then.
    """
    every = await attempted(sources.alerts.alerts(window), ()) if sources.alerts else ()
    alerts = tuple(
        sorted((one for one in every if _is_in(home, one.service, sources)), key=_first_of(service, sources))
    )
    series = await attempted(sources.metrics.series(MetricQuery(), window), ()) if sources.metrics else ()
    told = () if series else await _traced(sources, window, home)
    measured = score([one for one in series if _is_in(home, one.service, sources)], window)
    findings = (*measured, *(one.finding for one in told))
    nearest = await _nearest(alerts, sources, window)
    ordered = (*alerts[nearest:], *alerts[:nearest])
    alert = next((one for one in ordered if means(service, one.service, sources.clusters)), None)
    onset = _onset(alert, findings, lambda one: means(service, one, sources.clusters))
    if alert is not None and onset == alert.fired_at:
        others = {one.service for one in alerts}
        failing_at = await first_new_error(sources, window, alert.service, onset, others)
        onset = min(onset, failing_at or onset)
    step_s = next((_width_s(one) for one in told if onset and one.finding.onset == onset), _step_s(series))
    return Observation(alerts=alerts, findings=findings, onset=onset, step_s=step_s, nearest=nearest, traced=told)


def _first_of(service: str, sources: Sources) -> Callable[[Alert], tuple[datetime, bool]]:
    """Return by what alerts are ordered: of those that one evaluation fired, the asked service's come first."""
    return lambda one: (one.fired_at, not (service and means(service, one.service, sources.clusters)))


async def _traced(sources: Sources, window: Window, home: str) -> tuple[Traced, ...]:
    """Judge what spans tell over time, the strongest change first."""
    spans = await attempted(sources.traces.spans("", window), ()) if sources.traces else ()
    calls = calls_of(spans)
    return tuple(traced([one for one in calls if _is_in(home, one.service, sources)], window))


def _width_s(one: Traced) -> float:
    """How far apart the moments are between which a change began."""
    return (one.finding.onset - one.since).total_seconds() if one.finding.onset and one.since else 0.0


def _is_in(home: str, service: str, sources: Sources) -> bool:
    """Whether a service is in the cluster that somebody asks about, or in none that is told."""
    return not home or ServiceKey.of(service, sources.clusters).cluster in {"", home}


async def _nearest(alerts: Sequence[Alert], sources: Sources, window: Window) -> int:
    """Find the alert nearest to the cause, of those that still fire if any do; of one service alone it is the first."""
    if len({one.service for one in alerts}) < 2:  # noqa: PLR2004 one alone is called by nobody who was alerted
        return 0
    graph = Graph.of(await edges_of(sources, window))
    lasting = [at for at, one in enumerate(alerts) if one.resolved_at is None] or [*range(len(alerts))]
    silent = [tells_of_silence(alerts[at].name, alerts[at].summary) for at in lasting]
    return lasting[nearest([(alerts[at].service, alerts[at].fired_at) for at in lasting], silent, graph)]


async def edges_of(sources: Sources, window: Window, failed: list[SourceFailed] | None = None) -> Sequence[Edge]:
    """Read dependencies that are declared, that traces show and that metrics tell, each once and in that order.

    Args:
        sources: What is asked.
        window: When they were seen.
        failed: What failed is appended to it.

    """
    known = await attempted(sources.topology.edges(window), (), failed) if sources.topology else ()
    traced = edges_of_spans(await attempted(sources.traces.spans("", window), (), failed)) if sources.traces else ()
    declared = [edge for edge in known if edge.found_in != TOLD_BY_METRICS]
    counted = [edge for edge in known if edge.found_in == TOLD_BY_METRICS]
    found: dict[tuple[str, str], Edge] = {}
    for edge in (*declared, *traced, *counted):
        found.setdefault((edge.caller, edge.callee), edge)
    return [found[key] for key in sorted(found)]


def _step_s(series: Sequence[Series]) -> float:
    """The finest distance of samples; a minute where there are none."""
    return min((float(np.diff(one.times).min()) for one in series if one.times.size > 1), default=60.0)


def _onset(alert: Alert | None, findings: Sequence[MetricFinding], is_meant: Callable[[str], bool]) -> datetime | None:
    moved = [one for one in findings if one.onset is not None and one.direction != "flat"]
    if alert is None:
        strong = [one for one in moved if one.score >= STRONG and is_meant(one.service)]
        return strong[0].onset if strong else None
    named = [one for one in moved if one.service == alert.service and is_of(one.metric, alert.metric)]
    alerted = [one for one in named if not _was_beyond(one, alert)]
    strong = [one for one in moved if one.service == alert.service and one.score >= STRONG and one not in named]
    own = [one for one in strong if hurts(one)]
    told = alerted or ([] if named else own)
    return told[0].onset if told else alert.fired_at


def _was_beyond(finding: MetricFinding, alert: Alert) -> bool:
    """Whether a rate was beyond the threshold before it moved: the alert is then on something else, as its share."""
    if alert.threshold is None or alert.observed is None or view_of(finding.metric) != "rate":
        return False
    is_above = alert.observed > alert.threshold
    return finding.baseline > alert.threshold if is_above else finding.baseline < alert.threshold

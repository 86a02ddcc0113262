"""get_alerts: what fired, where and when."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from rootline.domain.evidence import Reading, SourceName, Truncated
from rootline.domain.fact import AlertFact
from rootline.domain.service_key import is_named, means
from rootline.domain.signal import Alert
from rootline.domain.window import Window, rfc3339
from rootline.tools.scene import Scene
from rootline.tools.times import End, Start, resolve
from rootline.tools.wording import clock, cut, not_configured, nothing, number, some

State = Literal["all", "firing", "resolved"]
LONG_BEFORE, LEAD = timedelta(hours=6), timedelta(minutes=45)
"""Source: ours; what has fired for longer is no news to anybody, and what leads to an alert is read from before it."""


async def get_alerts(
    service: Annotated[str, Field(description="Service; empty: all", max_length=300)] = "",
    state: Annotated[State, Field(description="State at the window's end")] = "all",
    start: Start = "",
    end: End = "",
    limit: Annotated[int, Field(description="Alerts shown", ge=1, le=100)] = 20,
    *,
    scene: Scene,
) -> Reading:
    """List alerts, oldest first. The first to fire is often nearest to the cause, the loudest is often a victim."""
    source, window = scene.sources.alerts, resolve(start, end, scene.window, scene.now)
    if source is None:
        return not_configured("alerts", window, scene.sources.cluster_name)
    backend = SourceName(backend=source.name, cluster=scene.sources.cluster_name)
    every = sorted(
        await source.alerts(window), key=lambda one: (one.fired_at, not is_named(one.service, scene.question))
    )
    known = scene.sources.clusters
    alerts = [one for one in every if means(service, one.service, known) and state in {"all", _state(one)}]
    if not alerts:
        asked = f"alerts of {service}" if service else "alerts"
        reason = f"{len(every)} alerts fired elsewhere" if every else "nothing fired"
        return nothing(asked, window, backend, subject=service or "alerts", known=bool(every), reason=reason)
    shown = alerts[:limit]
    return Reading(
        status="ok",
        summary="\n".join([f"{len(alerts)} alerts", *(f"[{at}] {_line(one)}" for at, one in enumerate(shown))]),
        facts=tuple(_fact(one) for one in alerts),
        source=backend,
        window=window,
        truncated=Truncated(returned=len(shown), total=len(alerts)) if len(shown) < len(alerts) else None,
        hints=_earlier(alerts, window),
    )


def _earlier(alerts: Sequence[Alert], window: Window) -> tuple[str, ...]:
    """Say when to ask about instead, where what still fires began a while before the window; what is usual does not."""
    began = [
        one
        for one in alerts
        if not one.resolved_at and window.start - LONG_BEFORE <= one.fired_at < window.start and one.severity != "info"
    ]
    if not began:
        return ()
    first = min(one.fired_at for one in began)
    who = some([one.service or one.name for one in began])
    told = f"{who}: firing since {rfc3339(first)} at the latest, before this window"
    return (f"{told}. What led to it is earlier: ask again from {rfc3339(first - LEAD)} on",)


def _state(alert: Alert) -> State:
    return "resolved" if alert.resolved_at else "firing"


def _line(alert: Alert) -> str:
    measured = f", {alert.metric} at {number(alert.observed)} over {number(alert.threshold)}" if alert.metric else ""
    told = cut(alert.summary or alert.name, 160)
    return f"{clock(alert.fired_at)} {alert.severity} {alert.service or alert.name}: {told}{measured}"


def _fact(alert: Alert) -> AlertFact:
    return AlertFact(
        subject=alert.service or alert.name,
        name=alert.name,
        severity=alert.severity,
        fired_at=alert.fired_at,
        resolved_at=alert.resolved_at,
        metric=alert.metric,
        threshold=alert.threshold,
        observed=alert.observed,
        summary=alert.summary,
    )

"""Alerts that an Alertmanager holds, by its API v2. It forgets resolved ones after a few minutes."""

from collections.abc import Sequence
from datetime import timedelta

from pydantic import BaseModel, Field, RootModel

from rootline.domain.evidence import ClusterOutcome
from rootline.domain.moment import Moment
from rootline.domain.signal import Alert
from rootline.domain.window import Window
from rootline.sources.alerts.parts import EVERY, PATH, Matchers, Parts
from rootline.sources.alerts.wire import Pairs, alert
from rootline.sources.backend import Backend
from rootline.sources.fleet.hearing import LONGEST_DETAIL, tell
from rootline.sources.http import Many, fetch_json
from rootline.sources.links import note

LEEWAY = timedelta(minutes=1)
"""Source: Prometheus sends a firing alert with an end four evaluation intervals ahead; an end behind us is one."""


class _Alert(BaseModel):
    labels: Pairs = Field(default_factory=dict)
    annotations: Pairs = Field(default_factory=dict)
    fingerprint: str = ""
    starts_at: Moment = Field(alias="startsAt")
    ends_at: Moment | None = Field(default=None, alias="endsAt")


class _Alerts(RootModel[Many[_Alert]]):
    pass


class AlertmanagerAlerts:
    """Reads the alerts of an Alertmanager, silenced and inhibited ones too: they are no less true."""

    def __init__(self, backend: Backend, *, name: str = "alertmanager", service_label: str = "") -> None:
        self.name = name
        self._backend = backend
        self._service_label = service_label

    async def alerts(self, window: Window) -> Sequence[Alert]:
        """Return the alerts that were firing at any time in the window, oldest first."""
        note("alerts", f"{self._backend.url}/#/alerts")
        found = await Parts(ask=lambda matchers: self._ask(matchers, window)).read()
        if found.missing is not None:
            why = f"only {len(found.items):,} alerts of {found.missing.asked} were read: {found.missing.happened}"
            tell([ClusterOutcome(cluster="", asked="alerts", status="partial", detail=why[:LONGEST_DETAIL])])
        return sorted(found.items, key=lambda one: (one.fired_at, one.service, one.name))

    async def _ask(self, matchers: Matchers, window: Window) -> Sequence[Alert]:
        found = await fetch_json(self._backend, PATH, _Alerts, {**EVERY, "filter": matchers})
        every = (self._of(one, window) for one in found.root if one.starts_at < window.end)
        return [one for one in every if one.resolved_at is None or one.resolved_at >= window.start]

    def _of(self, one: _Alert, window: Window) -> Alert:
        is_over = one.ends_at is not None and one.ends_at > one.starts_at and one.ends_at < window.end - LEEWAY
        return alert(
            one.labels,
            one.annotations,
            fired_at=one.starts_at,
            resolved_at=one.ends_at if is_over else None,
            fingerprint=one.fingerprint,
            service_label=self._service_label,
        )

"""Alerts."""

from collections.abc import Sequence
from typing import Protocol

from rootline.domain.signal import Alert
from rootline.domain.window import Window


class AlertSource(Protocol):
    """Reads alerts."""

    name: str

    async def alerts(self, window: Window) -> Sequence[Alert]:
        """Return the alerts that were firing at any time in the window, oldest first."""
        ...


class RecordedAlerts:
    """Alerts out of a recording."""

    def __init__(self, alerts: Sequence[Alert], *, name: str = "tape") -> None:
        self.name = name
        self._alerts = sorted(alerts, key=lambda alert: (alert.fired_at, alert.service, alert.name))

    async def alerts(self, window: Window) -> Sequence[Alert]:
        """Return the recorded alerts that were firing in the window."""
        return [
            alert
            for alert in self._alerts
            if alert.fired_at < window.end and (alert.resolved_at is None or alert.resolved_at >= window.start)
        ]

"""Alertmanager's webhook, version 4. It signs nothing; a bearer token or basic authentication tells who sends.

Source: Prometheus, "Alerting configuration", webhook_config; `template.Data` of Alertmanager 0.28.
"""

from datetime import datetime
from typing import Any

from pydantic import Field

from rootline.domain.moment import Moment
from rootline.domain.notice import Notice
from rootline.intake.keys import key_of
from rootline.intake.told import Loose, Told, cut_off, notice, read_as, refuse_too_many

VENDOR = "alertmanager"


class _Status(Loose):
    """As API v2 tells it: who keeps the alert quiet."""

    state: str = "active"
    silenced_by: list[str] = Field(default_factory=list, alias="silencedBy")
    inhibited_by: list[str] = Field(default_factory=list, alias="inhibitedBy")
    muted_by: list[str] = Field(default_factory=list, alias="mutedBy")


class _Alert(Loose):
    status: str | _Status = "firing"
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)
    starts_at: Moment = Field(alias="startsAt")
    ends_at: Moment | None = Field(default=None, alias="endsAt")
    generator_url: str = Field(default="", alias="generatorURL")
    fingerprint: str = ""


class _Payload(Loose):
    version: str = ""
    group_key: str = Field(alias="groupKey", min_length=1)
    alerts: list[_Alert]
    truncated: int = Field(default=0, alias="truncatedAlerts")


def read(body: Any, received_at: datetime) -> Told:
    """Read a payload. The key of a notice is group, fingerprint, start and status."""
    payload = read_as(_Payload, body, "Alertmanager")
    refuse_too_many(len(payload.alerts))
    notices = tuple(_notice(one, payload.group_key, received_at) for one in payload.alerts)
    return Told(
        key=key_of(VENDOR, *sorted(one.key for one in notices)),
        notices=notices,
        remark=cut_off(payload.truncated, "max_alerts"),
    )


def _notice(one: _Alert, group: str, received_at: datetime) -> Notice:
    fingerprint = one.fingerprint or key_of(*(part for pair in sorted(one.labels.items()) for part in pair))
    quiet = _kept_quiet(one.status)
    is_resolved = one.status == "resolved"
    ended = one.ends_at if one.ends_at and one.ends_at > one.starts_at else received_at
    status = quiet or ("resolved" if is_resolved else "firing")
    return notice(
        VENDOR,
        one.labels,
        one.annotations,
        key=key_of(VENDOR, group, fingerprint, one.starts_at.isoformat(), status),
        fingerprint=fingerprint,
        state="resolved" if is_resolved else "firing",
        fired_at=one.starts_at,
        at=ended if is_resolved else one.starts_at,
        received_at=received_at,
        link=one.generator_url,
        suppressed=quiet,
    )


def _kept_quiet(status: "str | _Status") -> str:
    """Return who keeps an alert quiet, where the payload says so."""
    if isinstance(status, str):
        return "silenced" if status == "suppressed" else ""
    by = (("silenced by ", status.silenced_by), ("inhibited by ", status.inhibited_by), ("muted by ", status.muted_by))
    told = next((word + ", ".join(who)[:200] for word, who in by if who), "")
    return told or ("silenced" if status.state == "suppressed" else "")

"""Grafana Alerting's webhook contact point; it can sign.

Source: Grafana 13, "Configure webhook notifications".
"""

from datetime import datetime
from typing import Any

from pydantic import Field

from rootline.domain.moment import Moment
from rootline.domain.notice import Notice
from rootline.intake.keys import key_of
from rootline.intake.told import Loose, Told, cut_off, notice, read_as, refuse_too_many

VENDOR = "grafana"


class _Alert(Loose):
    status: str
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)
    starts_at: Moment = Field(alias="startsAt")
    ends_at: Moment | None = Field(default=None, alias="endsAt")
    generator_url: str = Field(default="", alias="generatorURL")
    fingerprint: str = Field(min_length=1)


class _Payload(Loose):
    receiver: str = ""
    org_id: int = Field(default=0, alias="orgId")
    alerts: list[_Alert]
    truncated: int = Field(default=0, alias="truncatedAlerts")


def read(body: Any, received_at: datetime) -> Told:
    """Read a payload. The key of a notice is organisation, fingerprint, start and status."""
    payload = read_as(_Payload, body, "Grafana")
    refuse_too_many(len(payload.alerts))
    notices = tuple(_notice(one, str(payload.org_id), received_at) for one in payload.alerts)
    return Told(
        key=key_of(VENDOR, *sorted(one.key for one in notices)),
        notices=notices,
        remark=cut_off(payload.truncated, "Max Alerts"),
    )


def _notice(one: _Alert, organisation: str, received_at: datetime) -> Notice:
    is_resolved = one.status == "resolved"
    ended = one.ends_at if one.ends_at and one.ends_at > one.starts_at else received_at
    return notice(
        VENDOR,
        one.labels,
        one.annotations,
        key=key_of(VENDOR, organisation, one.fingerprint, one.starts_at.isoformat(), one.status),
        fingerprint=key_of(organisation, one.fingerprint),
        state="resolved" if is_resolved else "firing",
        fired_at=one.starts_at,
        at=ended if is_resolved else one.starts_at,
        received_at=received_at,
        link=one.generator_url,
    )

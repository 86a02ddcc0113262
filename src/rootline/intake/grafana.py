"""Grafana Alerting's webhook contact point; it can sign.

Source: Grafana 13, "Configure webhook notifications".
"""

from datetime import datetime
from typing import Any

from pydantic import Field

from rootline.domain.moment import Moment
from rootline.domain.notice import Notice
from rootline.intake.keys import key_of, key_of_labels
from rootline.intake.partly import Word, Words, known, read_partly
from rootline.intake.told import Loose, Told, cut_off, notice, refuse_too_many, sentences

VENDOR = "grafana"


class _Alert(Loose):
    status: str = "firing"
    labels: Words = Field(default_factory=dict)
    annotations: Words = Field(default_factory=dict)
    starts_at: Moment | None = Field(default=None, alias="startsAt")
    ends_at: Moment | None = Field(default=None, alias="endsAt")
    generator_url: Word = Field(default="", alias="generatorURL")
    fingerprint: Word = ""


class _Payload(Loose):
    org_id: int = Field(default=0, alias="orgId")
    alerts: list[_Alert]
    truncated: int = Field(default=0, alias="truncatedAlerts")


def read(body: Any, received_at: datetime) -> Told:
    """Read a payload. The key of a notice is organisation, fingerprint, start and status."""
    read = read_partly(_Payload, body, "Grafana")
    payload = read.part
    refuse_too_many(len(payload.alerts))
    alerts, lost = known(payload.alerts, body["alerts"], read.left_out, "Grafana")
    notices = tuple(_notice(one, str(payload.org_id), received_at) for one in alerts)
    return Told(
        key=key_of(VENDOR, *sorted(one.key for one in notices)),
        notices=notices,
        lost=sentences(lost, cut_off(payload.truncated, "Max Alerts")),
    )


def _notice(one: _Alert, organisation: str, received_at: datetime) -> Notice:
    is_resolved = one.status == "resolved"
    fingerprint = one.fingerprint or key_of_labels(one.labels)
    begun = one.starts_at or received_at
    ended = one.ends_at if one.ends_at and one.ends_at > begun else received_at
    return notice(
        VENDOR,
        one.labels,
        one.annotations,
        key=key_of(VENDOR, organisation, fingerprint, begun.isoformat(), one.status),
        fingerprint=key_of(organisation, fingerprint),
        state="resolved" if is_resolved else "firing",
        fired_at=begun,
        at=ended if is_resolved else begun,
        received_at=received_at,
        link=one.generator_url,
    )

"""Alertmanager's webhook, version 4. It signs nothing; a bearer token or basic authentication tells who sends.

Source: Prometheus, "Alerting configuration", webhook_config; `template.Data` of Alertmanager 0.28.
"""

from datetime import datetime
from typing import Any

from pydantic import Field

from rootline.domain.moment import Moment
from rootline.domain.notice import Notice
from rootline.intake.keys import key_of, key_of_labels
from rootline.intake.partly import Opaque, Word, Words, known, read_partly
from rootline.intake.told import Loose, Told, cut_off, notice, refuse_too_many, sentences

VENDOR = "alertmanager"


class _Status(Loose):
    """As API v2 tells it: who keeps the alert quiet."""

    state: Word = "active"
    silenced_by: list[Word] = Field(default_factory=list, alias="silencedBy")
    inhibited_by: list[Word] = Field(default_factory=list, alias="inhibitedBy")
    muted_by: list[Word] = Field(default_factory=list, alias="mutedBy")


class _Alert(Loose):
    status: str | _Status = "firing"
    labels: Words = Field(default_factory=dict)
    annotations: Words = Field(default_factory=dict)
    starts_at: Moment | None = Field(default=None, alias="startsAt")
    ends_at: Moment | None = Field(default=None, alias="endsAt")
    generator_url: Word = Field(default="", alias="generatorURL")
    fingerprint: Word = ""


class _Payload(Loose):
    group_key: Opaque = Field(alias="groupKey", min_length=1)
    alerts: list[_Alert]
    truncated: int = Field(default=0, alias="truncatedAlerts")


def read(body: Any, received_at: datetime) -> Told:
    """Read a payload. The key of a notice is group, fingerprint, start and status."""
    read = read_partly(_Payload, body, "Alertmanager")
    payload = read.part
    refuse_too_many(len(payload.alerts))
    alerts, lost = known(payload.alerts, body["alerts"], read.left_out, "Alertmanager")
    notices = tuple(_notice(one, payload.group_key, received_at) for one in alerts)
    return Told(
        key=key_of(VENDOR, *sorted(one.key for one in notices)),
        notices=notices,
        lost=sentences(lost, cut_off(payload.truncated, "max_alerts")),
    )


def _notice(one: _Alert, group: str, received_at: datetime) -> Notice:
    fingerprint = one.fingerprint or key_of_labels(one.labels)
    quiet = _kept_quiet(one.status)
    is_resolved = one.status == "resolved"
    begun = one.starts_at or received_at
    ended = one.ends_at if one.ends_at and one.ends_at > begun else received_at
    status = quiet or ("resolved" if is_resolved else "firing")
    return notice(
        VENDOR,
        one.labels,
        one.annotations,
        key=key_of(VENDOR, group, fingerprint, begun.isoformat(), status),
        fingerprint=fingerprint,
        state="resolved" if is_resolved else "firing",
        fired_at=begun,
        at=ended if is_resolved else begun,
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

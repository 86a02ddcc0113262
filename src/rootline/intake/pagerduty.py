"""PagerDuty's webhooks, version 3: one event a delivery, always signed. An incident there is an alert here.

Source: PagerDuty, "Webhooks overview" and "Verifying signatures".
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from rootline.domain.moment import Moment
from rootline.domain.notice import NoticeState
from rootline.intake.keys import key_of
from rootline.intake.partly import Word, read_partly
from rootline.intake.told import Loose, Told, notice, sentences

VENDOR = "pagerduty"
_STATES: Mapping[str, NoticeState] = {
    "incident.triggered": "firing",
    "incident.reopened": "firing",
    "incident.unacknowledged": "firing",
    "incident.acknowledged": "firing",
    "incident.escalated": "firing",
    "incident.delegated": "firing",
    "incident.reassigned": "firing",
    "incident.priority_updated": "firing",
    "incident.resolved": "resolved",
}
_BEGINS = frozenset({"incident.triggered", "incident.reopened"})
_URGENCIES = {"high": "high", "low": "low"}


class _Reference(Loose):
    summary: Word = ""


class _Incident(Loose):
    id: Word = Field(min_length=1)
    title: Word = ""
    urgency: Word = ""
    html_url: Word = ""
    created_at: Moment | None = None
    service: _Reference | None = None
    priority: _Reference | None = None


class _Event(Loose):
    id: Word = Field(min_length=1)
    event_type: Word
    occurred_at: Moment | None = None
    agent: _Reference | None = None
    data: dict[str, Any] = Field(default_factory=dict)


class _Payload(Loose):
    event: _Event


def read(body: Any, received_at: datetime) -> Told:
    """Read a payload. Its key is the event's id; an event that is not about an incident tells of no alert."""
    read = read_partly(_Payload, body, "PagerDuty")
    event = read.part.event
    key = key_of(VENDOR, event.id)
    state = _STATES.get(event.event_type)
    if state is None:
        return Told(key=key, lost=read.left_out)
    incident = read_partly(_Incident, event.data, "PagerDuty")
    one, at = incident.part, event.occurred_at or received_at
    made = notice(
        VENDOR,
        {"alertname": one.title or one.id, "service": _summary(one.service), "severity": _severity(one)},
        {"summary": one.title},
        key=key,
        fingerprint=one.id,
        state=state,
        fired_at=at if event.event_type in _BEGINS else one.created_at or at,
        at=at,
        received_at=received_at,
        link=one.html_url,
    )
    by = _summary(event.agent)[:100] or "someone"
    is_seen = event.event_type == "incident.acknowledged"
    told = made.model_copy(update={"acknowledged_by": by if is_seen else ""})
    return Told(key=key, notices=(told,), lost=sentences(read.left_out, incident.left_out))


def _summary(one: _Reference | None) -> str:
    return one.summary if one else ""


def _severity(one: _Incident) -> str:
    return _summary(one.priority).split(" ")[0] or _URGENCIES.get(one.urgency, "high")

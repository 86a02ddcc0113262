"""Datadog's webhooks: the payload it sends by default, or the fuller one that docs/intake.md gives to paste.

Datadog signs nothing; a custom header with a token tells who sends.
Source: Datadog, "Webhooks", the variables and the default payload.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from rootline.domain.notice import NoticeState
from rootline.intake.keys import key_of
from rootline.intake.partly import Word, read_partly, written
from rootline.intake.told import Loose, Told, notice

VENDOR = "datadog"
MOST_TAGS = 200
_TRANSITIONS: Mapping[str, tuple[NoticeState, str]] = {
    "triggered": ("firing", ""),
    "re-triggered": ("firing", ""),
    "renotify": ("firing", ""),
    "warn": ("firing", "medium"),
    "re-warn": ("firing", "medium"),
    "no data": ("firing", "medium"),
    "re-no data": ("firing", "medium"),
    "recovered": ("resolved", ""),
}
_TITLE = re.compile(
    r"\A\s{0,10}(?:\[(?P<priority>P[1-5])\]\s{0,10})?"
    r"\[(?P<word>[A-Za-z -]{1,20})(?: on \{(?P<scope>[^}]{0,500})\})?\]\s{0,10}(?P<rest>.{0,500})",
    re.DOTALL,
)
_TYPES = {"error": "high", "warning": "medium", "info": "info", "success": "info"}


def _joined(value: object) -> object:
    """Write a list of tags as Datadog's variables do, with commas between."""
    return ",".join(str(one) for one in value[:MOST_TAGS]) if isinstance(value, list) else written(value)


_Tags = Annotated[str, BeforeValidator(_joined)]


class _Payload(Loose):
    id: Word = Field(min_length=1)
    title: Word = ""
    body: Word = ""
    date: Word = ""
    last_updated: Word = ""
    link: Word = ""
    alert_id: Word = ""
    aggreg_key: Word = ""
    alert_transition: Word = ""
    alert_type: Word = ""
    alert_priority: Word = ""
    alert_scope: _Tags = ""
    alert_title: Word = ""
    hostname: Word = ""
    tags: _Tags = ""


def read(body: Any, received_at: datetime) -> Told:
    """Read a payload. Its key is the event's id with the alert's transition; an event of another kind is no alert."""
    read = read_partly(_Payload, body, "Datadog")
    one = read.part
    titled = _TITLE.match(one.title)
    word = (one.alert_transition or (titled["word"] if titled else "")).strip().lower()
    key = key_of(VENDOR, one.id, word)
    state, severity = _TRANSITIONS.get(word, (None, ""))
    if state is None:
        return Told(key=key, remark="this is no transition of a monitor, so no alert", lost=read.left_out)
    scope = one.alert_scope or ((titled["scope"] or "") if titled else "")
    name = one.alert_title or (titled["rest"] if titled else "") or one.title
    labels = {**_tags(one.tags), **_tags(scope), "alertname": name}
    if one.hostname:
        labels.setdefault("host", one.hostname)
    priority = one.alert_priority or (titled["priority"] if titled else "")
    labels["severity"] = priority or severity or _TYPES.get(one.alert_type, "high")
    at = _moment(one.date or one.last_updated, received_at)
    made = notice(
        VENDOR,
        labels,
        {"summary": name, "description": one.body},
        key=key,
        fingerprint=one.aggreg_key or key_of(one.alert_id or name, *sorted(_split(scope))),
        state=state,
        fired_at=at,
        at=at,
        received_at=received_at,
        link=one.link,
    )
    return Told(key=key, notices=(made,), lost=read.left_out)


def _tags(text: str) -> dict[str, str]:
    """Read `key:value` pairs with commas between."""
    pairs = (part.strip().partition(":") for part in _split(text))
    return {key[:200]: value[:500] for key, _, value in pairs if key and value}


def _split(text: str) -> Iterable[str]:
    return text[:4000].split(",")


def _moment(text: str, received_at: datetime) -> datetime:
    """Read Unix time in milliseconds or seconds; the moment of receiving where it is neither."""
    try:
        number = float(text)
        return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, tz=UTC)  # noqa: PLR2004 the year 5138
    except (ValueError, OverflowError, OSError):
        return received_at

"""Alerts that Prometheus itself evaluated: their history from `ALERTS`, their words from the rules."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from pydantic import BaseModel, Field

from rootline.domain.signal import Alert
from rootline.domain.window import Window
from rootline.errors import ToolFault
from rootline.sources.alerts.wire import Pairs, alert
from rootline.sources.failure import SourceFailed
from rootline.sources.http import Many, fetch, shaped
from rootline.sources.in_part import tell_of_a_part, telling_of
from rootline.sources.links import note
from rootline.sources.matrix import Row, Steps, steps
from rootline.sources.prometheus import Prometheus, seen_at

_LABEL = re.compile(r"\{\{ {0,4}\$labels\.(\w{1,100}) {0,4}\}\}")
_LONGEST_TEMPLATE = 2000
CLOSE = 2
COARSER = 8
"""Source: ours; as of metrics, an eighth of the moments of some thousand alerts fits into one answer."""
FIRING = 'ALERTS{alertstate="firing"}'
_UNTIMED = frozenset({"__name__", "alertstate"})


class _Active(BaseModel):
    labels: Pairs = Field(default_factory=dict)
    annotations: Pairs = Field(default_factory=dict)
    value: str = ""


class _Rule(BaseModel):
    name: str = ""
    query: str = ""
    annotations: Pairs = Field(default_factory=dict)
    alerts: Many[_Active] = Field(default_factory=list)


class _Group(BaseModel):
    rules: Many[_Rule] = Field(default_factory=list)


class _Groups(BaseModel):
    groups: Many[_Group] = Field(default_factory=list)


class _Rules(BaseModel):
    data: _Groups = Field(default_factory=_Groups)


class PrometheusAlerts:
    """Reads alerts back from the samples that rule evaluation leaves, so that resolved ones are known too."""

    def __init__(
        self, api: Prometheus, *, name: str = "prometheus", service_label: str = "", least_step_s: int = 15
    ) -> None:
        self.name = name
        self._api = api
        self._service_label = service_label
        self._least_step_s = least_step_s

    async def alerts(self, window: Window) -> Sequence[Alert]:
        """Return what fired in the window; one that fired before it is followed back by the window's length.

        The end is looked at more closely, so that what has only just begun to fire is not missed between two samples.
        """
        whole = Window(start=window.start - window.duration, end=window.end)
        asked = steps(whole, least_s=self._least_step_s)
        note("alerts", seen_at(self._api.backend, FIRING, whole))
        close = steps(Window(start=window.end - CLOSE * timedelta(seconds=asked.step_s), end=window.end), least_s=1)
        with telling_of("alerts"):
            (asked, found), (close, last), rules = await asyncio.gather(
                self._firing(asked), self._firing(close), self._rules()
            )
        known = [row.labels for row in found]
        fresh = [row for row in last if row.labels not in known]
        reads = [*((row, asked) for row in found), *((row, close) for row in fresh)]
        firing = [row.labels for row in last if np.isfinite(row.values[-CLOSE:]).any()]
        every = (
            one
            if one.resolved_at or row.labels in firing
            else replace(one, resolved_at=_moment(moments, moments.count))
            for row, moments in reads
            for one in self._of(row, moments, rules)
        )
        inside = [one for one in every if one.resolved_at is None or one.resolved_at >= window.start]
        return sorted(inside, key=lambda one: (one.fired_at, one.service, one.name))

    async def _firing(self, asked: Steps) -> tuple[Steps, list[Row]]:
        """Read what fired at some moments, at fewer of them where that is too large for one answer."""
        try:
            return asked, await self._api.range(FIRING, asked)
        except SourceFailed as failed:
            if not failed.is_too_large:
                raise
        fewer = asked.coarser(COARSER)
        return fewer, await self._api.range(FIRING, fewer)

    def _of(self, row: Row, asked: Steps, rules: Mapping[str, Sequence[_Rule]]) -> Iterator[Alert]:
        labels = {key: value for key, value in row.labels.items() if key not in _UNTIMED}
        rule = _rule_of(labels, rules.get(labels.get("alertname", ""), ()))
        active = next((one for one in rule.alerts if one.labels == labels), _Active())
        for start, end in _stretches(row, asked):
            yield alert(
                labels,
                active.annotations or {key: _filled(text, labels) for key, text in rule.annotations.items()},
                fired_at=start,
                resolved_at=end,
                expression=rule.query,
                observed=active.value,
                service_label=self._service_label,
            )

    async def _rules(self) -> Mapping[str, Sequence[_Rule]]:
        """Read the rules' words; without them alerts still have their labels."""
        try:
            body = await fetch(self._api.backend, "/api/v1/rules", {"type": "alert"})
            tell_of_a_part(body)
            found = shaped(self._api.backend, body, _Rules)
        except (SourceFailed, ToolFault):
            return {}
        named: dict[str, list[_Rule]] = {}
        for rule in (one for group in found.data.groups for one in group.rules):
            named.setdefault(rule.name, []).append(rule)
        return named


def _rule_of(labels: Mapping[str, str], named: Sequence[_Rule]) -> _Rule:
    """Return the rule that made an alert, of several with its name: the one that tells of it, else the likeliest."""
    telling = next((one for one in named if any(alert.labels == labels for alert in one.alerts)), None)
    if telling is not None:
        return telling
    values = [f'="{value}"' for key, value in labels.items() if key not in {"alertname", "severity"}]
    return max(named, key=lambda one: sum(value in one.query for value in values), default=_Rule())


def _filled(template: str, labels: Mapping[str, str]) -> str:
    """Fill in the labels of a rule's annotation; whatever else the template asks for stays as it is written."""
    return _LABEL.sub(lambda found: labels.get(found[1], found[0]), template[:_LONGEST_TEMPLATE])


def _stretches(row: Row, asked: Steps) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield when an alert began and ended to fire; one that still fires at the last moment has not ended."""
    places = np.flatnonzero(np.isfinite(row.values))
    if not places.size:
        return
    borders = [-1, *(np.flatnonzero(np.diff(places) > 1).tolist()), places.size - 1]
    for before, last in pairwise(borders):
        start, stop = int(places[before + 1]), int(places[last]) + 1
        yield _moment(asked, start), _moment(asked, stop) if stop < asked.count else None


def _moment(asked: Steps, place: int) -> datetime:
    return datetime.fromtimestamp(asked.first + asked.step_s * place, UTC)

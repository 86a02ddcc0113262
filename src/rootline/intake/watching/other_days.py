"""What the same time of other days had: asked of the backend only when something would open, and bounded."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from rootline.analysis.detection.daily import is_as_on, like_today
from rootline.analysis.detection.features import Feature
from rootline.analysis.detection.gating import Decision
from rootline.analysis.detection.policy import Daily, Policy
from rootline.domain.signal import Series
from rootline.domain.window import Window
from rootline.errors import RootlineError
from rootline.sources.metrics.source import Aggregate, MetricQuery, MetricSource

MOST_ASKED = 6
"""Source: ours; signals of a slot that other days are asked about, strongest first: some thirty ranges of two hours."""
WITHIN_S = 20.0
"""Source: ours; a third of a slot. What is not known by then excuses nothing."""
_HOUR_S, _DAY_S = 3_600, 86_400.0
_KEPT = 128
_LOG = logging.getLogger(__name__)
_Key = tuple[str, str, float]


@dataclass(kw_only=True)
class OtherDays:
    """Reads whole hours of other days, so that the slots of one night ask for each of them once."""

    metrics: MetricSource
    _read: OrderedDict[_Key, Sequence[Series]] = field(default_factory=OrderedDict)

    async def marked(
        self, features: Sequence[Feature], decisions: Sequence[Decision], policy: Policy
    ) -> Sequence[Feature]:
        """Return the features, those marked as daily that most days like this one had something of at this hour.

        Only those are asked about on which an incident would open that nothing but usual slowness or load speaks for.
        """
        limit = policy.daily
        wanted = _worth_asking(decisions) if limit is not None and limit.days > 1 else []
        if limit is None or not wanted:
            return features
        try:
            async with asyncio.timeout(WITHIN_S):
                usual = [one for one in wanted if is_as_on(one, await self._days(one, limit), policy)]
        except (RootlineError, OSError, TimeoutError) as failed:
            _LOG.warning("other days are not known: %s", failed or "no answer in time")
            return features
        return [replace(one, is_daily=one.is_daily or one in usual) for one in features]

    async def _days(self, one: Feature, limit: Daily) -> list[Sequence[Series]]:
        return [await self._at(one, one.at - day * _DAY_S, limit) for day in like_today(one.at, limit.days)]

    async def _at(self, one: Feature, then: float, limit: Daily) -> Sequence[Series]:
        """Return a signal around a moment; the hours that hold it are read once."""
        start = (then - limit.within_s) // _HOUR_S * _HOUR_S
        key = one.service, one.metric, start
        if key not in self._read:
            end = start + _HOUR_S + 2 * limit.within_s
            window = Window(start=datetime.fromtimestamp(start, UTC), end=datetime.fromtimestamp(end, UTC))
            join: Aggregate = "sum" if one.unit.endswith("/s") else "max"
            query = MetricQuery(service=one.service, metric=one.metric, aggregate=join)
            self._read[key] = await self.metrics.series(query, window)
            while len(self._read) > _KEPT:
                self._read.popitem(last=False)
        first, last = then - limit.within_s, then + limit.within_s
        return [_cut(each, first, last) for each in self._read[key]]


def _cut(one: Series, first: float, last: float) -> Series:
    inside = (one.times >= first) & (one.times < last)
    return replace(one, times=one.times[inside], values=one.values[inside])


def _worth_asking(decisions: Sequence[Decision]) -> list[Feature]:
    """Return what would open an incident and may be usual: neither failures, nor what is beyond a limit."""
    opening = [one.candidate for one in decisions if one.action == "opened"]
    asked = [one for each in opening for one in each.features if not one.is_daily]
    is_plain = all(one.signal.view != "errors" and not one.limit and one.deviation for one in asked)
    return asked if is_plain and len(asked) <= MOST_ASKED else []

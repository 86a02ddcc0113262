"""What the same time of other days had excuses a peak, also one of varying strength; it is asked when it matters."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from rootline.analysis.detection.daily import is_as_on, like_today
from rootline.analysis.detection.features import Feature
from rootline.analysis.detection.gating import Ongoing, decide
from rootline.analysis.detection.signals import Signal
from rootline.domain.signal import Floats, Series
from rootline.domain.window import Window
from rootline.intake.watching.other_days import MOST_ASKED, OtherDays
from rootline.intake.watching.policy_files import shipped_policy
from rootline.intake.watching.watcher import Watcher
from rootline.sources.failure import SourceFailed
from rootline.sources.metrics.source import MetricQuery, RecordedMetrics
from rootline.store.journal import MemoryJournal
from rootline.store.watchbook import MemoryWatchbook

POLICY = shipped_policy()
FRIDAY = datetime(2026, 3, 6, 2, tzinfo=UTC)
"""When the night's batch begins."""
DAY = timedelta(days=1)
MINUTES = 8 * 1440


def nights(levels: dict[int, float], *, today: datetime = FRIDAY, metric: str = "http_latency_p99") -> Series:
    """Eight days up to a batch of twenty minutes, whose level is told by how many days ago it was."""
    times = today.timestamp() + 1200 - 60.0 * np.arange(MINUTES, dtype=np.float64)[::-1]
    values: Floats = 0.1 * (1 + 0.05 * np.random.default_rng(1).standard_normal(times.size))
    for ago, level in levels.items():
        began = (today - ago * DAY).timestamp()
        values[(times >= began) & (times < began + 1200)] = level
    unit = "s" if "latency" in metric else "ratio"
    return Series(service="web", metric=metric, unit=unit, times=times, values=values)


@dataclass
class Asked:
    """Recorded metrics that count what they are asked, and can fail or hang about one metric."""

    inner: RecordedMetrics
    fails: bool = False
    name: str = "prometheus"
    runs_promql: bool = False
    queries: list[tuple[MetricQuery, Window]] = field(default_factory=list)

    async def series(self, query: MetricQuery, window: Window) -> Sequence[Series]:
        if query.metric:
            self.queries.append((query, window))
            if self.fails:
                raise SourceFailed("prometheus", "no whole answer within 20 s", "Ask again.", is_late=True)
        return await self.inner.series(query, window)

    async def names(self, service: str) -> Sequence[tuple[str, str]]:
        return await self.inner.names(service)


async def outcomes(metrics: Asked, today: datetime = FRIDAY) -> list[tuple[str, str]]:
    one = Watcher(metrics=metrics, journal=MemoryJournal(), book=MemoryWatchbook(), policy=POLICY, cluster="shop")
    rounds = [await one.evaluate(today + timedelta(minutes=minute)) for minute in range(-2, 6)]
    return [(gated.action, gated.reason) for each in rounds if each for gated in each.gated]


WEEKDAYS = {1: 0.35, 2: 0.6, 3: 0.45, 4: 0.7, 7: 0.5}
"""Thursday to Monday, and the Friday before."""


@pytest.mark.anyio
@pytest.mark.promise("nightly-peaks-page-nobody")
async def test_a_nightly_batch_of_varying_strength_opens_nothing() -> None:
    metrics = Asked(RecordedMetrics([nights({**WEEKDAYS, 0: 0.65})]))

    told = await outcomes(metrics)

    assert told
    assert set(told) == {("suppressed", "daily")}


@pytest.mark.anyio
@pytest.mark.parametrize(
    "levels",
    [
        {**WEEKDAYS, 0: 2.0},
        {0: 0.65},
        {0: 0.65, 3: 0.7},
        {0: 0.65, 5: 0.7, 6: 0.7},
        {0: 0.65, 1: 0.12, 2: 0.14, 3: 0.7, 4: 0.13, 7: 0.14},
    ],
    ids=["higher than ever", "never before", "once before", "on weekends only", "one bad night among slight ones"],
)
async def test_what_is_no_habit_of_such_days_opens_an_incident(levels: dict[int, float]) -> None:
    told = await outcomes(Asked(RecordedMetrics([nights(levels)])))

    assert told[0] == ("opened", "")


@pytest.mark.anyio
async def test_monday_is_judged_by_weekdays_and_sunday_by_the_weekend() -> None:
    monday, sunday = FRIDAY + 3 * DAY, FRIDAY + 2 * DAY
    workdays = {3: 0.6, 4: 0.6, 5: 0.6, 6: 0.6, 7: 0.6, 0: 0.6}
    weekends = {0: 0.6, 1: 0.4, 7: 0.65}

    on_monday = await outcomes(Asked(RecordedMetrics([nights(workdays, today=monday)])), monday)
    on_sunday = await outcomes(Asked(RecordedMetrics([nights(weekends, today=sunday)])), sunday)
    unusual = dict.fromkeys((0, 2, 3, 4, 5, 6), 0.6)
    lone = await outcomes(Asked(RecordedMetrics([nights(unusual, today=sunday)])), sunday)

    assert set(on_monday) == set(on_sunday) == {("suppressed", "daily")}
    assert lone[0] == ("opened", "")


@pytest.mark.anyio
async def test_failures_are_never_excused_and_other_days_are_not_even_asked() -> None:
    series = nights({**dict.fromkeys(WEEKDAYS, 0.3), 0: 0.35}, metric="http_error_ratio")
    metrics = Asked(RecordedMetrics([series]))

    told = await outcomes(metrics)

    assert ("opened", "") in told
    assert metrics.queries == []


@pytest.mark.anyio
async def test_other_days_are_asked_once_a_night_and_only_when_something_would_open() -> None:
    calm, busy = Asked(RecordedMetrics([nights({})])), Asked(RecordedMetrics([nights({**WEEKDAYS, 0: 0.65})]))

    await outcomes(calm)
    await outcomes(busy)

    assert calm.queries == []
    assert len(busy.queries) == len({window.start for _, window in busy.queries}) <= 2 * 5
    assert all(window.duration <= timedelta(hours=2) for _, window in busy.queries)
    assert {(query.service, query.metric) for query, _ in busy.queries} == {("web", "http_latency_p99")}


@pytest.mark.anyio
async def test_a_backend_that_does_not_tell_other_days_excuses_nothing() -> None:
    metrics = Asked(RecordedMetrics([nights({**WEEKDAYS, 0: 0.65})]), fails=True)

    assert (await outcomes(metrics))[0] == ("opened", "")


def feature(service: str = "web", **fields: object) -> Feature:
    plain = Feature(
        at=FRIDAY.timestamp() + 180,
        service=service,
        signal=Signal(view="duration"),
        window="5m",
        metric="http_latency_p99",
        unit="s",
        expected=0.1,
        observed=0.65,
        deviation=0.55,
        score=9.0,
        kind="spike",
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


@pytest.mark.anyio
async def test_an_outage_of_many_signals_is_no_batch_and_is_not_asked_about() -> None:
    metrics = Asked(RecordedMetrics([nights({**WEEKDAYS, 0: 0.65})]))
    many = [feature(metric=f"http_latency_p99_{at}") for at in range(MOST_ASKED + 1)]
    decisions, _ = decide(many[0].at, many, Ongoing(), POLICY)

    marked = await OtherDays(metrics=metrics).marked(many, decisions, POLICY)

    assert marked is many
    assert metrics.queries == []


@pytest.mark.anyio
async def test_a_policy_of_one_day_asks_for_no_other() -> None:
    metrics = Asked(RecordedMetrics([nights({**WEEKDAYS, 0: 0.65})]))
    decisions, _ = decide(feature().at, [feature()], Ongoing(), POLICY)
    old = shipped_policy("2026-11-3")

    assert await OtherDays(metrics=metrics).marked([feature()], decisions, old) == [feature()]
    assert metrics.queries == []
    assert (await OtherDays(metrics=metrics).marked([feature()], decisions, POLICY))[0].is_daily


def test_days_of_a_kind_are_those_of_the_weekend_or_the_others() -> None:
    week = [like_today((FRIDAY + ago * DAY).timestamp(), 7) for ago in range(4)]

    assert week == [[1, 2, 3, 4, 7], [6, 7], [1, 7], [3, 4, 5, 6, 7]]
    assert like_today(FRIDAY.timestamp(), 1) == [1]


def test_days_without_samples_are_not_known_and_one_known_day_is_no_habit() -> None:
    whole = nights(dict.fromkeys(range(8), 0.6))
    empty = replace(whole, times=whole.times[:0], values=whole.values[:0])
    unknown = replace(whole, values=np.full(whole.values.size, np.nan))

    assert is_as_on(feature(), [[whole], [whole], [empty], [unknown], []], POLICY)
    assert not is_as_on(feature(), [[whole], [empty], [unknown], []], POLICY)
    assert not is_as_on(feature(signal=Signal(view="errors")), [[whole], [whole]], POLICY)
    assert not is_as_on(feature(), [[whole], [whole]], POLICY.model_copy(update={"daily": None}))

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from tests.analysis.detection.days import START, changed, shop
from tests.analysis.detection.days import series as made

from rootline.analysis.detection.gating import Exempt
from rootline.domain.anomaly import WatchRound
from rootline.domain.incident import Incident, IncidentState, Transition
from rootline.domain.signal import Series
from rootline.domain.window import Window
from rootline.errors import RootlineError
from rootline.intake.watching.policy_files import shipped_policy
from rootline.intake.watching.slots import MOST_BEHIND, due, slot_of
from rootline.intake.watching.watcher import Watcher
from rootline.sources.failure import SourceFailed
from rootline.sources.metrics.source import MetricQuery, MetricSource, RecordedMetrics
from rootline.store.journal import MemoryJournal
from rootline.store.watchbook import MemoryWatchbook

pytestmark = pytest.mark.anyio

SLOW = changed(shop(), "service-1", "http_latency_p99", slice(300, 310), 8)
MINUTE = timedelta(minutes=1)


def at(minute: int) -> datetime:
    """The slot that ends with a minute's sample; the days' samples lie 20 s after a full minute."""
    return slot_of(datetime.fromtimestamp(START + 60 * (minute + 1), UTC), MINUTE)


@dataclass
class Failing:
    """Metrics that do not answer while `broken`."""

    inner: MetricSource
    name: str = "prometheus"
    runs_promql: bool = False
    broken: bool = True
    asked: list[Window] = field(default_factory=list)

    async def series(self, query: MetricQuery, window: Window) -> Sequence[Series]:
        self.asked.append(window)
        if self.broken:
            raise SourceFailed("prometheus was asked for its series", "it did not answer", "Is it up?")
        return await self.inner.series(query, window)

    async def names(self, service: str) -> Sequence[tuple[str, str]]:
        return await self.inner.names(service)


def watcher(
    found: Sequence[Series] = SLOW,
    *,
    metrics: MetricSource | None = None,
    journal: MemoryJournal | None = None,
    book: MemoryWatchbook | None = None,
    exempt: Sequence[Exempt] = (),
) -> Watcher:
    return Watcher(
        metrics=metrics or RecordedMetrics(found),
        journal=journal or MemoryJournal(),
        book=book or MemoryWatchbook(),
        policy=shipped_policy(),
        cluster="shop",
        exempt=lambda _: exempt,
    )


async def watched(one: Watcher, minutes: range) -> list[WatchRound]:
    rounds = [await one.evaluate(at(minute)) for minute in minutes]
    return [one for one in rounds if one is not None]


async def test_a_slow_service_opens_one_incident_with_its_rationale_and_policy() -> None:
    one = watcher(journal=(journal := MemoryJournal()))

    rounds = await watched(one, range(295, 309))

    (incident,) = await journal.incidents()
    assert (incident.service, incident.severity, incident.state) == ("service-1", "high", "detected")
    assert incident.title.startswith("service-1: duration 1.")
    opened = [gated for one in rounds for gated in one.gated if gated.action == "opened"]
    assert [(one.rule, one.policy, one.incident) for one in opened] == [
        ("user_facing", shipped_policy().version, incident.id)
    ]
    assert "http_latency_p99, 5m" in opened[0].rationale
    assert "spreads above" in opened[0].rationale


async def test_an_incident_opens_within_two_minutes_of_the_fault() -> None:
    rounds = await watched(watcher(), range(295, 305))

    first = next(one.slot for one in rounds if one.gated)

    assert first <= at(301)


async def test_while_it_lasts_its_candidates_join_it() -> None:
    rounds = await watched(watcher(), range(295, 315))

    actions = [gated.action for one in rounds for gated in one.gated]

    assert actions == ["opened", *["joined"] * 8]
    assert len({gated.incident for one in rounds for gated in one.gated}) == 1


@pytest.mark.promise("watched-once")
async def test_a_slot_is_evaluated_once_by_however_many_watches() -> None:
    journal, book = MemoryJournal(), MemoryWatchbook()
    first, second = watcher(journal=journal, book=book), watcher(journal=journal, book=book)

    both = [await one.evaluate(at(minute)) for minute in range(299, 305) for one in (first, second)]

    assert [one is None for one in both] == [False, True] * 6
    assert len(await journal.incidents()) == 1


@pytest.mark.promise("watched-once")
async def test_a_watch_that_was_killed_goes_on_with_the_same_incident() -> None:
    journal, book = MemoryJournal(), MemoryWatchbook()
    await watched(watcher(journal=journal, book=book), range(299, 304))

    after = await watched(watcher(journal=journal, book=book), range(304, 308))

    assert [gated.action for one in after for gated in one.gated] == ["joined"] * 4
    assert len(await journal.incidents()) == 1


async def test_two_watches_that_saw_a_slot_slightly_differently_open_one_incident() -> None:
    journal = MemoryJournal()
    other = changed(shop(), "service-1", "http_latency_p99", slice(300, 310), 9)
    await watched(watcher(journal=journal), range(299, 304))

    rounds = await watched(watcher(other, journal=journal), range(299, 304))

    (incident,) = await journal.incidents()
    assert {gated.incident for one in rounds for gated in one.gated} == {incident.id}


async def test_slots_missed_while_it_was_away_are_caught_up() -> None:
    journal, book = MemoryJournal(), MemoryWatchbook()
    await watched(watcher(journal=journal, book=book), range(295, 297))

    rounds = await watcher(journal=journal, book=book).catch_up(at(306))

    assert [one.slot for one in rounds] == [at(minute) for minute in range(297, 307)]
    assert len(await journal.incidents()) == 1


async def test_after_a_long_absence_only_the_present_is_caught_up() -> None:
    now = at(500)

    assert due(at(1), now, MINUTE) == [now - MINUTE * back for back in reversed(range(MOST_BEHIND))]
    assert due(now, now, MINUTE) == []
    assert due(None, now, MINUTE) == [now]


async def test_a_source_that_fails_is_told_and_the_watch_goes_on() -> None:
    source = Failing(RecordedMetrics(SLOW))
    one = watcher(metrics=source)

    broken = await one.evaluate(at(298))
    source.broken = False
    rounds = await watched(one, range(299, 304))

    assert broken is not None
    assert "it did not answer" in broken.failures[0]
    assert [gated.action for one in rounds for gated in one.gated][:1] == ["opened"]


async def test_a_source_that_fails_in_the_middle_ends_no_incident() -> None:
    source = Failing(RecordedMetrics(SLOW), broken=False)
    one = watcher(metrics=source, journal=(journal := MemoryJournal()))
    await watched(one, range(299, 303))
    source.broken = True
    await watched(one, range(303, 306))
    source.broken = False

    after = await watched(one, range(306, 309))

    assert len(await journal.incidents()) == 1
    assert [gated.action for one in after for gated in one.gated] == ["joined"] * 3


async def test_the_history_is_read_once_and_then_only_what_is_new() -> None:
    source = Failing(RecordedMetrics(SLOW), broken=False)

    await watched(watcher(metrics=source), range(299, 302))

    other_days = timedelta(hours=2)
    lengths = [round(one.duration.total_seconds() / 60) for one in source.asked if one.duration != other_days]
    assert lengths[-2:] == [6, 6]
    assert sum(lengths[:-2]) == 25 * 60


async def test_no_sample_at_the_slot_is_told() -> None:
    one = await watcher().evaluate(at(5_000))

    assert one is not None
    assert "has no sample at this slot" in one.failures[0]


@pytest.mark.promise("suppressed-is-kept")
async def test_a_service_under_maintenance_opens_nothing_and_is_kept_with_the_reason() -> None:
    period = Exempt(service="service-*", start=START, end=START + 90_000)
    one = watcher(exempt=[period], journal=(journal := MemoryJournal()))

    rounds = await watched(one, range(298, 304))

    assert await journal.incidents() == []
    assert {(gated.action, gated.reason) for one in rounds for gated in one.gated} == {("suppressed", "maintenance")}


async def test_what_was_an_incident_is_not_learned_as_normal() -> None:
    found = shop()
    for minute in range(60, 560, 10):
        found = changed(found, "service-1", "http_latency_p99", slice(minute, minute + 3), 8)
    one = watcher(found, journal=(journal := MemoryJournal()))

    await watched(one, range(40, 560))

    (flapping,) = await journal.incidents()
    states = [move.after for move in await journal.transitions(flapping.id)]
    assert states.count("detected") == 50


async def test_features_are_kept_with_expected_observed_and_unit() -> None:
    book = MemoryWatchbook()
    await watched(watcher(book=book), range(295, 304))

    found = await book.features("shop", Window(start=at(302), end=at(303)), "service-1")

    (feature,) = [one for _, one in found if one.signal == "duration"]
    assert (feature.window, feature.unit, feature.kind, feature.metric) == ("5m", "s", "spike", "http_latency_p99")
    assert feature.expected == pytest.approx(0.2, rel=0.05)
    assert feature.deviation == feature.observed - feature.expected > 1.0
    assert feature.score > 5


async def test_a_watch_of_nothing_is_no_error() -> None:
    one = await watcher([]).evaluate(at(10))

    assert one is not None
    assert (one.services, one.series, one.gated) == (0, 0, ())


async def test_any_error_of_ours_is_a_failure_of_the_source() -> None:
    class Refusing(Failing):
        async def series(self, query: MetricQuery, window: Window) -> Sequence[Series]:
            del query, window
            raise RootlineError("no")

    one = await watcher(metrics=Refusing(RecordedMetrics(()))).evaluate(at(10))

    assert one is not None
    assert one.failures == ("prometheus: no",)


def alerted(service: str, minute: int, *, state: IncidentState = "detected") -> tuple[Incident, Transition]:
    incident = Incident(
        id=UUID(int=7),
        title="Slow",
        severity="high",
        state=state,
        service=service,
        window=Window(start=at(minute - 1), end=at(minute)),
        opened_at=at(minute),
    )
    step = Transition(incident=incident.id, before=None, after=state, at=at(minute), actor="alertmanager")
    return incident, step


@pytest.mark.parametrize(("service", "minute"), [("service-1", 280), ("gateway", 298)])
async def test_what_an_alert_has_opened_already_is_joined_and_not_opened_again(service: str, minute: int) -> None:
    one = watcher(journal=(journal := MemoryJournal()))
    await journal.open_incident(*alerted(service, minute))

    rounds = await watched(one, range(295, 315))

    decided = [gated for found in rounds for gated in found.gated if gated.action != "suppressed"]
    assert [found.id for found in await journal.incidents()] == [UUID(int=7)]
    assert {gated.action for gated in decided} == {"joined"}
    assert {gated.incident for gated in decided} == {UUID(int=7)}


@pytest.mark.parametrize(
    ("service", "minute", "state"),
    [("service-1", 200, "detected"), ("gateway", 280, "detected"), ("service-1", 298, "suppressed")],
)
async def test_an_incident_long_ago_elsewhere_or_suppressed_is_not_joined(
    service: str, minute: int, state: IncidentState
) -> None:
    one = watcher(journal=(journal := MemoryJournal()))
    await journal.open_incident(*alerted(service, minute, state=state))

    await watched(one, range(295, 315))

    assert len(await journal.incidents()) == 2


async def test_an_incident_whose_service_is_silenced_meanwhile_is_acknowledged_and_goes_on_when_the_silence_ends() -> (
    None
):
    slow = changed(shop(), "service-1", "http_latency_p99", slice(300, 340), 8)
    silence = Exempt(service="service-*", start=at(305).timestamp(), end=at(320).timestamp(), reason="we know")
    one = watcher(slow, journal=(journal := MemoryJournal()), exempt=[silence])

    await watched(one, range(295, 319))
    (silenced,) = await journal.incidents()
    await watched(one, range(319, 330))
    (after,) = await journal.incidents()
    rounds = await watched(one, range(330, 350))

    assert silenced.state == "acknowledged"
    steps = await journal.transitions(silenced.id)
    assert [each.after for each in steps] == ["detected", "acknowledged", "mitigated"]
    assert "silenced or worked on" in steps[1].reason
    assert (after.id, after.state) == (silenced.id, "acknowledged")
    assert [each.state for each in await journal.incidents()] == ["mitigated"]
    assert not [gated for each in rounds for gated in each.gated if gated.action == "opened"]


async def test_an_incident_of_another_service_than_the_silenced_one_ends_when_nothing_shows_it() -> None:
    both = changed(SLOW, "service-2", "http_latency_p99", slice(300, 340), 8)
    silence = Exempt(service="service-2", start=0.0, end=at(400).timestamp(), reason="we know")
    one = watcher(both, journal=(journal := MemoryJournal()), exempt=[silence])

    await watched(one, range(295, 320))

    (incident,) = await journal.incidents()
    assert (incident.service, incident.state) == ("service-1", "mitigated")


def creeping_failures(count: int = 600, since: int = 300, an_hour: float = 0.05) -> list[Series]:
    """A quiet service whose share of failures grows by five of a hundred an hour from a minute on."""
    quiet = [one for one in shop(1) if one.metric != "http_error_ratio"]
    grown = 0.004 + an_hour / 60 * np.maximum(np.arange(count) - since, 0)
    return [*quiet, made("service-0", "http_error_ratio", grown, unit="ratio")]


async def test_failures_that_grow_slowly_open_one_incident_long_before_they_are_an_outage_and_stay_one() -> None:
    one = watcher(creeping_failures(), journal=(journal := MemoryJournal()))

    rounds = await watched(one, range(298, 480))

    (incident,) = await journal.incidents()
    opened = [(gated.rule, each.slot) for each in rounds for gated in each.gated if gated.action == "opened"]
    assert [rule for rule, _ in opened] == ["creeping"]
    assert opened[0][1] <= at(300 + 90)
    assert incident.state == "detected"
    assert {gated.action for each in rounds for gated in each.gated} == {"opened", "joined"}

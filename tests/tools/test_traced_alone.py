"""Where nothing but traces is connected, an investigation tells when it began, and what came before and after."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.fakes.traced_shop import HOUR, NOON, Shop

from rootline.claims.render import render
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.evidence import Reading
from rootline.domain.fact import RankingFact, SeriesFact
from rootline.domain.session import Question
from rootline.domain.signal import Alert, Series
from rootline.ground import Ground
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.sources.alerts.source import RecordedAlerts
from rootline.sources.bundle import Sources
from rootline.sources.changes.source import RecordedChanges
from rootline.sources.fleet.bundling import spanning
from rootline.sources.metrics.source import RecordedMetrics
from rootline.sources.traces.source import RecordedTraces
from rootline.store.journal import Record
from rootline.tools.observation import observe

pytestmark = pytest.mark.anyio
BEFORE, AFTER = "b" * 40, "c" * 40
SPANS = Shop(rate=0.5).spans()


def alone(**others: object) -> Sources:
    return replace(Sources(traces=RecordedTraces(SPANS)), **others)  # type: ignore[arg-type]


def released(service: str, commit: str, at: datetime) -> ChangeSet:
    file = f"{service}/app.py"
    diff = f"--- a/{file}\n+++ b/{file}\n@@ -1,2 +1,3 @@\n def handle():\n+    audit(one)\n     return\n"
    return ChangeSet(
        deployments=(Deployment(service=service, at=at, commit=commit, version=commit[:7], previous_commit="f" * 40),),
        commits=(Commit(sha=commit, at=at, message="Change what is done", files=(file,), diff=diff),),
    )


def both() -> RecordedChanges:
    first = released("stock", BEFORE, NOON - timedelta(seconds=20))
    second = released("stock", AFTER, NOON + timedelta(minutes=5))
    return RecordedChanges(
        ChangeSet(deployments=(*first.deployments, *second.deployments), commits=(*first.commits, *second.commits))
    )


async def asked(text: str, sources: Sources) -> Record:
    desk = memory_desk(Settings(home=Path("unused")))
    return await desk.run(await desk.open(Question(text=text, window=HOUR)), Ground(sources=sources))


def said(record: Record) -> list[str]:
    assert record.answer is not None
    return [render(one.claim) for one in record.answer.claims if one.is_fact]


def reading_of(record: Record, tool: str) -> Reading:
    return next(one.reading for one in record.evidence if one.tool == tool)


@pytest.mark.promise("traces-alone-tell-when")
async def test_when_it_began_is_answered_with_a_checked_claim_that_says_how_surely() -> None:
    (claim, *_) = said(await asked("When did it begin?", alone()))

    assert "left its usual level between 11:59:" in claim
    assert " and 12:00:" in claim


async def test_changes_are_ordered_by_the_onset_that_traces_tell() -> None:
    record = await asked("checkout is slow", alone(changes=both()))

    ranking = next(one for one in reading_of(record, "diff_commits").facts if isinstance(one, RankingFact))
    assert ranking.onset is not None
    assert NOON <= ranking.onset <= NOON + timedelta(minutes=1)
    told = reading_of(record, "diff_commits").summary
    assert f"stock at {NOON - timedelta(seconds=20):%H:%M:%S}" in told
    assert told.index("before the onset") < told.index("after the onset")


async def test_the_hypothesis_of_the_change_holds_the_order_as_a_verified_claim() -> None:
    record = await asked("checkout is slow", alone(changes=both()))
    assert record.answer is not None

    blamed = next(one for one in record.answer.hypotheses if one.change == BEFORE)

    assert any(one.claim.predicate == "precedes" and one.mark == "verified" for one in blamed.support)
    assert not [one for one in record.answer.hypotheses for each in one.support if each.mark != "verified"]


async def test_durations_and_failures_over_time_are_evidence_of_the_traces() -> None:
    record = await asked("checkout is slow", alone())

    series = [one for one in reading_of(record, "analyze_traces").facts if isinstance(one, SeriesFact)]
    assert {one.metric for one in series} == {"span_duration_seconds", "span_error_share"}
    assert {one.service for one in series} == {"web", "checkout", "stock", "mail"}
    assert "beginning between 11:59:" in reading_of(record, "analyze_traces").summary


async def test_beside_metrics_traces_tell_what_they_told_before() -> None:
    series = RecordedMetrics([])
    measured = RecordedMetrics(await _numbers())

    without = await asked("checkout is slow", alone(metrics=series))
    beside = await asked("checkout is slow", alone(metrics=measured))

    assert [one for one in reading_of(without, "analyze_traces").facts if isinstance(one, SeriesFact)]
    assert not [one for one in reading_of(beside, "analyze_traces").facts if isinstance(one, SeriesFact)]


async def _numbers() -> list[Series]:
    seen = await observe(alone(), HOUR)
    return [one.series for one in seen.traced]


async def test_an_alert_is_dated_by_the_spans_of_its_service() -> None:
    alert = Alert(name="slow", service="checkout", severity="high", fired_at=NOON + timedelta(minutes=6))

    seen = await observe(alone(alerts=RecordedAlerts([alert])), HOUR)

    assert seen.onset is not None
    assert NOON <= seen.onset <= NOON + timedelta(minutes=1)
    assert seen.step_s < 60


async def test_calm_traces_tell_no_onset() -> None:
    calm = Sources(traces=RecordedTraces(Shop(trouble="none", rate=0.5).spans()))

    seen = await observe(calm, HOUR)

    assert seen.onset is None
    assert said(await asked("When did it begin?", calm)) == []


async def test_of_several_clusters_each_onset_is_that_of_its_own() -> None:
    calm = Sources(cluster_name="us-1", traces=RecordedTraces(Shop(trouble="none", rate=0.5, seed=9).spans()))
    fleet = spanning([replace(alone(), cluster_name="eu-1"), calm])

    sick, well = await observe(fleet, HOUR, home="eu-1"), await observe(fleet, HOUR, home="us-1")

    assert sick.onset is not None
    assert {one.finding.service.partition("/")[0] for one in sick.traced} == {"eu-1"}
    assert well.onset is None

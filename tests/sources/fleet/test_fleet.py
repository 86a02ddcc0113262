"""Fifty clusters asked as one: five hang, five refuse, and the answer is there at the deadline."""

import time
from collections import Counter
from pathlib import Path

import pytest
from tests.fakes.fleet import SICK, fleet
from tests.fakes.incident import HOUR

from rootline.domain.session import Question
from rootline.ground import Ground
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.guard import Watch
from rootline.sources.fleet.hearing import hearing
from rootline.sources.metrics.source import MetricQuery
from rootline.tapes.recorder import Recorder

pytestmark = pytest.mark.anyio

DEADLINE_S = 3.0
SLACK_S = 4.0
FAILED = {f"{kind}{at}" for kind in ("hang", "refuse") for at in range(5)}


@pytest.mark.promise("fleet-answers-at-the-deadline")
async def test_fifty_clusters_answer_at_the_deadline_and_each_failure_is_named() -> None:
    with fleet(Watch(deadline_s=DEADLINE_S), answering=40, hang=5, refuse=5) as sources, hearing() as heard:
        assert sources.metrics is not None
        began = time.monotonic()
        series = await sources.metrics.series(MetricQuery(), HOUR)
        took = time.monotonic() - began

    assert took < DEADLINE_S + SLACK_S
    assert Counter(one.status for one in heard.outcomes) == {"ok": 40, "timeout": 5, "error": 5}
    told = {one.cluster: one.detail for one in heard.outcomes if one.status in {"timeout", "error"}}
    assert set(told) == FAILED
    assert all("no answer within 3 s" in told[f"hang{at}"] for at in range(5))
    assert all("nothing accepts connections there" in told[f"refuse{at}"] for at in range(5))
    assert {one.service.partition("/")[0] for one in series} == {f"c{at:02}" for at in range(40)}


async def test_one_question_ranks_over_the_fleet_and_the_coverage_names_who_is_missing() -> None:
    desk = memory_desk(Settings(home=Path("unused")))
    question = Question(text="What is wrong anywhere?", window=HOUR)

    with fleet(Watch(deadline_s=0.5), answering=10, hang=2, refuse=1) as sources:
        record = await desk.open(question)
        record = await desk.run(record, Ground(sources=sources))

    assert record.answer is not None
    assert record.answer.hypotheses[0].subject == f"{SICK}/service-0"
    missing = {(one.asked, one.status) for one in record.answer.coverage if one.status in {"timeout", "error"}}
    assert {
        ("metrics of cluster hang0", "timeout"),
        ("metrics of cluster hang1", "timeout"),
        ("alerts of cluster refuse0", "error"),
    } <= missing
    alerts = next(one for one in record.evidence if one.tool == "get_alerts")
    assert alerts.reading.status == "partial"
    assert "13 clusters: 9 no_data, 2 timeout, 1 ok, 1 error" in alerts.reading.summary


async def test_a_name_with_a_cluster_asks_that_cluster_alone() -> None:
    with fleet(Watch(deadline_s=10), answering=8, hang=1, refuse=0) as sources, hearing() as heard:
        assert sources.metrics is not None
        began = time.monotonic()
        series = await sources.metrics.series(MetricQuery(service="c03/service-1"), HOUR)
        took = time.monotonic() - began

    assert {one.service for one in series} == {"c03/service-1"}
    assert [(one.cluster, one.status) for one in heard.outcomes] == [("c03", "ok")]
    assert took < 5


async def test_when_no_cluster_answers_each_is_named() -> None:
    with fleet(Watch(deadline_s=0.3), answering=0, hang=1, refuse=2) as sources:
        assert sources.alerts is not None
        with pytest.raises(SourceFailed) as failed:
            await sources.alerts.alerts(HOUR)

    assert "none of 3 clusters answers (hang0: " in str(failed.value)
    assert all(name in str(failed.value) for name in ("refuse0", "refuse1", "`rootline source list`"))


@pytest.mark.promise("live-tape-same-answer")
async def test_a_tape_of_a_fleet_with_a_failing_cluster_replays_and_another_port_is_no_other_evidence() -> None:
    desk = memory_desk(Settings(home=Path("unused")))
    question = Question(text="What is wrong anywhere?", window=HOUR)
    told, hashes, recorder = [], [], Recorder()
    for recording in (recorder, Recorder()):
        with fleet(Watch(deadline_s=20.0), answering=9, hang=0, refuse=2) as sources:
            ground = Ground(sources=recording.over(sources))
            record = await desk.run(await desk.open(question), ground)
        hashes.append([(one.tool, one.sha256) for one in record.evidence])
        told.append({each.detail for one in record.evidence for each in one.reading.clusters if each.detail})

    replayed = await desk.solve(await recorder.recording("fleet", question), "fleet.tape")

    assert hashes[0] == hashes[1]
    assert told[0].isdisjoint(told[1])
    assert [(one.tool, one.sha256) for one in replayed.evidence] == hashes[0]
    assert "error" in {each.status for one in replayed.evidence for each in one.reading.clusters}

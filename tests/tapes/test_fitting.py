"""A tape that would be too large keeps the most telling part, and says what is missing."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.incident import HOUR, START, incident

from rootline.domain.change import ChangeSet, CodeOwners
from rootline.domain.evidence import ClusterOutcome
from rootline.domain.signal import LogLine
from rootline.sources.bundle import Sources
from rootline.sources.changes.source import ChangeQuery, RecordedChanges
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.hearing import hearing
from rootline.sources.logs.source import LogQuery
from rootline.sources.metrics.source import MetricQuery
from rootline.tapes.fitting import fitted
from rootline.tapes.folder import TapeFolder
from rootline.tapes.recorder import Recorder
from rootline.tapes.recording import Recording
from rootline.tapes.taken import Failed, Taken

MANY = tuple(
    LogLine(at=START + timedelta(milliseconds=at), service="cart", text=f"line {at} " + "x" * 200) for at in range(5000)
)


def test_what_fits_is_left_alone() -> None:
    recording = incident()

    assert fitted(recording) is recording


def test_the_oldest_lines_go_first_and_the_remark_says_how_many() -> None:
    recording = replace(incident(), lines=MANY)

    small = fitted(recording, 700_000)

    assert small.lines == MANY[-len(small.lines or ()) :]
    assert small.taken is not None
    assert small.taken.left_out == (f"{len(small.lines or ()):,} of 5,000 log lines are kept, the newest",)
    assert (small.series, small.spans, small.changes) == (recording.series, recording.spans, recording.changes)


def test_the_series_that_moved_most_stay() -> None:
    recording = incident(services=40)

    small = fitted(recording, 300_000)

    kept = {one.service for one in small.series or ()}
    assert "service-0" in kept
    assert len(small.series or ()) < len(recording.series or ())


def test_a_part_with_few_records_is_kept_whole_even_so() -> None:
    recording = replace(incident(), series=None, lines=MANY[:5], spans=None, changes=None)

    assert fitted(recording, 10) is recording


@pytest.mark.anyio
async def test_what_is_heard_is_what_the_sources_said_each_thing_once() -> None:
    told, recorder = incident(), Recorder()
    live = recorder.over(told.sources())
    assert live.metrics
    assert live.logs
    for _ in range(2):
        await live.metrics.series(MetricQuery(), HOUR)
        await live.metrics.names("")
        await live.logs.read(LogQuery(), HOUR)
        await live.logs.read(LogQuery(service="service-0"), HOUR)

    made = await recorder.recording("made up", told.question)

    assert {(one.service, one.metric) for one in made.series or ()} == {
        (one.service, one.metric) for one in told.series or ()
    }
    assert sorted(one.text for one in made.lines or ()) == sorted(one.text for one in told.lines or ())
    assert (made.spans, made.alerts, made.changes) == (None, None, None)


@pytest.mark.anyio
async def test_a_tape_fails_where_its_sources_failed_and_tells_of_the_same_clusters(tmp_path: Path) -> None:
    outcome = ClusterOutcome(cluster="west", asked="metrics", status="timeout", detail="no answer within 6 s")
    taken = Taken(
        cluster="east+west",
        backends={"metrics": "prometheus", "logs": "loki"},
        outcomes=(outcome,),
        failed=(Failed(kind="logs", asked="Loki at http://a", happened="it is gone", helps="Look.", is_late=True),),
    )
    whole = incident()
    recording = Recording(title="made up", question=whole.question, series=whole.series, taken=taken)
    TapeFolder(tmp_path / "tape").save(recording)

    sources = TapeFolder(tmp_path / "tape").load().sources()

    assert (sources.cluster_name, sources.metrics and sources.metrics.name) == ("east+west", "prometheus")
    assert sources.logs
    with hearing() as heard:
        assert sources.metrics
        assert await sources.metrics.series(MetricQuery(), HOUR)
        with pytest.raises(SourceFailed, match=r"Loki at http://a: it is gone\. Look\.") as failed:
            await sources.logs.read(LogQuery(), HOUR)
    assert heard.outcomes == (outcome,)
    assert failed.value.is_late


@pytest.mark.anyio
async def test_what_sources_left_out_and_who_owns_what_are_recorded_too_though_they_have_no_time() -> None:
    owners = CodeOwners(text="* @acme/all\n", repository="shop")
    whole = ChangeSet(remarks=("cut", "late"), owners=(owners,))
    recorder = Recorder()
    live = recorder.over(Sources(changes=RecordedChanges(whole)))
    assert live.changes
    await live.changes.changes(ChangeQuery(), HOUR)

    made = await recorder.recording("made up", incident().question)

    assert made.changes == whole

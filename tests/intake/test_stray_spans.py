"""Spans that were sent to us as of a cluster that nobody knows are left out of every question, which says so."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from tests.cli.command import run
from tests.fakes.incident import HOUR
from tests.fakes.mcp_desk import House
from tests.fakes.scene import scene_of
from tests.intake.test_sent_traces import BOTH, SENT, bare, inbox, of

from rootline.agent.coverage import coverage
from rootline.domain.evidence import ClusterOutcome, Reading
from rootline.domain.fleet import Cluster, Endpoint
from rootline.domain.session import Question
from rootline.domain.tenant import LOCAL
from rootline.ground import Ground
from rootline.intake.homes import Homes
from rootline.intake.sent_traces import with_sent
from rootline.intake.stray_spans import said_of, strays
from rootline.intake.traces import TraceInbox
from rootline.settings import Settings
from rootline.sources.bundle import Sources
from rootline.sources.fleet.bundling import spanning
from rootline.sources.fleet.hearing import hearing
from rootline.tools.analyze_traces import analyze_traces
from rootline.tools.clusters import heard_out

MARS = (
    "spans sent as of mars-9 (1) are left out: run `rootline cluster add mars-9 --sent`, with its sources if it has "
    "any, or send them under a name that `rootline cluster list` knows"
)


async def told(sources: Sources, service: str = "") -> list[ClusterOutcome]:
    assert sources.traces is not None
    with hearing() as heard:
        await sources.traces.spans(service, HOUR)
    return [one for one in heard.outcomes if not one.cluster]


@pytest.mark.anyio
async def test_a_question_to_a_fleet_says_once_which_spans_it_leaves_out(tmp_path: Path) -> None:
    fleet = with_sent(spanning([bare("eu-1"), bare("us-1")]), await inbox(tmp_path), BOTH)

    assert await told(fleet) == [ClusterOutcome(cluster="", asked="traces", status="partial", detail=MARS)]
    assert await told(fleet, "us-1/cart") == await told(fleet)


@pytest.mark.anyio
async def test_a_question_to_one_of_several_clusters_says_so_too(tmp_path: Path) -> None:
    assert [one.detail for one in await told(with_sent(bare("us-1"), await inbox(tmp_path), BOTH))] == [MARS]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("asked", "homes"),
    [("eu-1", Homes(known=frozenset({"eu-1"}), usual="eu-1")), ("", Homes(known=frozenset({"us-1", "eu-1"})))],
    ids=["the only one", "one without a name"],
)
async def test_who_reads_what_nobody_else_owns_has_nothing_to_tell(tmp_path: Path, asked: str, homes: Homes) -> None:
    assert await told(with_sent(bare(asked), await inbox(tmp_path), homes)) == []


@pytest.mark.anyio
async def test_when_every_span_has_a_home_nothing_is_told(tmp_path: Path) -> None:
    fleet = with_sent(spanning([bare("eu-1"), bare("us-1")]), await inbox(tmp_path, SENT[:3]), BOTH)

    assert await told(fleet) == []


@pytest.mark.anyio
async def test_the_evidence_and_the_coverage_name_what_was_left_out(tmp_path: Path) -> None:
    place = scene_of(with_sent(spanning([bare("eu-1"), bare("us-1")]), await inbox(tmp_path), BOTH))

    reading = await heard_out("analyze_traces", partial(analyze_traces, scene=place), place)

    assert isinstance(reading, Reading)
    assert reading.status == "partial"
    assert "2 clusters: 2 ok. traces: spans sent as of mars-9 (1) are left out" in reading.summary


@pytest.mark.anyio
@pytest.mark.promise("stray-spans-are-told")
async def test_an_investigation_of_a_fleet_says_what_was_not_checked(tmp_path: Path) -> None:
    desk = House().desk(settings=Settings(home=tmp_path, environment={"ROOTLINE_CLUSTER": "eu-1"}))
    for name in ("eu-1", "us-1"):
        endpoint = Endpoint(kind="prometheus", url="http://127.0.0.1:9")
        await desk.fleet.add(Cluster(name=name, endpoints=(endpoint,), created_at=HOUR.start), ())
    await TraceInbox.of(tmp_path, desk.actor.tenant).take(SENT)
    ground = await desk.told(Ground(sources=spanning([bare("eu-1"), bare("us-1")])))

    record = await desk.run(await desk.open(Question(text="What is wrong?", window=HOUR)), ground)

    assert record.answer is not None
    (gap,) = [one for one in record.answer.coverage if "mars-9" in one.detail and one.asked == "traces"]
    assert (gap.tool, gap.status) == ("analyze_traces", "partial")
    assert "rootline cluster add mars-9" in gap.detail
    again = coverage(record.messages, record.evidence, ())
    assert gap in again


def test_the_most_numerous_come_first_and_the_many_are_counted() -> None:
    homes = Homes(known=frozenset({"eu-1", "us-1"}), usual="eu-1")
    sent = [of(f"lost-{at}", 10 * at + more, "cart") for at in range(1, 7) for more in range(at)]

    left_out = strays([*sent, *SENT[:3]], homes)

    assert left_out == Counter({f"lost-{at}": at for at in range(1, 7)})
    assert said_of(left_out).startswith(
        "spans sent as of lost-6 (6), lost-5 (5), lost-4 (4), lost-3 (3) and 2 more are left out: "
        "run `rootline cluster add lost-6 --sent`"
    )


def test_spans_without_a_cluster_s_name_are_told_apart() -> None:
    nobody = Homes(known=frozenset({"eu-1", "us-1"}))

    assert said_of(strays([SENT[2]], nobody)) == (
        "1 spans sent without a cluster's name are left out: set ROOTLINE_CLUSTER to theirs, or k8s.cluster.name in "
        "their resource"
    )
    assert said_of(strays(SENT, nobody)).startswith("spans sent as of mars-9 (1) are left out")
    assert said_of(strays(SENT, nobody)).count("; 1 spans sent without a cluster's name") == 1


@pytest.mark.parametrize("name", ["Mars", "a", "x" * 200, "eu\n$(reboot)", "all clusters"])
def test_a_name_that_no_cluster_can_have_is_never_put_into_a_command(name: str) -> None:
    said = said_of(strays([of(name, 1, "cart")], BOTH))

    assert "cluster add" not in said
    assert "send them under a name that `rootline cluster list` knows" in said
    assert "\n" not in said


async def sent_now(home: Path, spans: int, cluster: str) -> None:
    """Have spans sent within the hour, and two clusters registered."""
    now = datetime.now(tz=UTC) - timedelta(minutes=5)
    made = [replace(of(cluster, at, "cart"), start=now) for at in range(1, spans + 1)]
    await TraceInbox.of(home, LOCAL.tenant).take(made)


def test_the_doctor_says_which_spans_nobody_reads_and_what_to_do(tmp_path: Path) -> None:
    for name in ("eu-1", "us-1"):
        run("cluster", "add", name, "--prometheus", "http://127.0.0.1:9", at=tmp_path)
    asyncio.run(sent_now(tmp_path / "home", 3, "mars-9"))

    bad = run("doctor", at=tmp_path)
    run("cluster", "add", "mars-9", "--sent", at=tmp_path)
    good = run("doctor", at=tmp_path)

    line = "3 spans were sent within the hour"
    assert f"BAD  sent spans   {line}; {MARS.replace('(1)', '(3)')}." in bad.out
    assert f"ok   sent spans   {line}\n" in good.out
    assert (
        "ok   mars-9/sent  mars-9 has no address, so nothing is asked of it; it sent 3 spans of 1 service" in good.out
    )


def test_the_doctor_says_nothing_of_spans_where_none_were_ever_sent(tmp_path: Path) -> None:
    assert "sent spans" not in run("doctor", at=tmp_path).out

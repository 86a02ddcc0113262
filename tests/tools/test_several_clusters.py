"""Every tool that asks several clusters says what each came to, and names the cluster of each thing it tells."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue
from tests.fakes.fleet import healthy, sick
from tests.fakes.incident import HOUR, ONSET
from tests.fakes.scene import scene_of

from rootline.domain.change import ChangeSet, ConfigChange, Deployment
from rootline.domain.evidence import Reading
from rootline.domain.fact import ChangeFact, EdgeFact, RankingFact
from rootline.domain.signal import Alert, Span
from rootline.ground import Ground
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.sources.alerts.joined import JoinedAlerts
from rootline.sources.alerts.source import RecordedAlerts
from rootline.sources.bundle import Sources
from rootline.sources.changes.joined import JoinedChanges
from rootline.sources.changes.source import RecordedChanges
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.bundling import spanning
from rootline.sources.traces.source import RecordedTraces
from rootline.tools.troubles import MOST_CLUSTERS

pytestmark = pytest.mark.anyio


@dataclass(kw_only=True)
class Dead:
    """A source of any kind that does not answer."""

    name: str

    runs_promql: bool = False

    async def _fail(self, *_: object) -> Any:
        raise SourceFailed(self.name, "nothing accepts connections there", "Start it.")

    alerts = changes = edges = names = read = series = services = spans = _fail


async def told(sources: Sources, tool: str, **arguments: JsonValue) -> Reading:
    """Ask one tool as a model would."""
    desk, ground = memory_desk(Settings(home=Path("unused"))), Ground(sources=sources)
    toolbox = desk.toolbox("on-call-sre", ground)
    scene = scene_of(ground.cleaned(desk.redactor), HOUR)
    answer = await toolbox.call(toolbox.admit(tool, arguments), scene)
    assert isinstance(answer, Reading)
    return answer


def two() -> Sources:
    """eu-1 has the incident, us-1 the same services without it."""
    return spanning([sick("eu-1"), healthy("us-1", 3)])


def outcomes(reading: Reading) -> dict[tuple[str, str], str]:
    return {(one.cluster, one.asked): one.status for one in reading.clusters}


READS: tuple[tuple[str, str], ...] = (
    ("get_alerts", "alerts"),
    ("query_metrics", "metrics"),
    ("analyze_traces", "traces"),
    ("search_logs", "logs"),
    ("diff_commits", "changes"),
    ("get_topology", "topology"),
)


@pytest.mark.parametrize(("tool", "kind"), READS)
async def test_each_tool_says_what_each_cluster_came_to_and_names_it_in_what_it_tells(tool: str, kind: str) -> None:
    reading = await told(two(), tool)

    found = outcomes(reading)
    assert {cluster for cluster, asked in found if asked == kind} == {"eu-1", "us-1"}
    assert found["eu-1", kind] == "ok"
    services = {fact.service if hasattr(fact, "service") else fact.subject for fact in reading.facts}
    assert {one.partition("/")[0] for one in services} <= {"eu-1", "us-1", "unknown"}


@pytest.mark.parametrize(("tool", "kind"), READS)
async def test_each_tool_answers_with_what_is_left_when_one_cluster_fails(tool: str, kind: str) -> None:
    broken = replace(healthy("us-1", 3), **{kind: Dead(name=kind)})  # type: ignore[arg-type]

    reading = await told(spanning([sick("eu-1"), broken]), tool)

    assert reading.status == "partial"
    assert outcomes(reading)["us-1", kind] == "error"
    assert f"us-1 {kind} error" in reading.summary
    assert reading.facts


@pytest.mark.parametrize("tool", ["get_alerts", "get_topology", "query_metrics", "search_logs", "analyze_traces"])
async def test_a_service_named_without_a_cluster_is_looked_for_in_each(tool: str) -> None:
    reading = await told(two(), tool, service="service-0")

    assert reading.status == "ok"
    assert any("eu-1/service-0" in fact.model_dump_json() for fact in reading.facts)


async def test_the_same_tools_name_no_cluster_where_there_is_but_one() -> None:
    for tool, _ in READS:
        reading = await told(spanning([sick("eu-1")]), tool)

        assert reading.clusters == ()
        assert "eu-1" not in reading.summary
        assert not any("eu-1" in fact.model_dump_json() for fact in reading.facts)


async def test_a_half_of_the_alerts_that_fails_makes_them_partial_and_is_named() -> None:
    half = JoinedAlerts([Dead(name="alertmanager"), RecordedAlerts(await alerts_of(sick("eu-1")))])

    alone = await told(Sources(alerts=half), "get_alerts")
    fleet = await told(spanning([replace(sick("eu-1"), alerts=half), healthy("us-1", 3)]), "get_alerts")

    assert (alone.status, outcomes(alone)) == ("partial", {("", "alerts"): "partial"})
    assert alone.summary.endswith("partial: alerts: without alertmanager: nothing accepts connections there")
    assert outcomes(fleet) == {("eu-1", "alerts"): "partial", ("us-1", "alerts"): "no_data"}
    assert "eu-1 alerts partial: without alertmanager" in fleet.summary


async def test_a_half_that_fails_and_another_that_is_empty_is_no_proof_that_nothing_fired() -> None:
    alone = await told(Sources(alerts=JoinedAlerts([Dead(name="alertmanager"), RecordedAlerts(())])), "get_alerts")

    assert alone.status == "partial"


async def test_a_half_of_the_alerts_is_told_by_the_tool_that_reads_them_and_by_no_other() -> None:
    half = JoinedAlerts([Dead(name="alertmanager"), RecordedAlerts(await alerts_of(sick("eu-1")))])

    reading = await told(replace(sick("eu-1"), alerts=half), "search_logs")

    assert (reading.status, reading.clusters) == ("ok", ())


async def test_a_half_of_the_changes_that_fails_is_named_with_its_cluster() -> None:
    known = RecordedChanges(ChangeSet(deployments=(ran("eu-1", "a"),)))
    half = JoinedChanges([known, Dead(name="github")])

    alone = await told(Sources(changes=half), "diff_commits")
    fleet = await told(spanning([replace(sick("eu-1"), changes=half), healthy("us-1", 3)]), "diff_commits")

    assert alone.status == "partial"
    assert "partial: left out: github: nothing accepts connections there" in alone.summary
    assert outcomes(fleet)["eu-1", "changes"] == "partial"
    assert "partial: eu-1: left out: github" in fleet.summary


def ran(service: str, letter: str) -> Deployment:
    return Deployment(service=service, at=ONSET - timedelta(minutes=3), commit=letter * 40)


async def alerts_of(sources: Sources) -> Sequence[Alert]:
    assert sources.alerts is not None
    return await sources.alerts.alerts(HOUR)


async def test_a_span_that_names_its_callee_leads_into_no_other_cluster() -> None:
    calls = [span("web", "peer")]
    clusters = [Sources(cluster_name=name, traces=RecordedTraces(calls)) for name in ("eu-1", "us-1")]

    reading = await told(spanning(clusters), "get_topology")

    edges = {(one.subject, one.callee) for one in reading.facts if isinstance(one, EdgeFact)}
    assert edges == {("eu-1/web", "eu-1/store"), ("us-1/web", "us-1/store")}


async def test_a_trace_that_passes_through_two_clusters_joins_them() -> None:
    below = replace(span("store", "below"), parent_id="above", attributes={})
    clusters = [
        Sources(cluster_name="eu-1", traces=RecordedTraces([span("web", "above")])),
        Sources(cluster_name="us-1", traces=RecordedTraces([below])),
    ]

    reading = await told(spanning(clusters), "get_topology")

    edges = {(one.subject, one.callee) for one in reading.facts if isinstance(one, EdgeFact)}
    assert edges == {("eu-1/web", "us-1/store")}


def span(service: str, at: str) -> Span:
    return Span(
        trace_id="1" * 32,
        span_id=at,
        parent_id=None,
        service=service,
        operation="GET /",
        start=ONSET,
        duration_s=0.1,
        status="ok",
        attributes={"peer.service": "store"},
    )


async def test_settings_that_are_called_alike_are_told_with_their_own_values() -> None:
    clusters = [
        replace(sick(name), changes=RecordedChanges(ChangeSet(configs=(setting("64", after),))))
        for name, after in (("eu-1", "2"), ("us-1", "3"))
    ]

    reading = await told(spanning(clusters), "diff_commits")

    values = {one.subject: one.after for one in reading.facts if isinstance(one, ChangeFact)}
    assert values == {"eu-1/service-0": "queue=2", "us-1/service-0": "queue=3"}


def setting(before: str, after: str) -> ConfigChange:
    at = ONSET - timedelta(minutes=2)
    return ConfigChange(key="queue", service="service-0", at=at, before=before, after=after)


async def ranked(sources: Sources, **arguments: JsonValue) -> tuple[dict[str, float], list[str], Reading]:
    reading = await told(sources, "diff_commits", **arguments)
    changes = {one.subject: one.probability or 0.0 for one in reading.facts if isinstance(one, ChangeFact)}
    return changes, [one.subject for one in reading.facts if isinstance(one, RankingFact)], reading


def with_setting(sources: Sources, after: str) -> Sources:
    return replace(sources, changes=RecordedChanges(ChangeSet(configs=(setting("64", after),))))


async def test_a_change_is_ranked_against_the_symptom_of_its_own_cluster_where_several_are_in_trouble() -> None:
    alone, _, _ = await ranked(spanning([with_setting(sick("eu-1"), "2"), healthy("us-1", 3)]))
    both = spanning([with_setting(sick("eu-1"), "2"), with_setting(sick("us-1"), "2")])

    found, symptoms, reading = await ranked(both)

    assert found["us-1/service-0"] == pytest.approx(alone["eu-1/service-0"], abs=0.05)
    assert found["eu-1/service-0"] == pytest.approx(alone["eu-1/service-0"], abs=0.05)
    assert symptoms == ["eu-1/service-0", "us-1/service-0"]
    assert "of eu-1/service-0; " in reading.summary
    assert "[3] no change explains the trouble of us-1/service-0: " in reading.summary


async def test_the_facts_of_a_ranking_over_several_clusters_stand_where_the_summary_says() -> None:
    reading = await told(spanning([with_setting(sick("eu-1"), "2"), with_setting(sick("us-1"), "2")]), "diff_commits")

    numbered = [line for line in reading.summary.split("\n") if line.startswith("[")]
    assert [line.partition("]")[0] for line in numbered] == [f"[{at}" for at in range(len(numbered))]
    assert [type(one).__name__ for one in reading.facts[:4]] == ["ChangeFact"] * 2 + ["RankingFact"] * 2


@pytest.mark.parametrize("service", ["us-1/service-0", "eu-1/service-0"])
async def test_a_service_of_one_cluster_is_asked_about_alone(service: str) -> None:
    both = spanning([with_setting(sick("eu-1"), "2"), with_setting(sick("us-1"), "2")])

    _, symptoms, reading = await ranked(both, service=service)

    assert symptoms == [service]
    assert "no change explains it: " in reading.summary


async def test_a_service_named_without_a_cluster_is_ranked_in_each_where_it_suffers() -> None:
    clusters = [with_setting(sick("eu-1"), "2"), healthy("mid-1", 3), with_setting(sick("us-1"), "2")]

    found, symptoms, _ = await ranked(spanning(clusters), service="service-0")

    assert symptoms == ["eu-1/service-0", "us-1/service-0"]
    assert min(found["us-1/service-0"], found["eu-1/service-0"]) > 0.7


async def test_of_many_clusters_in_trouble_no_more_are_ranked_than_there_is_time_for() -> None:
    _, symptoms, _ = await ranked(spanning([with_setting(sick(f"c-{at}"), "2") for at in range(MOST_CLUSTERS + 2)]))

    assert symptoms == [f"c-{at}/service-0" for at in range(MOST_CLUSTERS)]

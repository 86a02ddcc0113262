"""Alerts and GPUs that were read from a backend without some of its storage are told of as partial, in its words."""

import json
from collections.abc import Callable
from functools import partial

import pytest
from tests.fakes.incident import HOUR, ONSET
from tests.fakes.scene import scene_of
from tests.fakes.wire import Asked, Said, answering, said

from rootline.domain.evidence import Reading
from rootline.sources.alerts.joined import JoinedAlerts
from rootline.sources.alerts.prometheus import PrometheusAlerts
from rootline.sources.alerts.source import RecordedAlerts
from rootline.sources.backend import backend
from rootline.sources.bundle import Sources
from rootline.sources.fleet.bundling import spanning
from rootline.sources.metrics.dcgm import DcgmGpus
from rootline.sources.prometheus import Prometheus
from rootline.tapes.recorder import Recorder
from rootline.tools.clusters import heard_out
from rootline.tools.get_alerts import get_alerts
from rootline.tools.get_cluster_state import get_cluster_state

pytestmark = pytest.mark.anyio

STORE = "No StoreAPIs matched for this query"
RULES = "fetching rules from 10.0.0.9:10901: rpc error: code = Unavailable"
FIRING = {"__name__": "ALERTS", "alertstate": "firing", "alertname": "Slow", "service": "checkout"}
SAMPLES = {"resultType": "matrix", "result": [{"metric": FIRING, "values": [[ONSET.timestamp(), "1"]]}]}
BOARDS = {"resultType": "vector", "result": []}


def thanos(*, samples: object = SAMPLES, lacks: str = "", lacks_rules: str = "") -> Callable[[Asked], Said]:
    """Answer queries and rules, each with the warning that something did not answer."""

    def answer(asked: Asked) -> Said:
        is_rules = asked.path == "/api/v1/rules"
        why = lacks_rules if is_rules else lacks
        warned = {"warnings": [why]} if why else {}
        data = {"groups": []} if is_rules else samples
        return said(json.dumps({"status": "success", "data": data, **warned}))

    return answer


def alerts_at(url: str) -> PrometheusAlerts:
    return PrometheusAlerts(Prometheus(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)))


async def told(sources: Sources) -> Reading:
    scene = scene_of(sources)
    reading = await heard_out("get_alerts", partial(get_alerts, scene=scene), scene)
    assert isinstance(reading, Reading)
    return reading


async def test_alerts_read_without_some_of_the_storage_are_told_and_partial() -> None:
    with answering(thanos(lacks=STORE)) as url:
        reading = await told(Sources(alerts=alerts_at(url)))

    assert reading.status == "partial"
    assert [(one.asked, one.status) for one in reading.clusters] == [("alerts", "partial")]
    assert reading.summary.endswith(f"partial: alerts: the backend answered in part: {STORE}")
    assert [one.subject for one in reading.facts] == ["checkout"]


async def test_that_nothing_fired_is_not_certain_where_storage_is_lacking() -> None:
    with answering(thanos(samples={"resultType": "matrix", "result": []}, lacks=STORE)) as url:
        reading = await told(Sources(alerts=alerts_at(url)))

    assert reading.status == "partial"


async def test_rules_that_came_in_part_are_told_too() -> None:
    with answering(thanos(lacks_rules=RULES)) as url:
        reading = await told(Sources(alerts=alerts_at(url)))

    ((asked, status, detail),) = [(one.asked, one.status, one.detail) for one in reading.clusters]
    assert (asked, status, detail) == ("alerts", "partial", f"the backend answered in part: {RULES}")


async def test_alerts_of_a_whole_answer_are_whole() -> None:
    with answering(thanos()) as url:
        reading = await told(Sources(alerts=alerts_at(url)))

    assert (reading.status, reading.clusters) == ("ok", ())


async def test_beside_an_alertmanager_that_is_whole_the_part_is_told() -> None:
    with answering(thanos(lacks=STORE)) as url:
        reading = await told(Sources(alerts=JoinedAlerts([RecordedAlerts([]), alerts_at(url)])))

    assert reading.status == "partial"


async def test_of_a_fleet_the_cluster_whose_alerts_are_a_part_is_named() -> None:
    with answering(thanos(lacks=STORE)) as lacking, answering(thanos()) as whole:
        fleet = spanning(
            [
                Sources(cluster_name="north", alerts=alerts_at(lacking)),
                Sources(cluster_name="south", alerts=alerts_at(whole)),
            ]
        )
        reading = await told(fleet)

    assert [(one.cluster, one.asked, one.status) for one in reading.clusters] == [
        ("north", "alerts", "partial"),
        ("south", "alerts", "ok"),
    ]


async def test_a_tape_keeps_of_alerts_that_they_were_a_part() -> None:
    recorder = Recorder()
    with answering(thanos(lacks=STORE)) as url:
        source = recorder.over(Sources(alerts=alerts_at(url))).alerts
        assert source is not None
        await source.alerts(HOUR)

    assert [(one.asked, one.status) for one in recorder.heard.outcomes] == [("alerts", "partial")]


async def test_gpus_read_without_some_of_the_storage_are_told_as_gpus() -> None:
    with answering(thanos(samples=BOARDS, lacks=STORE)) as url:
        sources = Sources(gpus=DcgmGpus(Prometheus(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url))))
        scene = scene_of(sources)
        asked = partial(get_cluster_state, "get", "gpus", scene=scene)
        reading = await heard_out("get_cluster_state", asked, scene)

    assert isinstance(reading, Reading)
    assert [(one.asked, one.status) for one in reading.clusters] == [("gpus", "partial")]

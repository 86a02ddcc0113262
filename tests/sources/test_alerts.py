"""One body of tests for every reader of alerts: the recording, Prometheus and Alertmanager."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from tests.fakes.incident import HOUR, ONSET, START
from tests.fakes.observability import alertmanager, prometheus, send
from tests.fakes.wire import Asked, Said, answering, said

from rootline.domain.signal import Alert
from rootline.domain.window import Window, rfc3339
from rootline.sources.alerts.alertmanager import AlertmanagerAlerts
from rootline.sources.alerts.joined import JoinedAlerts
from rootline.sources.alerts.prometheus import PrometheusAlerts
from rootline.sources.alerts.source import AlertSource, RecordedAlerts
from rootline.sources.answered import MOST_BYTES
from rootline.sources.backend import Backend, backend
from rootline.sources.failure import SourceFailed
from rootline.sources.prometheus import Prometheus

SLOW = {"alertname": "Slow", "service": "checkout", "severity": "critical"}
FULL = {"alertname": "Full", "app": "stock", "severity": "warning", "zone": "a"}
FIRED = {"Slow": ONSET, "Full": START - timedelta(minutes=30)}


def written(labels: dict[str, str]) -> Alert:
    service = labels.get("service") or labels.get("app", "")
    return Alert(
        name=labels["alertname"],
        service=service,
        severity="critical" if labels["severity"] == "critical" else "medium",
        fired_at=FIRED[labels["alertname"]],
        labels=labels,
    )


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with alertmanager(tmp_path_factory.mktemp("alertmanager")) as url:
        body = [
            {"labels": one, "startsAt": rfc3339(FIRED[one["alertname"]]), "endsAt": "2099-01-01T00:00:00Z"}
            for one in (SLOW, FULL)
        ]
        send(f"{url}/api/v2/alerts", json.dumps(body), content_type="application/json")
        yield backend("Alertmanager", "ROOTLINE_ALERTMANAGER_URL", url)


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    lines = [
        f'ALERTS{{{",".join(f"{key}={json.dumps(value)}" for key, value in one.items())},alertstate="firing"}} 1 {at}\n'
        for one in (SLOW, FULL)
        for at in range(round(FIRED[one["alertname"]].timestamp()), round(HOUR.end.timestamp()) + 3600, 30)
    ]
    with prometheus(tmp_path_factory.mktemp("evaluated"), "# TYPE ALERTS gauge\n" + "".join(lines)) as url:
        yield backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)


@pytest.fixture(params=["recording", "prometheus", "alertmanager", "both"])
def alerts(request: pytest.FixtureRequest) -> AlertSource:
    if request.param == "recording":
        return RecordedAlerts([written(SLOW), written(FULL)])
    if request.param == "alertmanager":
        return AlertmanagerAlerts(request.getfixturevalue("held"))
    own = PrometheusAlerts(Prometheus(request.getfixturevalue("evaluated")), least_step_s=30)
    if request.param == "prometheus":
        return own
    return JoinedAlerts([AlertmanagerAlerts(request.getfixturevalue("held")), own])


def told(found: Sequence[Alert]) -> list[tuple[str, str, str, str]]:
    return [(one.name, one.service, one.severity, rfc3339(one.fired_at)) for one in found]


@pytest.mark.anyio
async def test_what_fires_in_the_window_is_told_oldest_first(alerts: AlertSource) -> None:
    found = await alerts.alerts(HOUR)

    assert told(found) == told([written(FULL), written(SLOW)])
    assert [dict(one.labels) for one in found] == [FULL, SLOW]
    assert [one.resolved_at for one in found] == [None, None]


@pytest.mark.anyio
async def test_what_fires_later_is_not_told(alerts: AlertSource) -> None:
    early = Window(start=START, end=ONSET)

    assert told(await alerts.alerts(early)) == told([written(FULL)])


@pytest.mark.anyio
async def test_before_anything_fired_there_is_nothing(alerts: AlertSource) -> None:
    before = Window(start=START - timedelta(hours=3), end=START - timedelta(hours=1))

    assert list(await alerts.alerts(before)) == []


@pytest.mark.anyio
async def test_an_alert_that_ended_is_known_to_prometheus_as_resolved(tmp_path_factory: pytest.TempPathFactory) -> None:
    fired, resolved = START + timedelta(minutes=10), START + timedelta(minutes=20)
    times = range(round(fired.timestamp()), round(resolved.timestamp()), 15)
    lines = "".join(f'ALERTS{{alertname="Slow",alertstate="firing",service="cart"}} 1 {at}\n' for at in times)
    gone = f'ALERTS{{alertname="Slow",alertstate="firing",service="cart"}} NaN {round(resolved.timestamp())}\n'

    with prometheus(tmp_path_factory.mktemp("ended"), "# TYPE ALERTS gauge\n" + lines + gone) as url:
        source = PrometheusAlerts(Prometheus(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)))
        (found,) = await source.alerts(HOUR)

    assert abs(found.fired_at - fired) <= timedelta(seconds=30)
    assert found.resolved_at is not None
    assert abs(found.resolved_at - resolved) <= timedelta(seconds=30)


@pytest.mark.anyio
async def test_while_one_of_two_sources_answers_its_alerts_are_told(held: Backend) -> None:
    dead = AlertmanagerAlerts(backend("Alertmanager", "ROOTLINE_ALERTMANAGER_URL", "http://127.0.0.1:1"))

    found = await JoinedAlerts([dead, AlertmanagerAlerts(held)]).alerts(HOUR)

    assert [one.name for one in found] == ["Full", "Slow"]
    with pytest.raises(SourceFailed, match="nothing accepts connections there"):
        await JoinedAlerts([dead, dead]).alerts(HOUR)


@pytest.mark.anyio
async def test_the_words_of_rules_are_known_though_one_rule_has_none() -> None:
    labels = {"alertname": "Slow", "service": "checkout"}
    rules = [
        {"name": "Bare", "query": "up == 0", "annotations": None, "labels": None, "alerts": None},
        {
            "name": "Slow",
            "query": "latency > 1",
            "annotations": {"summary": "it is slow"},
            "alerts": [{"labels": labels}],
        },
    ]
    row = {"metric": {"__name__": "ALERTS", "alertstate": "firing", **labels}, "values": [[ONSET.timestamp(), "1"]]}

    def answer(asked: Asked) -> Said:
        told = (
            {"groups": [{"rules": rules}]}
            if asked.path == "/api/v1/rules"
            else {"resultType": "matrix", "result": [row]}
        )
        return said(json.dumps({"status": "success", "data": told}))

    with answering(answer) as url:
        source = PrometheusAlerts(Prometheus(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)))
        found = await source.alerts(HOUR)

    assert {one.summary for one in found} == {"it is slow"}


@pytest.mark.anyio
async def test_of_a_storm_too_large_for_one_answer_every_alert_is_told_from_fewer_moments() -> None:
    steps_s: list[float] = []

    def answer(asked: Asked) -> Said:
        if asked.path == "/api/v1/rules":
            return said('{"data": {"groups": []}}')
        start, end, step = (float(asked.query[name]) for name in ("start", "end", "step"))
        steps_s.append(step)
        if end - start > 3600 and step < 200:
            return said(" " * (MOST_BYTES + 1))
        times = [start + step * at for at in range(int((end - start) // step) + 1)]
        values = [[at, "1"] for at in times if at >= ONSET.timestamp()]
        labels: dict[str, str] = {"__name__": "ALERTS", "alertstate": "firing", "alertname": "Down"}
        rows = [{"metric": labels | {"service": f"s{at}"}, "values": values} for at in range(50)]
        return said(json.dumps({"status": "success", "data": {"resultType": "matrix", "result": rows}}))

    with answering(answer) as url:
        source = PrometheusAlerts(Prometheus(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)))
        found = await source.alerts(HOUR)

    assert len({one.service for one in found}) == len(found) == 50
    assert all(ONSET <= one.fired_at < ONSET + timedelta(seconds=max(steps_s)) for one in found)
    assert all(one.resolved_at is None for one in found)

"""An alert of a blackbox probe names the service that is probed, where that is known, as the probe's metrics do."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.fleet import hanging
from tests.fakes.incident import HOUR, ONSET
from tests.fakes.observability import alertmanager, prometheus, send
from tests.fakes.wire import Answer, Asked, Said, answering, said
from tests.sources.test_probes import CART, CHECKOUT, PARTNER, STORE, TOLD, samples

from rootline.domain.signal import Alert
from rootline.domain.window import rfc3339
from rootline.sources.alerts.probed import may_be_of_a_probe, named
from rootline.sources.alerts.source import AlertSource, RecordedAlerts
from rootline.sources.backend import backend
from rootline.sources.connecting import connect
from rootline.sources.fleet.guard import Watch
from rootline.sources.prometheus_opening import PrometheusSources
from rootline.sources.stack import Given, Named, Stack, stack

pytestmark = pytest.mark.anyio

SHOWN = {CHECKOUT: "checkout", CART: "cart", STORE: "orders-db", PARTNER: "probe:partner.example:443"}
EXPORTER = {"service": "prometheus-blackbox-exporter"}
FIRING = {CHECKOUT: {}, CART: EXPORTER, PARTNER: {}, STORE: {}, TOLD: {"service": "login"}}


def labels(address: str, **more: str) -> dict[str, str]:
    return {"alertname": "ProbeFailed", "instance": address, "job": "blackbox", **more}


def fires(address: str, service: str = "blackbox", **fields: object) -> Alert:
    plain = Alert(name="ProbeFailed", service=service, severity="high", fired_at=ONSET, labels=labels(address))
    return replace(plain, **fields)  # type: ignore[arg-type]


def firing() -> str:
    """What a Prometheus keeps of alerts that fire for each of the probes."""
    times = range(round(ONSET.timestamp()), round(HOUR.end.timestamp()), 30)
    lines = ["# TYPE ALERTS gauge\n"]
    for address, more in FIRING.items():
        told = {**labels(address, **more), "alertstate": "firing"}
        written = ",".join(f'{key}="{value}"' for key, value in told.items())
        lines += [f"ALERTS{{{written}}} 1 {at}\n" for at in times]
    return "".join(lines)


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prometheus(tmp_path_factory.mktemp("probed"), samples() + firing()) as url:
        yield url


def told(found: Sequence[Alert]) -> dict[str, str]:
    return {one.labels["instance"]: one.service for one in found}


async def alerts(**variables: str) -> Sequence[Alert]:
    """Read the alerts of what variables name."""
    source = connect(stack(Given(variables={f"ROOTLINE_{key}": value for key, value in variables.items()}))).alerts
    assert source is not None
    return await source.alerts(HOUR)


async def test_alerts_of_a_prometheus_name_what_is_probed(evaluated: str) -> None:
    assert told(await alerts(PROMETHEUS_URL=evaluated)) == {**SHOWN, TOLD: "login"}


async def test_alerts_of_an_alertmanager_beside_it_name_what_is_probed_each_once(
    evaluated: str, tmp_path: Path
) -> None:
    with alertmanager(tmp_path) as url:
        held = [
            {"labels": labels(one, **more), "startsAt": rfc3339(ONSET), "endsAt": "2099-01-01T00:00:00Z"}
            for one, more in FIRING.items()
        ]
        send(f"{url}/api/v2/alerts", json.dumps(held), content_type="application/json")
        found = await alerts(PROMETHEUS_URL=evaluated, ALERTMANAGER_URL=url)
        alone = await alerts(ALERTMANAGER_URL=url)

    assert told(found) == {**SHOWN, TOLD: "login"}
    assert len(found) == len(FIRING)
    assert told(alone) == {**dict.fromkeys(SHOWN, "blackbox"), CART: EXPORTER["service"], TOLD: "login"}


def naming(url: str, found: Sequence[Alert], watch: Watch | None = None) -> AlertSource:
    """Name alerts by the probes of what answers at an address."""
    one = Named(name="prometheus", kind="prometheus", backend=backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url))
    opened = PrometheusSources(one=one, stack=Stack(backends=(one,)))
    return opened.naming_probed(RecordedAlerts(found), (watch or Watch()).guard("", "prometheus"))


def counting(asked: list[str]) -> Answer:
    """Note each question, and answer that there is nothing."""

    def answer(one: Asked) -> Said:
        asked.append(one.query.get("query", one.path))
        return said('{"status":"success","data":{"resultType":"vector","result":[]}}')

    return answer


async def test_without_an_alert_that_may_be_of_a_probe_nothing_is_asked() -> None:
    asked: list[str] = []
    plain = fires("checkout:8080", "checkout", labels={"instance": "checkout:8080", "service": "checkout", "job": "x"})

    with answering(counting(asked)) as url:
        found = await naming(url, [plain]).alerts(HOUR)

    assert (found, asked) == ([plain], [])


async def test_of_a_backend_without_probes_two_small_questions_are_asked_for_a_window() -> None:
    asked: list[str] = []

    with answering(counting(asked)) as url:
        source = naming(url, [fires(CHECKOUT)])
        found = [one.service for _ in range(2) for one in await source.alerts(HOUR)]

    assert found == ["blackbox", "blackbox"]
    assert len(asked) == 2
    assert all("probe_success" in one for one in asked)


@pytest.mark.parametrize(
    "answer", [lambda _: said("no", 500), lambda _: said("{"), lambda _: said('{"status":"error","error":"x"}', 422)]
)
async def test_while_the_prometheus_does_not_answer_alerts_keep_their_names(answer: Answer) -> None:
    with answering(answer) as url:
        assert [one.service for one in await naming(url, [fires(CHECKOUT)]).alerts(HOUR)] == ["blackbox"]


async def test_a_prometheus_that_hangs_takes_no_longer_than_the_one_deadline() -> None:
    with hanging() as url:
        watch = Watch(deadline_s=0.3)
        async with asyncio.timeout(20):
            found = await naming(url, [fires(CHECKOUT)], watch).alerts(HOUR)

    assert [one.service for one in found] == ["blackbox"]


async def test_when_the_time_is_up_nothing_more_is_asked(evaluated: str) -> None:
    watch = Watch(deadline_s=1e-9)

    found = await naming(evaluated, [fires(CHECKOUT)], watch).alerts(HOUR)

    assert [one.service for one in found] == ["blackbox"]
    assert watch.contacts.drain() == ()


@pytest.mark.parametrize(
    ("alert", "may_be"),
    [
        (fires(CHECKOUT), True),
        (fires(CHECKOUT, metric="probe_success"), True),
        (fires(CHECKOUT, metric="up"), False),
        (fires(CHECKOUT, "login"), False),
        (fires(CHECKOUT, "my-blackbox-exporter"), True),
        (fires(CHECKOUT, CHECKOUT), True),
        (fires(CHECKOUT, labels={"target": CHECKOUT, "job": "blackbox"}), True),
        (fires(CHECKOUT, labels={"job": "blackbox"}), False),
        (fires(CHECKOUT, "", labels={"instance": CHECKOUT}), False),
    ],
)
def test_only_an_alert_of_an_address_that_no_label_names_a_service_of_may_be_of_a_probe(
    alert: Alert, may_be: bool
) -> None:
    assert may_be_of_a_probe(alert) is may_be
    assert named(alert, {CHECKOUT: "checkout"}).service == ("checkout" if may_be else alert.service)


def test_an_alert_of_an_address_that_nobody_probes_keeps_its_name() -> None:
    assert named(fires("http://elsewhere/"), {CHECKOUT: "checkout"}) == fires("http://elsewhere/")

"""An alert of a blackbox probe that is posted names the service that is probed, and so does its incident."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from tests.fakes.fleet import hanging
from tests.fakes.incident import HOUR, ONSET
from tests.fakes.mcp_desk import House
from tests.fakes.observability import prometheus
from tests.fakes.wire import Answer, answering, said
from tests.intake.specimens import am, am_alert
from tests.intake.test_receiving import Desk
from tests.server.test_http import TOKENS
from tests.sources.test_probed_alerts import counting
from tests.sources.test_probes import CART, CHECKOUT, PARTNER, STORE, TOLD, samples

from rootline.domain.incident import Incident
from rootline.intake.homes import Homes
from rootline.intake.probed import ProbedServices
from rootline.live import Choice, live_ground, probed_services
from rootline.sources.backend import backend
from rootline.sources.fleet.guard import Watch
from rootline.sources.prometheus_opening import PrometheusSources
from rootline.sources.stack import Named, Stack

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def probing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prometheus(tmp_path_factory.mktemp("posted"), samples()) as url:
        yield url


def names(url: str, *clusters: str, known: Sequence[str] = (), usual: str = "") -> ProbedServices:
    """Name what is posted by the probes of what answers at an address, which each of the clusters has."""
    one = Named(name="prometheus", kind="prometheus", backend=backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url))
    opened = PrometheusSources(one=one, stack=Stack(backends=(one,)))
    found = {cluster: opened.probed_names(Watch().guard(cluster, "prometheus")) for cluster in clusters or ("",)}
    return ProbedServices(homes=Homes(known=frozenset(known), usual=usual), clusters=found, clock=lambda: HOUR.end)


def failed(address: str, rule: str = "probe_success == 0", **labels: str) -> dict[str, Any]:
    one = am_alert(begun=ONSET)
    return {
        **one,
        "labels": {"alertname": "ProbeFailed", "instance": address, "job": "blackbox", **labels},
        "fingerprint": f"{sum(map(ord, address)):016x}",
        "generatorURL": f"http://prometheus.example/graph?g0.expr={quote(rule)}&g0.tab=1",
    }


async def posted(probed: ProbedServices, *alerts: dict[str, Any]) -> tuple[dict[str, str], Sequence[Incident]]:
    """Post alerts; return which service each address is taken to be of, and the incidents."""
    desk = Desk()
    desk.now = HOUR.end
    stored = await replace(desk.reception, naming=probed.named).take("alertmanager", am(*alerts))
    told = {one.labels["instance"]: one.service for one in stored.decision.notices}
    return told, await desk.journal.incidents()


async def test_posted_alerts_and_their_incident_name_what_is_probed(probing: str) -> None:
    told, incidents = await posted(names(probing), *(failed(one) for one in (CHECKOUT, CART, PARTNER, STORE)))

    assert told == {CHECKOUT: "checkout", CART: "cart", PARTNER: "probe:partner.example:443", STORE: "orders-db"}
    assert "checkout" in {one.service for one in incidents}


@pytest.mark.parametrize(
    ("rule", "labels", "service"),
    [
        ("", {}, "checkout"),
        ("avg_over_time(probe_success[5m]) < 0.9", {}, "checkout"),
        ('up{job="blackbox"} == 0', {}, "blackbox"),
        ("probe_success == 0", {"service": "login"}, "login"),
    ],
)
async def test_what_its_labels_or_its_rule_say_counts(
    probing: str, rule: str, labels: dict[str, str], service: str
) -> None:
    told, _ = await posted(names(probing), failed(CHECKOUT, rule, **labels))

    assert told == {CHECKOUT: service}


@pytest.mark.parametrize(
    ("home", "service"), [("east", "checkout"), ("", "checkout"), ("west", "blackbox"), ("elsewhere", "blackbox")]
)
async def test_of_several_clusters_the_alerts_own_is_asked_or_where_it_names_none_the_usual_one(
    probing: str, home: str, service: str
) -> None:
    probed = names(probing, "east", known=("east", "west"), usual="east")

    told, _ = await posted(probed, failed(CHECKOUT, **({"cluster": home} if home else {})))

    assert told == {CHECKOUT: service}


async def test_an_alert_that_is_of_no_probe_asks_nothing() -> None:
    asked: list[str] = []

    with answering(counting(asked)) as url:
        told, _ = await posted(names(url), failed(TOLD, service="login"), failed(CHECKOUT, "up == 0"))

    assert told == {TOLD: "login", CHECKOUT: "blackbox"}
    assert asked == []


async def test_deliveries_of_one_minute_ask_once() -> None:
    asked: list[str] = []

    with answering(counting(asked)) as url:
        probed = names(url)
        for address in (CHECKOUT, CART, STORE):
            await posted(probed, failed(address))

    assert len(asked) == 2


@pytest.mark.parametrize("answer", [lambda _: said("no", 500), lambda _: said("{")])
async def test_while_the_prometheus_does_not_answer_alerts_are_taken_as_they_are(answer: Answer) -> None:
    with answering(answer) as url:
        told, incidents = await posted(names(url), failed(CHECKOUT))

    assert told == {CHECKOUT: "blackbox"}
    assert [one.service for one in incidents] == ["blackbox"]


async def test_a_prometheus_that_hangs_keeps_no_vendor_waiting() -> None:
    with hanging() as url:
        async with asyncio.timeout(20):
            told, _ = await posted(replace(names(url), within_s=0.1), failed(CHECKOUT))

    assert told == {CHECKOUT: "blackbox"}


async def test_a_server_over_a_live_prometheus_names_what_is_posted_to_it(probing: str) -> None:
    house, actor = House(), TOKENS[0].actor
    plain = house.desk(clock=lambda: HOUR.end)
    desk = replace(plain, settings=replace(plain.settings, environment={"ROOTLINE_PROMETHEUS_URL": probing}))
    workbench = house.workbench()
    workbench.probed = await probed_services(desk, Choice(), live_ground(desk.settings))

    stored = await workbench.reception(actor).take("alertmanager", am(failed(CHECKOUT)))

    assert [one.service for one in stored.decision.notices] == ["checkout"]
    assert await probed_services(desk, Choice(), house.ground) == ProbedServices()


async def test_a_rule_on_what_machines_tell_is_of_the_machine() -> None:
    told, _ = await posted(ProbedServices(), failed("db-1:9100", "node_load1 > 8"))

    assert told == {"db-1:9100": "db-1:9100"}

"""A blackbox probe speaks of the service that answers at its address, or else is called one of the address."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from tests.fakes.incident import HOUR, ONSET
from tests.fakes.observability import prometheus, victoria_metrics

from rootline.analysis.metrics.scoring import score
from rootline.domain.service_key import ServiceKey
from rootline.domain.signal import Series
from rootline.sources.backend import backend
from rootline.sources.metrics.probes import Known, renamed, shown_as
from rootline.sources.metrics.prometheus import PrometheusMetrics
from rootline.sources.metrics.source import MetricQuery
from rootline.sources.prometheus import Prometheus

CHECKOUT, CART = "http://checkout:8080/healthz", "https://cart.shop.svc.cluster.local/ready"
PARTNER, STORE, TOLD = "https://partner.example/api", "10.0.0.9:5432", "http://10.0.0.80/login"
PROBES = {
    CHECKOUT: {},
    CART: {"service": "prometheus-blackbox-exporter"},
    PARTNER: {},
    STORE: {},
    TOLD: {"service": "login"},
}
SCRAPED = {"checkout": "checkout:8080", "orders-db": "10.0.0.9:5432", "blackbox": "10.0.0.1:9115"}
DOWN = (CHECKOUT, PARTNER)


def samples() -> str:
    times = range(round(HOUR.start.timestamp()) - 3600, round(HOUR.end.timestamp()), 30)
    lines = ["# TYPE probe_success gauge\n"]
    for address, labels in PROBES.items():
        told = ",".join(f'{key}="{value}"' for key, value in {"job": "blackbox", "instance": address, **labels}.items())
        lines += [
            f"probe_success{{{told}}} {int(address not in DOWN or at < ONSET.timestamp())} {at}\n" for at in times
        ]
    lines.append("# TYPE up gauge\n")
    scraped = [*SCRAPED.items(), *(("blackbox", address) for address in PROBES)]
    lines += [f'up{{job="{job}",instance="{where}"}} 1 {at}\n' for job, where in scraped for at in times]
    lines.append("# TYPE queue_length gauge\n")
    lines += [f'queue_length{{service="cart"}} 1 {at}\n' for at in times]
    return "".join(lines)


@pytest.fixture(scope="module", params=[prometheus, victoria_metrics])
def url(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    with request.param(tmp_path_factory.mktemp("probes"), samples()) as url:
        yield url


@pytest.fixture
def metrics(url: str) -> PrometheusMetrics:
    where = backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)
    return PrometheusMetrics(Prometheus(where), has_history=True, clock=lambda: HOUR.end)


@pytest.mark.anyio
async def test_each_probe_is_of_the_service_at_its_address_or_called_one_of_the_address(
    metrics: PrometheusMetrics,
) -> None:
    found = await metrics.series(MetricQuery(), HOUR)

    probed = {one.labels["probe"]: one.service for one in found if one.metric == "probe_success"}
    assert probed == {
        CHECKOUT: "checkout",
        CART: "cart",
        PARTNER: "probe:partner.example:443",
        STORE: "orders-db",
        TOLD: "login",
    }


@pytest.mark.anyio
async def test_what_is_down_is_told_of_the_service_and_of_the_address(metrics: PrometheusMetrics) -> None:
    found = score(await metrics.series(MetricQuery(), HOUR), HOUR)

    fell = {one.service for one in found if one.metric == "probe_success" and one.direction == "down"}
    assert fell == {"checkout", "probe:partner.example:443"}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("service", "address"),
    [("checkout", CHECKOUT), ("cart", CART), ("probe:partner.example:443", PARTNER), ("orders-db", STORE)],
)
async def test_a_probe_is_found_by_the_name_it_is_shown_under(
    metrics: PrometheusMetrics, service: str, address: str
) -> None:
    (alone,) = await metrics.series(MetricQuery(service=service, metric="probe_success"), HOUR)
    looked = await metrics.series(MetricQuery(service=service), HOUR)

    assert (alone.service, alone.labels["probe"]) == (service, address)
    assert ("probe_success", address) in {(one.metric, one.labels.get("probe")) for one in looked}
    assert {one.service for one in looked} == {service}
    assert (service, "probe_success") in await metrics.names(service)
    assert (service, "probe_success") in await metrics.names("")


@pytest.mark.anyio
async def test_promql_over_probes_names_them_alike(metrics: PrometheusMetrics) -> None:
    found = await metrics.series(MetricQuery(expression="probe_success == 0"), HOUR)

    assert {(one.service, one.labels["probe"]) for one in found} == {
        ("checkout", CHECKOUT),
        ("probe:partner.example:443", PARTNER),
    }


KNOWN = Known(places={"web:80": "front", "10.1.1.1:443": "edge"}, services=frozenset({"cart", "front", "mail.example"}))


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://web", "front"),
        ("web:80", "front"),
        ("HTTP://WEB:80/x?y=z", "front"),
        ("https://10.1.1.1/", "edge"),
        ("https://10.1.1.1:8443/", "probe:10.1.1.1:8443"),
        ("10.1.1.1", "probe:10.1.1.1"),
        ("cart", "cart"),
        ("cart.shop", "cart"),
        ("tcp://cart.shop.svc:5432", "cart"),
        ("https://mail.example/", "mail.example"),
        ("https://www.example/", "probe:www.example:443"),
        ("https://user:pw@cart:99/x", "cart"),
        ("[fe80::1]:9100", "probe:fe80::1:9100"),
        ("http://[broken", "probe:http://[broken"),
        ("http://x:port/", "probe:http://x:port/"),
        ("x" * 400, f"probe:{'x' * 294}"),
    ],
)
def test_an_address_is_resolved_by_place_then_by_name(address: str, shown: str) -> None:
    assert shown_as(address, KNOWN) == shown


def test_two_probes_of_one_service_stay_two_series_and_other_metrics_stay_as_they_are() -> None:
    times = np.array([0.0, 1.0])
    one = Series(service="http://a/x", metric="probe_success", unit="", labels={}, times=times, values=times)
    other = replace(one, service="http://a/y")
    plain = replace(one, metric="queue_length")

    found = renamed([one, other, plain], {"http://a/x": "a", "http://a/y": "a"})

    assert [(each.service, dict(each.labels)) for each in found] == [
        ("a", {"probe": "http://a/x"}),
        ("a", {"probe": "http://a/y"}),
        ("http://a/x", {}),
    ]
    assert renamed([one], {}) == [one]


def test_an_address_s_name_is_no_namespace_and_no_cluster() -> None:
    first, second = (
        ServiceKey.of(shown_as(one, KNOWN)) for one in ("https://a.example/health", "https://b.example/health")
    )

    assert (first.namespace, first.cluster) == ("", "")
    assert not first.is_same(second)

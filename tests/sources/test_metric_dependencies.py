"""Who calls whom, out of the metrics of meshes, service graphs and clients, as a real Prometheus answers."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.fakes.observability import prometheus

from rootline.domain.signal import Edge
from rootline.domain.window import Window
from rootline.sources.backend import backend
from rootline.sources.bundle import Sources
from rootline.sources.connecting import connect
from rootline.sources.metrics.dependencies import MetricDependencies
from rootline.sources.prometheus import Prometheus
from rootline.sources.stack import Given, stack
from rootline.sources.topology import RecordedTopology
from rootline.tools.observation import edges_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = Window(start=NOON - timedelta(hours=1), end=NOON)
SERIES = (
    'http_client_requests_total{service="checkout",peer="inventory"}',
    'http_client_requests_total{service="checkout",peer="http://pay.shop.svc.cluster.local:8080/charge"}',
    'http_client_requests_total{service="checkout",peer="10.0.0.7:8080"}',
    'http_client_requests_total{service="checkout",peer="checkout"}',
    'http_client_requests_total{service="",peer="nobody"}',
    'http_client_request_duration_seconds_count{service_name="cart",server_address="api.bank.example"}',
    'http_client_request_duration_seconds_count{service_name="cart",server_address="[::1]:80"}',
    'http_client_requests_seconds_count{app="web",client_name="cart"}',
    'istio_requests_total{source_workload="web",destination_service_name="search",destination_workload="unknown"}',
    'istio_requests_total{source_workload="unknown",destination_workload="search"}',
    'istio_requests_total{source_workload="web",destination_service_name="PassthroughCluster"}',
    'traces_service_graph_request_total{client="search",server="index"}',
    'response_total{deployment="index",dst_deployment="disk",direction="outbound"}',
    'hubble_http_requests_total{source_workload="disk",destination_workload="vault"}',
    'http_requests_total{service="cart",peer="no-client"}',
    'clients_total{service="cart",peer="a-crowd"}',
)
FOUND = (
    ("cart", "api.bank.example"),
    ("checkout", "inventory"),
    ("checkout", "pay"),
    ("disk", "vault"),
    ("index", "disk"),
    ("search", "index"),
    ("web", "cart"),
    ("web", "search"),
)


def exposition(series: Sequence[str]) -> str:
    times = range(int(HOUR.start.timestamp()), int(HOUR.end.timestamp()) + 1, 60)
    ordered = sorted(series, key=lambda one: one.partition("{")[0])
    return "".join(f"{one} 1 {at}\n" for one in ordered for at in times)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prometheus(tmp_path_factory.mktemp("edges"), exposition(SERIES)) as address:
        yield address


@pytest.mark.anyio
async def test_meshes_service_graphs_and_clients_tell_who_calls_whom(url: str) -> None:
    source = MetricDependencies(Prometheus(backend("prometheus", "ROOTLINE_PROMETHEUS_URL", url)))

    found = await source.edges(HOUR)

    assert [(one.caller, one.callee) for one in found] == list(FOUND)
    assert {one.found_in for one in found} == {"metrics"}


@pytest.mark.anyio
async def test_of_another_time_nothing_is_told(url: str) -> None:
    earlier = Window(start=HOUR.start - timedelta(days=2), end=HOUR.end - timedelta(days=2))

    assert (
        await MetricDependencies(Prometheus(backend("prometheus", "ROOTLINE_PROMETHEUS_URL", url))).edges(earlier) == []
    )


@pytest.mark.anyio
async def test_a_prometheus_alone_tells_the_dependencies_of_a_question(url: str, tmp_path: Path) -> None:
    variables = {"ROOTLINE_PROMETHEUS_URL": url, "ROOTLINE_HOME": str(tmp_path)}

    found = await edges_of(connect(stack(Given(variables=variables))), HOUR)

    assert [(one.caller, one.callee) for one in found] == list(FOUND)


@pytest.mark.anyio
async def test_what_is_declared_counts_before_what_metrics_tell() -> None:
    told = (
        Edge(caller="web", callee="cart", found_in="metrics"),
        Edge(caller="web", callee="cart", found_in="declared", calls=3),
        Edge(caller="web", callee="pay", found_in="metrics"),
    )

    found = await edges_of(Sources(topology=RecordedTopology(told)), HOUR)

    assert [(one.callee, one.found_in, one.calls) for one in found] == [("cart", "declared", 3), ("pay", "metrics", 0)]

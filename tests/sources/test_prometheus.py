"""What a live Prometheus can do that a recording cannot: rates, quantiles, shares of errors, PromQL, alerts."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from tests.fakes.incident import HOUR, ONSET
from tests.fakes.observability import prometheus, victoria_metrics
from tests.fakes.shop import samples

from rootline.analysis.metrics.scoring import score
from rootline.errors import ToolFault
from rootline.sources.alerts.prometheus import PrometheusAlerts
from rootline.sources.backend import Backend, backend
from rootline.sources.metrics.prometheus import PrometheusMetrics
from rootline.sources.metrics.source import MetricQuery
from rootline.sources.prometheus import Prometheus

RULES = """groups:
- name: shop
  rules:
  - alert: CheckoutErrors
    expr: sum by (service) (rate(http_requests_total{code="500"}[5m])) > 0.5
    labels: {severity: page}
    annotations: {summary: "checkout answers too many errors"}
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with prometheus(tmp_path_factory.mktemp("shop"), samples(), rules=RULES) as url:
        yield backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)


@pytest.fixture(scope="module")
def victoria_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with victoria_metrics(tmp_path_factory.mktemp("victoria"), samples()) as url:
        yield backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)


@pytest.fixture
def metrics(shop: Backend) -> PrometheusMetrics:
    return PrometheusMetrics(Prometheus(shop), has_history=True)


@pytest.mark.anyio
@pytest.mark.parametrize("backend_named", ["shop", "victoria_shop"])
async def test_the_first_look_finds_who_is_slow_and_who_fails(
    backend_named: str, request: pytest.FixtureRequest
) -> None:
    metrics = PrometheusMetrics(Prometheus(request.getfixturevalue(backend_named)), has_history=True)

    found = score(await metrics.series(MetricQuery(), HOUR), HOUR)

    moved = {(one.service, one.metric): one for one in found if one.direction == "up"}
    assert set(moved) == {
        ("checkout", "http_requests_error_ratio"),
        ("payment", "http_request_duration_seconds_mean"),
        ("payment", "http_request_duration_seconds_p99"),
    }
    onsets = [one.onset for one in moved.values() if one.onset is not None]
    assert [abs(onset - ONSET) <= timedelta(minutes=1) for onset in onsets] == [True, True, True]


@pytest.mark.anyio
async def test_a_counter_is_read_as_its_rate_by_either_name(metrics: PrometheusMetrics) -> None:
    by_raw_name, by_shown_name = [
        await metrics.series(MetricQuery(service="cart", metric=name, aggregate="sum"), HOUR)
        for name in ("http_requests_total", "http_requests_per_second")
    ]

    (raw,), (shown,) = by_raw_name, by_shown_name
    assert (raw.metric, raw.unit) == ("http_requests_per_second", "1/s")
    np.testing.assert_array_equal(raw.values, shown.values)
    assert np.nanmean(raw.values) == pytest.approx(10, rel=0.01)


@pytest.mark.anyio
async def test_series_carry_their_normal_state_from_before_the_window(shop: Backend) -> None:
    (with_history,) = await PrometheusMetrics(Prometheus(shop), has_history=True).series(
        MetricQuery(metric="http_requests_error_ratio", service="cart"), HOUR
    )
    (without,) = await PrometheusMetrics(Prometheus(shop)).series(
        MetricQuery(metric="http_requests_error_ratio", service="cart"), HOUR
    )

    assert with_history.times[0] == HOUR.start.timestamp() - 3600
    assert without.times[0] == HOUR.start.timestamp()
    assert with_history.times[-1] == without.times[-1] < HOUR.end.timestamp()


@pytest.mark.anyio
async def test_a_metric_that_an_agent_writes_belongs_to_the_container_it_speaks_of(metrics: PrometheusMetrics) -> None:
    found = await metrics.series(MetricQuery(metric="container_memory_working_set_bytes"), HOUR)

    assert [one.service for one in found] == ["cart", "checkout", "payment"]


@pytest.mark.anyio
async def test_promql_is_run_as_written(metrics: PrometheusMetrics) -> None:
    asked = 'sum by (service) (rate(http_requests_total{code="500"}[5m]))'

    found = await metrics.series(MetricQuery(expression=asked), HOUR)

    assert [(one.service, one.metric, dict(one.labels)) for one in found] == [
        (service, asked, {}) for service in ("cart", "checkout", "payment")
    ]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("rate(http_requests_total[5m]", "not balanced"),
        ("rate(http_requests_total)", "expected type range vector"),
        ("vector(1)" + " + vector(1)" * 100, "at most 1000"),
        ("(" * 21 + "up" + ")" * 21, "nested 21 deep"),
        ('up{job="a}', "not balanced"),
        ("up\x00", "cannot be printed"),
    ],
)
async def test_promql_that_cannot_be_run_is_explained(metrics: PrometheusMetrics, expression: str, told: str) -> None:
    with pytest.raises(ToolFault, match=told):
        await metrics.series(MetricQuery(expression=expression), HOUR)


@pytest.mark.anyio
async def test_alerts_are_read_back_with_the_words_of_their_rule(shop: Backend) -> None:
    (alert,) = await PrometheusAlerts(Prometheus(shop)).alerts(HOUR)

    assert (alert.name, alert.service, alert.severity) == ("CheckoutErrors", "checkout", "critical")
    assert (alert.summary, alert.metric, alert.threshold) == (
        "checkout answers too many errors",
        "http_requests_total",
        0.5,
    )
    assert abs(alert.fired_at - (ONSET + timedelta(seconds=180))) <= timedelta(seconds=30)
    assert alert.resolved_at is None

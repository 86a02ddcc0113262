"""One body of tests for every reader of metrics: the recording, Prometheus and VictoriaMetrics."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.fakes.incident import HOUR
from tests.fakes.observability import openmetrics, prometheus, victoria_metrics

from rootline.domain.signal import Series
from rootline.domain.window import Window
from rootline.sources.backend import backend
from rootline.sources.metrics.prometheus import PrometheusMetrics
from rootline.sources.metrics.source import MetricQuery, MetricSource, RecordedMetrics
from rootline.sources.prometheus import Prometheus

TIMES = np.arange(HOUR.start.timestamp() - 3600, HOUR.end.timestamp() + 3600, 60)
PLACES = {"zone": "a"}, {"zone": "b"}


def line(service: str, metric: str, level: float, labels: dict[str, str] | None = None) -> Series:
    values = np.round(level * (1 + 0.1 * np.sin(TIMES / 500)), 6)
    return Series(service=service, metric=metric, times=TIMES, values=values, labels=labels or {})


RECORDED = [
    line("cart", "latency_seconds", 0.2),
    line("cart", "error_ratio", 0.01),
    line("checkout", "latency_seconds", 0.4),
    line("checkout", "memory_bytes", 1000.0),
    *(line("stock", "queue_depth", 4.0 + at, labels) for at, labels in enumerate(PLACES)),
]


@pytest.fixture(scope="module", params=["recording", "prometheus", "victoriametrics"])
def metrics(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MetricSource]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "recording":
        yield RecordedMetrics(RECORDED)
    else:
        yield from live(request.param, folder)


def live(kind: str, folder: Path) -> Iterator[MetricSource]:
    start = prometheus if kind == "prometheus" else victoria_metrics
    with start(folder, openmetrics(RECORDED)) as url:
        api = Prometheus(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url))
        yield PrometheusMetrics(api, least_step_s=60, clock=lambda: HOUR.end)


def told(series: Series) -> tuple[str, str, dict[str, str], list[float]]:
    return series.service, series.metric, dict(series.labels), series.values.tolist()


def expected(series: Series, window: Window) -> tuple[str, str, dict[str, str], list[float]]:
    inside = (series.times >= window.start.timestamp()) & (series.times < window.end.timestamp())
    return series.service, series.metric, dict(series.labels), series.values[inside].tolist()


@pytest.mark.anyio
async def test_a_named_metric_of_a_service_is_read_as_it_was_written(metrics: MetricSource) -> None:
    (found,) = await metrics.series(MetricQuery(service="checkout", metric="latency_seconds"), HOUR)

    assert told(found) == expected(RECORDED[2], HOUR)
    assert found.times.tolist() == [at for at in TIMES.tolist() if HOUR.start.timestamp() <= at < HOUR.end.timestamp()]


@pytest.mark.anyio
async def test_a_metric_of_every_service_is_read_at_once(metrics: MetricSource) -> None:
    found = await metrics.series(MetricQuery(metric="latency_seconds"), HOUR)

    assert [told(one) for one in found] == [expected(RECORDED[0], HOUR), expected(RECORDED[2], HOUR)]


@pytest.mark.anyio
async def test_the_first_look_sees_every_service(metrics: MetricSource) -> None:
    found = await metrics.series(MetricQuery(), HOUR)

    assert sorted({(one.service, one.metric) for one in found}) == sorted(
        {(one.service, one.metric) for one in RECORDED}
    )
    assert [told(one) for one in found if one.metric == "memory_bytes"] == [expected(RECORDED[3], HOUR)]


@pytest.mark.anyio
async def test_a_look_at_one_service_sees_nothing_else(metrics: MetricSource) -> None:
    found = await metrics.series(MetricQuery(service="cart"), HOUR)

    assert [(one.service, one.metric) for one in found] == [("cart", "error_ratio"), ("cart", "latency_seconds")]


@pytest.mark.anyio
async def test_series_of_one_metric_keep_the_labels_that_tell_them_apart(metrics: MetricSource) -> None:
    found = await metrics.series(MetricQuery(service="stock", metric="queue_depth"), HOUR)

    assert [told(one) for one in found] == [expected(one, HOUR) for one in RECORDED[4:]]


@pytest.mark.anyio
async def test_a_label_chooses_among_series(metrics: MetricSource) -> None:
    found = await metrics.series(MetricQuery(metric="queue_depth", labels={"zone": "b"}), HOUR)

    assert [told(one) for one in found] == [expected(RECORDED[5], HOUR)]


@pytest.mark.anyio
async def test_a_shorter_window_gives_fewer_samples(metrics: MetricSource) -> None:
    minutes = Window(start=HOUR.start + timedelta(minutes=10), end=HOUR.start + timedelta(minutes=20))

    (found,) = await metrics.series(MetricQuery(service="cart", metric="latency_seconds"), minutes)

    assert told(found) == expected(RECORDED[0], minutes)


@pytest.mark.anyio
@pytest.mark.parametrize("window_days", [400, -400])
async def test_a_window_without_samples_has_no_series(metrics: MetricSource, window_days: int) -> None:
    elsewhere = Window(start=HOUR.start + timedelta(days=window_days), end=HOUR.end + timedelta(days=window_days))

    assert list(await metrics.series(MetricQuery(), elsewhere)) == []


@pytest.mark.anyio
@pytest.mark.parametrize(
    "query",
    [
        MetricQuery(service="nobody"),
        MetricQuery(metric="nothing_seconds"),
        MetricQuery(service="cart", metric="memory_bytes"),
        MetricQuery(service='cart"} or {__name__=~".+'),
        MetricQuery(service="cart", metric="latency_seconds", labels={"zone": '",service=~".+'}),
    ],
    ids=["service", "metric", "pair", "service that would end the selector", "label that would add one"],
)
async def test_what_does_not_exist_has_no_series(metrics: MetricSource, query: MetricQuery) -> None:
    assert list(await metrics.series(query, HOUR)) == []


@pytest.mark.anyio
async def test_names_are_known_without_reading_samples(metrics: MetricSource) -> None:
    await metrics.series(MetricQuery(service="cart", metric="latency_seconds"), HOUR)

    assert list(await metrics.names("")) == sorted({(one.service, one.metric) for one in RECORDED})
    assert list(await metrics.names("cart")) == [("cart", "error_ratio"), ("cart", "latency_seconds")]
    assert list(await metrics.names("nobody")) == []

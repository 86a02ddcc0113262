"""A Prometheus that has just been started, scrapes each second, and is asked about an hour that it did not see."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.fakes.observability import prometheus

from rootline.domain.window import Window
from rootline.sources.alerts.prometheus import PrometheusAlerts
from rootline.sources.backend import Backend, backend
from rootline.sources.metrics.catalogue import Catalogue
from rootline.sources.metrics.golden import golden
from rootline.sources.metrics.meters import meters
from rootline.sources.metrics.prometheus import PrometheusMetrics
from rootline.sources.metrics.source import MetricQuery
from rootline.sources.prometheus import Prometheus

END = datetime(2026, 3, 1, 13, tzinfo=UTC)
LIFE = timedelta(seconds=90)
BEGAN = END - LIFE
HOUR = Window(start=END - timedelta(hours=1), end=END)
LATENESS = timedelta(seconds=20)
RULES = """groups:
- name: shop
  rules:
  - {alert: Slow, expr: 'latency_mean{service="web"} > 0.4', annotations: {summary: "{{ $labels.service }} over 400 ms"}}
  - {alert: Slow, expr: 'latency_mean{service="store"} > 0.1', annotations: {summary: "{{ $labels.service }} over 100 ms"}}
"""  # noqa: E501 one rule a line


def samples() -> str:
    times = [*range(round(BEGAN.timestamp()), round(END.timestamp()))]
    onset = (END - LATENESS).timestamp()
    lines = ["# TYPE up gauge\n", *(f'up{{job="shop",service="web"}} 1 {at}\n' for at in times)]
    lines += ["# TYPE http_requests counter\n"]
    lines += [f'http_requests_total{{job="shop",service="web"}} {10 * (at - times[0])} {at}\n' for at in times]
    lines += ["# TYPE queue_length gauge\n"]
    lines += [f'queue_length{{job="shop",service="web"}} {50 if at >= onset else 1} {at}\n' for at in times]
    fired = [at for at in times if at >= onset]
    lines += ["# TYPE ALERTS gauge\n"]
    lines += [f'ALERTS{{alertname="Slow",alertstate="firing",service="store"}} 1 {at}\n' for at in fired]
    return "".join(lines)


@pytest.fixture(scope="module")
def young(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with prometheus(tmp_path_factory.mktemp("young"), samples(), rules=RULES) as url:
        yield backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)


@pytest.mark.anyio
async def test_its_beginning_is_known_to_the_second(young: Backend) -> None:
    since = await Catalogue(Prometheus(young), formulas=()).since(
        Window(start=HOUR.start - timedelta(hours=1), end=END)
    )

    assert abs(since - BEGAN) <= timedelta(seconds=1)


@pytest.mark.anyio
async def test_its_whole_life_is_read_second_by_second(young: Backend) -> None:
    found = await PrometheusMetrics(Prometheus(young), has_history=True).series(
        MetricQuery(metric="queue_length"), HOUR
    )

    (queue,) = found
    assert queue.times.size >= 60
    assert queue.times[1] - queue.times[0] == 1
    assert END.timestamp() - queue.times[-1] <= 2
    assert (queue.values[0], queue.values[-1]) == (1, 50)


@pytest.mark.anyio
async def test_rates_begin_when_their_range_is_filled(young: Backend) -> None:
    found = await PrometheusMetrics(Prometheus(young), has_history=True).series(
        MetricQuery(metric="http_requests_total"), HOUR
    )

    (rate,) = found
    assert rate.times[0] >= BEGAN.timestamp() + 10
    assert abs(rate.values - 10).max() < 1


@pytest.mark.anyio
async def test_what_was_pushed_before_the_first_scrape_counts(tmp_path: Path) -> None:
    scraped = "".join(f'up{{job="new"}} 1 {at}\n' for at in range(round(BEGAN.timestamp()), round(END.timestamp())))
    pushed = range(round(HOUR.start.timestamp()) - 3600, round(END.timestamp()), 15)
    lines = "".join(f'queue_length{{service="web"}} {1 + (at > END.timestamp() - 1200)} {at}\n' for at in pushed)

    with prometheus(tmp_path, f"# TYPE up gauge\n{scraped}# TYPE queue_length gauge\n{lines}") as url:
        api = Prometheus(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url))
        (queue,) = await PrometheusMetrics(api, has_history=True).series(MetricQuery(metric="queue_length"), HOUR)

    assert queue.times[0] <= HOUR.start.timestamp() + 60
    assert (queue.values[0], queue.values[-1]) == (1, 2)


@pytest.mark.anyio
async def test_of_several_rules_with_one_name_the_one_that_is_about_the_service_tells(young: Backend) -> None:
    (alert,) = await PrometheusAlerts(Prometheus(young)).alerts(HOUR)

    assert (alert.service, alert.summary, alert.threshold) == ("store", "store over 100 ms", 0.1)


def test_what_a_runtime_says_of_itself_is_not_looked_at_first() -> None:
    names = (
        "python_gc_collections_total",
        "go_memstats_heap_objects",
        "process_start_time_seconds",
        "http_queue_length",
    )

    assert [one.name for one in golden(meters(names).values())] == ["http_queue_length"]

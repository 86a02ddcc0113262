"""Metrics of very many series: read at fewer moments where that can be afforded, and told by name where it cannot."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from tests.fakes.incident import HOUR, ONSET
from tests.fakes.observability import prometheus
from tests.fakes.scene import scene_of
from tests.fakes.shop import samples
from tests.fakes.wire import Asked, Said, answering, said

from rootline.analysis.metrics.scoring import score
from rootline.domain.evidence import ClusterOutcome, Reading
from rootline.errors import ToolFault
from rootline.sources.backend import Backend, backend
from rootline.sources.bundle import Sources
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.hearing import hearing
from rootline.sources.metrics.large import (
    LEAST_MOMENTS,
    MOST_JOINED,
    MOST_LARGE,
    Look,
    looked_at,
    tell_of_the_rest,
    times_fewer,
)
from rootline.sources.metrics.meters import Meter, meters
from rootline.sources.metrics.prometheus import PrometheusMetrics
from rootline.sources.metrics.source import MetricQuery
from rootline.sources.prometheus import Prometheus
from rootline.tools.clusters import heard_out
from rootline.tools.query_metrics import query_metrics

P99 = "http_request_duration_seconds_p99"
BUCKETS = 15
"""Of the made-up shop: three services by five bounds."""
SHARDS = 200


def depths() -> str:
    """A gauge of one service that is told for each of many shards."""
    times = range(round(HOUR.start.timestamp()) - 3600, round(HOUR.end.timestamp()), 60)
    shards = (f'queue_depth{{service="queue",shard="{shard}"}}' for shard in range(SHARDS))
    return "# TYPE queue_depth gauge\n" + "".join(f"{one} 3 {at}\n" for one in shards for at in times)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with prometheus(tmp_path_factory.mktemp("large"), samples() + depths()) as url:
        yield backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)


def reader(shop: Backend, most: int) -> PrometheusMetrics:
    return PrometheusMetrics(Prometheus(shop), has_history=True, most_joined=most)


async def answer(metrics: PrometheusMetrics) -> Reading:
    place = scene_of(Sources(metrics=metrics))
    found = await heard_out("query_metrics", partial(query_metrics, scene=place), place)
    assert isinstance(found, Reading)
    return found


def quantile(name: str) -> Meter:
    return meters([f"{name}_bucket"])[f"{name}_p99"]


@pytest.mark.anyio
async def test_a_metric_of_too_many_series_is_read_by_service_at_fewer_moments(shop: Backend) -> None:
    fine, coarse = [
        {(one.service, one.metric): one for one in await reader(shop, most).series(MetricQuery(), HOUR)}
        for most in (MOST_JOINED, BUCKETS - 5)
    ]

    assert coarse.keys() == fine.keys() - {("queue", "queue_depth")}
    assert (fine["payment", P99].times.size, coarse["payment", P99].times.size) == (240, 120)
    assert coarse["payment", "http_request_duration_seconds_mean"].times.size == 240


@pytest.mark.anyio
async def test_its_trouble_is_found_as_it_is_at_every_moment(shop: Backend) -> None:
    with hearing() as heard:
        found = score(await reader(shop, BUCKETS - 5).series(MetricQuery(), HOUR), HOUR)

    moved = {(one.service, one.metric): one for one in found if one.direction == "up"}
    slow = moved["payment", P99]
    assert slow.onset is not None
    assert abs(slow.onset - ONSET) <= timedelta(minutes=2)
    assert set(moved) == {
        ("checkout", "http_requests_error_ratio"),
        ("payment", "http_request_duration_seconds_mean"),
        ("payment", P99),
    }
    assert [one.detail for one in heard.outcomes] == [
        f"name a service or a label to read queue_depth ({SHARDS} series): too many at once"
    ]


@pytest.mark.anyio
async def test_a_metric_asked_for_by_name_is_read_at_fewer_moments_unless_it_is_narrowed(shop: Backend) -> None:
    metrics = reader(shop, SHARDS // 2)

    (whole,) = await metrics.series(MetricQuery(metric="queue_depth"), HOUR)
    (narrowed,) = await metrics.series(MetricQuery(metric="queue_depth", service="queue"), HOUR)
    one_by_one = await metrics.series(MetricQuery(metric="http_requests_total"), HOUR)

    assert (whole.service, whole.times.size) == ("queue", 120)
    assert narrowed.times.size == 240
    assert {one.times.size for one in one_by_one} == {240}


@pytest.mark.anyio
async def test_what_is_left_out_of_the_first_look_is_named_with_its_size_and_what_helps(shop: Backend) -> None:
    reading = await answer(reader(shop, 1))

    (outcome,) = reading.clusters
    assert (reading.status, outcome.asked, outcome.status) == ("partial", "metrics", "partial")
    assert outcome.detail.startswith("name a service or a label to read ")
    assert f"{P99} ({BUCKETS} series)" in outcome.detail
    assert outcome.detail.endswith(": too many at once")
    assert "partial: metrics: name a service" in reading.summary
    assert P99 not in {fact.subject.split(" ")[-1] for fact in reading.facts}


@pytest.mark.anyio
async def test_it_is_named_again_to_who_is_answered_from_memory(shop: Backend) -> None:
    metrics = reader(shop, 1)

    first, again = await answer(metrics), await answer(metrics)

    assert first.clusters == again.clusters != ()


@pytest.mark.anyio
async def test_a_service_s_own_part_of_it_is_read(shop: Backend) -> None:
    with hearing() as heard:
        found = await reader(shop, 1).series(MetricQuery(service="payment"), HOUR)

    assert P99 in {one.metric for one in found}
    assert heard.outcomes == ()


@pytest.mark.anyio
async def test_what_the_backend_refuses_of_a_look_is_named_and_the_rest_is_read(shop: Backend) -> None:
    def but_quantiles(asked: Asked) -> Said:
        if asked.path.endswith("query_range") and "histogram_quantile" in asked.query["query"]:
            return said('{"status": "error", "errorType": "execution", "error": "too many samples"}', status=422)
        with urlopen(f"{shop.url}{asked.path}?{urlencode(asked.query)}") as answer:  # noqa: S310 a loopback address
            return said(answer.read())

    with answering(but_quantiles) as url:
        reading = await answer(reader(replace(shop, url=url), MOST_JOINED))

    (outcome,) = reading.clusters
    assert reading.status == "partial"
    assert outcome.detail.startswith(f"without {P99}: Prometheus cannot run the query: ")
    assert "too many samples" in outcome.detail
    assert {"payment http_request_duration_seconds_mean", "checkout http_requests_error_ratio"} <= {
        fact.subject for fact in reading.facts
    }


def test_sizes_decide_how_many_times_fewer_moments_are_read() -> None:
    moments = 480

    factors = [times_fewer(size, moments) for size in (0, 1, MOST_JOINED, MOST_JOINED + 1, 100_000, 200_000, 1_000_000)]

    assert factors == [1, 1, 1, 3, 4, 8, 40]


def test_what_costs_more_than_the_largest_other_metric_does_is_never_read() -> None:
    meter = quantile("a_seconds")

    for size in range(MOST_JOINED + 1, 1_000_000, 37_501):
        look = looked_at([meter], {meter.stored: size}, 480)
        for _, fewer in look.read:
            assert size * 480 / fewer <= MOST_JOINED * 480 / 2
            assert 480 / fewer >= LEAST_MOMENTS
        assert len(look.read) + len(look.left) == 1


def test_only_the_first_few_large_ones_are_read_and_every_small_one() -> None:
    large = [quantile(f"large_{at}_seconds") for at in range(MOST_LARGE + 2)]
    small = [quantile(f"small_{at}_seconds") for at in range(3)]
    sizes = {meter.stored: 60_000.0 for meter in large}

    look = looked_at([*large, *small], sizes, 480)

    assert [meter for meter, fewer in look.read if fewer > 1] == large[:MOST_LARGE]
    assert [meter for meter, fewer in look.read if fewer == 1] == small
    assert look.left == [(meter, 60_000) for meter in large[MOST_LARGE:]]


def test_a_short_look_at_few_moments_leaves_no_room_for_fewer() -> None:
    meter = quantile("a_seconds")

    young = looked_at([meter], {meter.stored: 60_000.0}, LEAST_MOMENTS)

    assert young.read == [(meter, 1)], "few moments cost little"


def test_names_come_with_their_sizes_and_failures_with_their_reason() -> None:
    look = Look(read=[], left=[(quantile("a_seconds"), 812_000), (quantile("b_seconds"), 90_001)])
    late = SourceFailed("Prometheus", "no whole answer within 20 s", "Ask for less.", is_late=True)

    with hearing() as heard:
        tell_of_the_rest(look, {"z_p99": ToolFault("it loads too many samples"), "c_p99": late})

    assert heard.outcomes == (
        ClusterOutcome(
            cluster="",
            asked="metrics",
            status="partial",
            detail="name a service or a label to read a_seconds_p99 (812,000 series), b_seconds_p99 (90,001 series): "
            "too many at once; without c_p99: no whole answer within 20 s; without z_p99: it loads too many samples",
        ),
    )


def test_when_everything_was_read_nothing_is_told() -> None:
    with hearing() as heard:
        tell_of_the_rest(Look(read=[(quantile("a_seconds"), 1)], left=[]), {})

    assert heard.outcomes == ()

"""A sample that is infinite is told as one: it is no level, and it is not missing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import inf, nan
from pathlib import Path

import numpy as np
import pytest
from tests.fakes.incident import HOUR, START
from tests.fakes.observability import prometheus, victoria_metrics
from tests.fakes.scene import scene_of
from tests.fakes.shop import samples
from tests.tapes.test_round_trip import QUESTION

from rootline.domain.evidence import Reading
from rootline.domain.fact import Infinite, SeriesFact
from rootline.domain.signal import Series, infinite_in, measured
from rootline.domain.window import Window
from rootline.sources.backend import backend
from rootline.sources.bundle import Sources
from rootline.sources.metrics.prometheus import PrometheusMetrics
from rootline.sources.metrics.source import Aggregate, MetricSource, RecordedMetrics
from rootline.sources.prometheus import Prometheus
from rootline.tapes.folder import TapeFolder
from rootline.tapes.recording import Recording
from rootline.tools.infinities import WHY
from rootline.tools.query_metrics import query_metrics
from rootline.tools.scene import Scene

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WINDOW = Window(start=NOON, end=NOON + timedelta(hours=1))


def line(values: list[float], service: str = "cart", metric: str = "depth") -> Series:
    given = np.array(values)
    times = NOON.timestamp() + 60.0 * np.arange(len(values), dtype=np.float64)
    return Series(service=service, metric=metric, times=times, values=measured(given), infinite=infinite_in(given))


def scene(source: MetricSource, window: Window = WINDOW) -> Scene:
    return scene_of(Sources(metrics=source), window)


async def read(*lines: Series) -> Reading:
    return await query_metrics(scene=scene(RecordedMetrics(lines)))


def fact(reading: Reading) -> SeriesFact:
    (one,) = (each for each in reading.facts if isinstance(each, SeriesFact))
    return one


@pytest.mark.anyio
async def test_infinite_samples_are_counted_and_dated_beside_the_level_of_the_others() -> None:
    reading = await read(line([5.0] * 50 + [inf] * 7 + [5.0] * 3))

    assert reading.summary.split("\n")[1:] == [
        "flat at: [0] cart depth 5, +Inf in 7 of 60 samples 12:50:00Z to 12:56:00Z",
        WHY,
    ]
    assert fact(reading).infinite == Infinite(
        value="+Inf", first=NOON + timedelta(minutes=50), last=NOON + timedelta(minutes=56), samples=7, total=60
    )


@pytest.mark.anyio
async def test_a_series_that_is_nothing_but_infinite_is_there() -> None:
    reading = await read(line([-inf] * 60))

    assert reading.status == "ok"
    assert reading.summary.split("\n")[1] == "flat at: [0] cart depth, -Inf in all 60 samples"
    assert (fact(reading).baseline, fact(reading).current, fact(reading).direction) == (None, None, "flat")


@pytest.mark.anyio
async def test_a_series_that_ends_in_infinity_has_not_stopped() -> None:
    reading = await read(line([5.0] * 40 + [inf] * 20), line([5.0] * 40 + [nan] * 20, service="stock"))

    assert "[0] cart 5, +Inf in 20 of 60 samples 12:40:00Z to 12:59:00Z" in reading.summary
    assert "stock 5, no sample since 12:39:00Z" in reading.summary


@pytest.mark.anyio
async def test_a_series_that_begins_in_infinity_had_samples_before() -> None:
    reading = await read(line([inf] * 20 + [5.0] * 40), line([5.0] * 60, service="stock"))

    assert "no sample before" not in reading.summary


@pytest.mark.anyio
async def test_both_infinities_and_a_gap_are_told_apart() -> None:
    reading = await read(line([inf, -inf, nan] + [5.0] * 57))

    assert "+Inf or -Inf in 2 of 59 samples 12:00:00Z to 12:01:00Z" in reading.summary


@pytest.mark.anyio
async def test_what_was_infinite_before_the_window_is_not_told_of_it() -> None:
    late = Window(start=NOON + timedelta(minutes=30), end=NOON + timedelta(hours=1))
    source = RecordedMetrics([line([inf] * 20 + [5.0] * 40)], has_history=True)

    reading = await query_metrics(scene=scene(source, late))

    assert fact(reading).infinite is None
    assert WHY not in reading.summary


@pytest.mark.anyio
async def test_a_series_without_an_infinity_says_nothing_of_it() -> None:
    reading = await read(line([5.0] * 60))

    assert "infinite" not in fact(reading).model_dump()
    assert reading.summary == "1 series, 0 changed\nflat at: [0] cart depth 5"


@pytest.mark.anyio
async def test_an_infinity_is_written_beside_a_change_as_well() -> None:
    values = [5.0 + at % 3 for at in range(30)] + [500.0 + at % 3 for at in range(28)] + [inf] * 2

    reading = await read(line(values))

    assert "[0] cart depth rose" in reading.summary
    assert ", +Inf in 2 of 60 samples 12:58:00Z to 12:59:00Z" in reading.summary


def test_a_tape_keeps_what_is_infinite(tmp_path: Path) -> None:
    kept = line([1.0, inf, nan, -inf])

    TapeFolder(tmp_path).save(Recording(title="t", question=QUESTION, series=(kept,)))
    (found,) = TapeFolder(tmp_path).load().series or ()

    assert (tmp_path / "metrics.csv").read_text().splitlines()[2].endswith(",+Inf")
    np.testing.assert_array_equal(found.values, kept.values)
    assert found.infinite is not None
    assert kept.infinite is not None
    np.testing.assert_array_equal(found.infinite, kept.infinite)


@pytest.fixture(scope="module", params=[prometheus, victoria_metrics])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusMetrics]:
    at = range(round(START.timestamp()) - 3600, round(HOUR.end.timestamp()), 30)
    endless = "".join(f'room_limit{{service="cart"}} +Inf {moment}\n' for moment in at)
    with request.param(tmp_path_factory.mktemp("shop"), f"# TYPE room_limit gauge\n{endless}{samples()}") as url:
        yield PrometheusMetrics(Prometheus(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)), has_history=True)


@pytest.mark.anyio
async def test_a_division_by_zero_is_told_live(shop: PrometheusMetrics) -> None:
    share = "sum(rate(http_requests_total[5m])) / (sum(rate(http_requests_total[5m])) * 0)"

    reading = await query_metrics(promql=share, scene=scene(shop, HOUR))

    assert reading.status == "ok"
    assert ", +Inf in all " in reading.summary
    assert WHY in reading.summary


@pytest.mark.anyio
@pytest.mark.parametrize("aggregate", ["", "max"])
async def test_a_gauge_without_a_limit_is_told_live_where_it_is_asked_for(
    shop: PrometheusMetrics, aggregate: Aggregate
) -> None:
    reading = await query_metrics(metric="room_limit", aggregate=aggregate, scene=scene(shop, HOUR))

    assert "cart room_limit, +Inf in all " in reading.summary


@pytest.mark.anyio
async def test_a_quantile_above_the_highest_bucket_is_that_buckets_bound_and_finite(shop: PrometheusMetrics) -> None:
    above = 'label_replace(vector(0), "le", "1", "", "") or label_replace(vector(9), "le", "+Inf", "", "")'

    reading = await query_metrics(promql=f"histogram_quantile(0.99, {above})", scene=scene(shop, HOUR))

    assert fact(reading).current == 1.0
    assert fact(reading).infinite is None

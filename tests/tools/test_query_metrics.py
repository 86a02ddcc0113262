import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.fakes.scene import scene_of

from rootline.domain.evidence import Reading
from rootline.domain.fact import SeriesFact
from rootline.domain.signal import Series
from rootline.domain.window import Window
from rootline.sources.bundle import Sources
from rootline.sources.metrics.source import RecordedMetrics
from rootline.tools.query_metrics import query_metrics
from rootline.tools.scene import Scene

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOURS = Window(start=START, end=START + timedelta(hours=4))


def line(values: list[float], metric: str) -> Series:
    times = START.timestamp() + 60.0 * np.arange(len(values), dtype=np.float64)
    return Series(service="checkout", metric=metric, times=times, values=np.array(values))


def scene(*lines: Series) -> Scene:
    return scene_of(Sources(metrics=RecordedMetrics(lines)), HOURS)


def noise(seed: int) -> list[float]:
    return [float(value) for value in np.random.default_rng(seed).normal(100, 1, 240)]


def spiking() -> list[float]:
    return [*noise(1)[:200], 150.0, 151.0, 150.0, *noise(2)[:37]]


def facts(reading: Reading) -> list[SeriesFact]:
    return [one for one in reading.facts if isinstance(one, SeriesFact)]


@pytest.mark.anyio
async def test_spikes_are_listed_by_the_detector_that_is_asked_for() -> None:
    reading = await query_metrics(spikes="kde", scene=scene(line(spiking(), "depth"), line(noise(3), "width")))

    assert "spikes by kde:\n[0] " in reading.summary
    assert "15:20:00Z–15:22:00Z to 151" in reading.summary
    spike = max(facts(reading)[0].spikes, key=lambda one: one.samples)
    assert (spike.by, spike.seen_at, spike.samples, spike.furthest) == ("kde", "samples", 3, 151.0)


@pytest.mark.anyio
async def test_a_series_without_spikes_says_so() -> None:
    reading = await query_metrics(spikes="robust", scene=scene(line([5.0] * 240, "depth")))

    assert reading.summary.endswith("no spikes by robust")


@pytest.mark.anyio
async def test_nothing_of_spikes_is_kept_where_nobody_asks() -> None:
    reading = await query_metrics(scene=scene(line(spiking(), "depth")))

    assert "spikes" not in reading.summary
    assert "spikes" not in facts(reading)[0].model_dump()


@pytest.mark.anyio
async def test_a_pattern_that_breaks_is_told_though_its_level_holds() -> None:
    reading = await query_metrics(scene=scene(line([*noise(1)[:120], *[100.0] * 120], "depth")))

    assert "1 changed" in reading.summary
    assert "checkout depth broke its pattern around 100 from 14:0" in reading.summary


@pytest.mark.anyio
async def test_a_raw_counter_is_told_as_its_rate_in_one_unit() -> None:
    counted = [float(value) for value in 600 * np.arange(240)]

    found = await query_metrics(metric="http_requests_total", scene=scene(line(counted, "http_requests_total")))

    assert [fact.unit for fact in found.facts if isinstance(fact, SeriesFact)] == ["1/s"]
    assert "http_requests_total 10 1/s" in found.summary
    assert "/s/s" not in found.summary


@pytest.mark.anyio
async def test_a_series_that_others_are_older_than_is_told_with_its_beginning() -> None:
    old, new = line([4.0] * 240, "failures"), line([math.nan] * 200 + [3.0] * 40, "rejections")

    found = await query_metrics(scene=scene(old, new))
    alone = await query_metrics(scene=scene(line([math.nan] * 200 + [math.inf] + [3.0] * 39, "rejections")))
    all_young = await query_metrics(scene=scene(replace(new, metric="a"), replace(new, metric="b")))

    assert "checkout rejections 3, no sample before 15:20:00Z" in found.summary
    assert "checkout failures 4" in found.summary.split("; ")[0]
    assert "no sample before 15:21:00Z" in alone.summary
    assert "no sample before" not in all_young.summary


@pytest.mark.anyio
async def test_a_series_that_stopped_is_not_told_as_if_it_went_on() -> None:
    gone = line([4.0] * 100, "workers")

    found = await query_metrics(metric="workers", scene=scene(gone))

    assert found.summary.split("\n")[1] == "flat at: [0] checkout workers 4, no sample since 13:39:00Z"

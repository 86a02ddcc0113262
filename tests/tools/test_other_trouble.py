"""Two troubles of one series within the window are both told, each as a fact that can be cited and is checked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.claims.world import stored
from tests.fakes.scene import scene_of

from rootline.claims.build import ended, rose, started
from rootline.claims.checker import Checker
from rootline.domain.evidence import Reading
from rootline.domain.fact import SeriesFact
from rootline.domain.signal import Series
from rootline.domain.window import Window
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Shelf
from rootline.sources.bundle import Sources
from rootline.sources.metrics.source import RecordedMetrics
from rootline.tools.query_metrics import query_metrics

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = Window(start=START, end=START + timedelta(hours=1))
EVERY_S = 15


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def series(*troubles: tuple[float, float, float], seed: int = 1, metric: str = "latency_seconds") -> Series:
    """A series around 100 for two hours, the second of which is judged; a trouble: (from, until, level) in minutes."""
    times = START.timestamp() - 3600 + EVERY_S * np.arange(480, dtype=np.float64)
    values = np.random.default_rng(seed).normal(100, 1, times.size)
    for start, stop, level in troubles:
        inside = (times >= at(start).timestamp()) & (times < at(stop).timestamp())
        values[inside] += level - 100
    return Series(service="checkout", metric=metric, times=times, values=values)


async def read(*lines: Series, limit: int = 10) -> Reading:
    scene = scene_of(Sources(metrics=RecordedMetrics(lines, has_history=True)), HOUR)
    return await query_metrics(limit=limit, scene=scene)


def facts(reading: Reading) -> list[SeriesFact]:
    return [one for one in reading.facts if isinstance(one, SeriesFact)]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("told", "beside"),
    [
        ((40, 60, 130), (10, 20, 180)),
        ((10, 12, 180), (40, 58, 130)),
        ((40, 50, 180), (10, 16, 130)),
        ((30, 60, 180), (5, 12, 140)),
        ((10, 25, 180), (40, 50, 60)),
        ((10, 25, 20), (40, 50, 130)),
    ],
    ids=["now", "short but strong", "before", "before what goes on", "fell afterwards", "rose afterwards"],
)
async def test_what_goes_on_or_else_the_stronger_trouble_is_told_and_the_other_beside_it(
    told: tuple[float, float, float], beside: tuple[float, float, float]
) -> None:
    reading = await read(series(told, beside))

    first, other = facts(reading)
    assert first.subject == other.subject == "checkout latency_seconds"
    for fact, (start, stop, level) in ((first, told), (other, beside)):
        assert fact.onset is not None
        assert abs(fact.onset - at(start)) <= timedelta(seconds=30)
        assert (fact.ended is None) == (stop == 60)
        assert fact.ended is None or abs(fact.ended - at(stop)) <= timedelta(seconds=30)
        assert fact.current == pytest.approx(level, abs=2)
        assert fact.baseline == pytest.approx(100, abs=2)
        assert fact.direction == ("up" if level > 100 else "down")
    assert f"\n[1] also checkout latency_seconds {'rose' if other.direction == 'up' else 'fell'} " in reading.summary
    assert reading.summary.startswith("1 series")


@pytest.mark.anyio
@pytest.mark.promise("both-troubles-are-told")
async def test_claims_about_either_trouble_are_checked_by_its_own_samples() -> None:
    reading = await read(series((10, 20, 180), (40, 60, 130)))
    evidence = stored("E1", reading.facts, HOUR)
    checker = Checker({"E1": evidence})

    for place, (start, level) in enumerate([(40, 130), (10, 180)]):
        rise, beginning = rose(evidence, place), started(evidence, place)
        assert rise is not None
        assert beginning is not None
        assert isinstance(rise.value, tuple)
        assert rise.value[1] == pytest.approx(level, abs=2)
        assert str(beginning.value).startswith(f"2026-03-01T12:{start}:")
        assert [checker.check(one).mark for one in (rise, beginning)] == ["verified", "verified"]
    going_on, over = ended(evidence, 0), ended(evidence, 1)
    assert over is not None
    assert checker.check(over).mark == "verified"
    assert going_on is None


@pytest.mark.anyio
async def test_a_claim_that_takes_one_trouble_for_the_other_is_refused() -> None:
    evidence = stored("E1", (await read(series((10, 20, 180), (40, 60, 130)))).facts, HOUR)
    first, second = (rose(evidence, place) for place in (0, 1))
    assert first is not None
    assert second is not None

    mixed = second.model_copy(update={"value": first.value})

    assert Checker({"E1": evidence}).check(mixed).mark == "contradicted"


@pytest.mark.anyio
@pytest.mark.parametrize(
    "troubles",
    [
        (),
        ((20, 40, 150),),
        ((20, 60, 150),),
        ((20, 40, 150), (40, 60, 125)),
        ((20, 30, 180), (50, 50.4, 130)),
        ((10, 20, 400), (40, 60, 103)),
    ],
    ids=["none", "one that ended", "one that goes on", "one in two steps", "one sample", "within the noise"],
)
async def test_of_one_trouble_nothing_more_is_told(troubles: tuple[tuple[float, float, float], ...]) -> None:
    reading = await read(series(*troubles))

    assert len(reading.facts) == 1
    assert "also" not in reading.summary


@pytest.mark.anyio
@pytest.mark.parametrize("seed", range(8))
async def test_noise_alone_has_no_second_trouble(seed: int) -> None:
    draw = np.random.default_rng(seed)
    calm = [series(metric=f"m{at}", seed=100 * seed + at) for at in range(40)]
    one = [
        series((20, 35, 100 + draw.uniform(10, 80)), metric=f"n{at}", seed=1000 + 100 * seed + at) for at in range(40)
    ]

    reading = await read(*calm, *one)

    assert len(reading.facts) == 80


@pytest.mark.anyio
async def test_places_of_the_others_come_after_all_series_however_many_are_shown() -> None:
    lines = [series((10, 20, 180), (40, 60, 130), metric=f"m{at}", seed=at) for at in range(3)]

    reading = await read(*lines, series(metric="calm", seed=9), limit=2)

    assert [one.metric for one in facts(reading)[:4]].count("calm") == 1
    assert [line[:9] for line in reading.summary.split("\n") if " also " in line] == [
        "[4] also ",
        "[5] also ",
        "[6] also ",
    ]
    assert reading.truncated is not None
    assert (reading.truncated.returned, reading.truncated.total) == (2, 4)


@pytest.mark.anyio
async def test_gaps_and_infinite_samples_are_no_trouble() -> None:
    whole = series((10, 20, 180))
    holed = whole.values.copy()
    holed[300:380] = np.nan
    infinite = np.full(holed.size, np.nan)
    infinite[320] = np.inf

    reading = await read(replace(whole, values=holed, infinite=infinite))

    assert len(reading.facts) == 1


@pytest.mark.anyio
async def test_at_most_ten_others_are_told() -> None:
    reading = await read(*(series((10, 20, 180), (40, 60, 130), metric=f"m{at}", seed=at) for at in range(14)))

    assert (len(reading.facts), reading.summary.count(" also ")) == (24, 10)


@pytest.mark.anyio
async def test_what_is_over_counts_less_unless_the_same_series_is_in_trouble_again() -> None:
    over, again, elsewhere = (10, 20, 180), (40, 60, 140), (35, 60, 200)
    beside = replace(series(elsewhere, seed=5), service="cart")

    alone, twice = [
        Seen(Shelf({"E1": stored("E1", (await read(line, beside)).facts, HOUR)}))
        for line in (series(over), series(over, again))
    ]

    assert alone.was_over("checkout")
    assert not twice.was_over("checkout")

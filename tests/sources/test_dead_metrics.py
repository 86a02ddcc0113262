"""Metrics that a backend names, since it stored them once, and that have no sample in what is read."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.fakes.incident import HOUR, ONSET
from tests.fakes.observability import prometheus, victoria_metrics

from rootline.sources.backend import Backend, backend
from rootline.sources.metrics.golden import MOST
from rootline.sources.metrics.prometheus import PrometheusMetrics
from rootline.sources.metrics.source import MetricQuery
from rootline.sources.prometheus import Prometheus

pytestmark = pytest.mark.anyio
DEAD = [f"http_of_the_old_release_{at:02}_errors" for at in range(3 * MOST + 20)]
ALIVE = [f"ledger_{at}_errors" for at in range(3)]
BETWEEN = "http_for_a_while_errors"
SINCE, EVERY_S = round((HOUR.start - timedelta(hours=1)).timestamp()), 60


def gauge(name: str, start: int, end: int) -> str:
    lines = (f'{name}{{service="web"}} 1 {at}\n' for at in range(start, end, EVERY_S))
    return "".join([f"# TYPE {name} gauge\n", *lines])


def samples(dead: list[str]) -> str:
    """Some metrics of the hour before what is read, in whose block that begins, one of a part of it, others of all."""
    end, onset = round(HOUR.end.timestamp()), round(ONSET.timestamp())
    told = [gauge(name, SINCE - 3600, SINCE - 1800) for name in dead]
    told += [gauge(name, SINCE, end) for name in ("up", *ALIVE)]
    return "".join([*told, gauge(BETWEEN, SINCE + 600, onset)])


@pytest.fixture(scope="module", params=[prometheus, victoria_metrics])
def stored(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Backend]:
    with request.param(tmp_path_factory.mktemp("dead"), samples(DEAD)) as url:
        yield backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)


class Counting(Prometheus):
    """Notes the questions about one moment."""

    def __init__(self, where: Backend) -> None:
        super().__init__(where)
        self.asked: list[str] = []

    async def instant(self, expression: str, at: object) -> list[tuple[dict[str, str], float]]:
        """Note it, and ask."""
        self.asked.append(expression)
        return await super().instant(expression, at)  # type: ignore[arg-type]


async def test_they_leave_their_places_to_what_has_samples(stored: Backend) -> None:
    metrics = PrometheusMetrics(Prometheus(stored), has_history=True)

    found = await metrics.series(MetricQuery(), HOUR)

    assert {one.metric for one in found} == {"up", BETWEEN, *ALIVE}


async def test_that_is_one_question_for_each_choice_and_none_of_what_is_there_at_the_end(stored: Backend) -> None:
    api = Counting(stored)
    metrics = PrometheusMetrics(api, has_history=True)

    await metrics.series(MetricQuery(), HOUR)

    doubted = [one for one in api.asked if "last_over_time" in one]
    assert len(doubted) == 4
    assert not any(name in one for one in doubted for name in ALIVE)

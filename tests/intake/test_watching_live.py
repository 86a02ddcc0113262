"""The watch over a real Prometheus and a real VictoriaMetrics: one service becomes slow and then fails."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from tests.fakes.observability import free_port, prometheus, victoria_metrics

from rootline.intake.watching.opening import open_watch
from rootline.intake.watching.policy_files import shipped_policy
from rootline.intake.watching.watcher import Watcher
from rootline.store.journal import MemoryJournal
from rootline.store.watchbook import MemoryWatchbook

pytestmark = pytest.mark.anyio

START = int(datetime(2026, 3, 2, 6, 0, tzinfo=UTC).timestamp())
SCRAPE_S, MINUTES, SLOW_FROM = 15, 180, 150
BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
SERVICES = ("web", "cart", "stock")


def latencies(service: str, minute: float, dice: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Durations of one scrape interval's requests."""
    slow = 6.0 if service == "cart" and minute >= SLOW_FROM else 1.0
    return slow * dice.lognormal(-2.2, 0.4, size=300)


def samples() -> str:
    """OpenMetrics text: a histogram and a counter by status for each service, scraped every 15 s."""
    dice, lines = np.random.default_rng(5), []
    counts: Mapping[str, list[float]] = {service: [0.0] * (len(BUCKETS) + 2) for service in SERVICES}
    rows: dict[str, list[str]] = {"http_request_duration_seconds": [], "http_requests": []}
    for service in SERVICES:
        for at in range(START, START + 60 * MINUTES, SCRAPE_S):
            took = latencies(service, (at - START) / 60, dice)
            held = counts[service]
            for place, bound in enumerate(BUCKETS):
                held[place] += float((took <= bound).sum())
            held[-2] += took.size
            held[-1] += float(took.sum())
            name = "http_request_duration_seconds"
            rows[name] += [
                *(
                    f'{name}_bucket{{service="{service}",le="{bound}"}} {count} {at}'
                    for bound, count in zip((*BUCKETS, "+Inf"), held[:-1], strict=True)
                ),
                f'{name}_count{{service="{service}"}} {held[-2]} {at}',
                f'{name}_sum{{service="{service}"}} {held[-1]} {at}',
            ]
            rows["http_requests"].append(f'http_requests_total{{service="{service}",code="200"}} {held[-2]} {at}')
    for name, kind in (("http_request_duration_seconds", "histogram"), ("http_requests", "counter")):
        lines += [f"# TYPE {name} {kind}", *rows[name]]
    return "\n".join(lines) + "\n"


def watch_of(url: str, journal: MemoryJournal) -> Watcher:
    return open_watch(
        {"ROOTLINE_PROMETHEUS_URL": url},
        journal=journal,
        book=MemoryWatchbook(),
        clean=str,
        policy=shipped_policy(),
        interval=timedelta(minutes=1),
    )


class _Starts(Protocol):
    def __call__(self, folder: Path, text: str) -> AbstractContextManager[str]: ...


@pytest.fixture(scope="module", params=[prometheus, victoria_metrics], ids=["prometheus", "victoria-metrics"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    start: _Starts = request.param
    with start(tmp_path_factory.mktemp("watched"), samples()) as address:
        yield address


async def test_a_service_that_became_slow_opens_an_incident_by_itself(url: str) -> None:
    journal = MemoryJournal()
    watcher = watch_of(url, journal)
    first = datetime.fromtimestamp(START + 60 * (SLOW_FROM - 10), UTC)

    rounds = [await watcher.evaluate(first + timedelta(minutes=minute)) for minute in range(20)]

    opened = [(one.slot, gated) for one in rounds if one for gated in one.gated if gated.action == "opened"]
    assert [one.failures for one in rounds if one and one.failures] == []
    assert [gated.service for _, gated in opened] == ["cart"]
    assert timedelta(0) < opened[0][0] - datetime.fromtimestamp(START + 60 * SLOW_FROM, UTC) <= timedelta(minutes=3)
    assert [(one.service, one.state) for one in await journal.incidents()] == [("cart", "detected")]


async def test_a_server_that_is_away_is_a_failure_of_the_round_and_no_crash() -> None:
    watcher = watch_of(f"http://127.0.0.1:{free_port()}", MemoryJournal())

    one = await watcher.evaluate(datetime.fromtimestamp(START + 3600, UTC))

    assert one is not None
    assert one.failures[0].startswith("prometheus: ")
    assert one.gated == ()

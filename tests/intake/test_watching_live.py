"""The watch over a real Prometheus and a real VictoriaMetrics: one service becomes slow and then fails."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from tests.fakes.observability import free_port, prometheus, victoria_metrics
from tests.fakes.watched_shop import SLOW_FROM, START, watched_samples

from rootline.intake.watching.opening import open_watches
from rootline.intake.watching.policy_files import shipped_policy
from rootline.intake.watching.watcher import Watcher
from rootline.sources.stack import Given, stack
from rootline.store.intake import MemoryIntake
from rootline.store.journal import MemoryJournal
from rootline.store.watchbook import MemoryWatchbook

pytestmark = pytest.mark.anyio


def watch_of(url: str, journal: MemoryJournal) -> Watcher:
    variables = {"ROOTLINE_PROMETHEUS_URL": url}
    (one,) = open_watches(
        [stack(Given(variables=variables))],
        variables=variables,
        journal=journal,
        intake=MemoryIntake(journal),
        book=MemoryWatchbook(),
        clean=str,
        policy=shipped_policy(),
        interval=timedelta(minutes=1),
    )
    return one


class _Starts(Protocol):
    def __call__(self, folder: Path, text: str) -> AbstractContextManager[str]: ...


@pytest.fixture(scope="module", params=[prometheus, victoria_metrics], ids=["prometheus", "victoria-metrics"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    start: _Starts = request.param
    with start(tmp_path_factory.mktemp("watched"), watched_samples()) as address:
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

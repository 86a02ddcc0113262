"""The watch of several clusters: each has its own rounds, and a dead one is no other's business."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, aclosing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from tests.analysis.detection.days import changed, shop
from tests.fakes.fleet import hanging
from tests.fakes.observability import free_port, prometheus
from tests.fakes.watched_shop import SLOW_FROM, START, watched_samples

from rootline.analysis.detection.gating import Exempt
from rootline.domain.anomaly import WatchRound
from rootline.domain.incident import Incident, Transition
from rootline.domain.window import Window
from rootline.errors import Misconfigured, RootlineError
from rootline.intake.grouping import Mark, grouped
from rootline.intake.maintenance import Calendar
from rootline.intake.watching.exempting import exempt_by
from rootline.intake.watching.history import MOST_SERIES
from rootline.intake.watching.opening import open_watches
from rootline.intake.watching.policy_files import shipped_policy
from rootline.intake.watching.schedule import once, rounds_of
from rootline.intake.watching.slots import slot_of
from rootline.intake.watching.watcher import Watcher
from rootline.sources.backend import backend
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.guard import Watch
from rootline.sources.metrics.source import MetricSource, RecordedMetrics
from rootline.sources.stack import Named, Stack
from rootline.store.intake import MemoryIntake
from rootline.store.journal import MemoryJournal
from rootline.store.watchbook import MemoryWatchbook

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)
BOTH = frozenset({"eu-1", "us-1"})
DEADLINE_S = 2.0
SLOW = changed(shop(), "service-1", "http_latency_p99", slice(300, 310), 8)
DAY = 1_700_000_000.0


def at(minute: int) -> datetime:
    return slot_of(datetime.fromtimestamp(DAY + 60 * (minute + 1), UTC), MINUTE)


def cluster(name: str, url: str) -> Stack:
    where = backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)
    return Stack(cluster=name, backends=(Named(name="prometheus", kind="prometheus", backend=where),))


def watches(journal: MemoryJournal, *stacks: Stack) -> tuple[Watcher, ...]:
    return open_watches(
        stacks,
        variables={},
        journal=journal,
        intake=MemoryIntake(journal),
        book=MemoryWatchbook(),
        clean=str,
        policy=shipped_policy(),
        interval=MINUTE,
        watch=Watch(deadline_s=DEADLINE_S),
    )


def recorded(
    name: str,
    journal: MemoryJournal,
    metrics: MetricSource | None = None,
    told: Callable[[Incident], frozenset[str]] = lambda _: frozenset(),
) -> Watcher:
    async def said(one: Incident) -> frozenset[str]:
        return told(one)

    return Watcher(
        metrics=metrics or RecordedMetrics(SLOW),
        journal=journal,
        book=MemoryWatchbook(),
        policy=shipped_policy(),
        cluster=name,
        clusters=BOTH,
        told=said,
    )


async def watched(one: Watcher, minutes: range) -> list[WatchRound]:
    rounds = [await one.evaluate(at(minute)) for minute in minutes]
    return [one for one in rounds if one is not None]


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Two real Prometheus of the same services: cart becomes slow in eu-1, stock in us-1."""
    with ExitStack() as servers:
        yield {
            name: servers.enter_context(prometheus(tmp_path_factory.mktemp(name), watched_samples(slow)))
            for name, slow in (("eu-1", "cart"), ("us-1", "stock"))
        }


@pytest.mark.promise("watch-of-several-clusters")
async def test_each_cluster_opens_its_own_incident_and_a_dead_one_delays_none(urls: dict[str, str]) -> None:
    journal = MemoryJournal()
    first = datetime.fromtimestamp(START + 60 * (SLOW_FROM - 8), UTC)
    with hanging() as stuck:
        every = watches(
            journal,
            *(cluster(name, url) for name, url in urls.items()),
            cluster("gone", f"http://127.0.0.1:{free_port()}"),
            cluster("stuck", stuck),
        )
        rounds: dict[str, list[WatchRound]] = {}
        for minute in range(16):
            for one in await once(every, first + timedelta(minutes=minute)):
                rounds.setdefault(one.cluster, []).append(one)

    opened = {(one.service, one.state) for one in await journal.incidents()}
    assert opened == {("eu-1/cart", "detected"), ("us-1/stock", "detected")}
    assert all(one.title.startswith(("eu-1/cart: ", "us-1/stock: ")) for one in await journal.incidents())
    assert {name: len(found) for name, found in rounds.items()} == dict.fromkeys(("eu-1", "us-1", "gone", "stuck"), 16)
    assert not [one.failures for name in ("eu-1", "us-1") for one in rounds[name] if one.failures]
    assert "no answer within 2 s" in rounds["stuck"][0].failures[0]
    assert "nothing accepts connections there" in rounds["gone"][0].failures[0]
    assert "left alone" in rounds["stuck"][-1].failures[0]


class Held:
    """Metrics that do not answer before they are let go."""

    name = "prometheus"
    runs_promql = False

    def __init__(self) -> None:
        self.let_go = asyncio.Event()

    async def series(self, *_: object) -> Sequence[object]:
        await self.let_go.wait()
        raise SourceFailed("prometheus", "it did not answer", "Is it up?")

    async def names(self, _: str) -> Sequence[tuple[str, str]]:
        return ()


async def test_rounds_come_as_they_are_done_while_another_cluster_hangs() -> None:
    journal, held = MemoryJournal(), Held()
    slots = count(299)
    now = [at(298)]

    async def sleep(_: float) -> None:
        now[0] = at(next(slots)) + timedelta(seconds=5)
        await asyncio.sleep(0)

    every = [recorded("eu-1", journal), recorded("us-1", journal, held)]  # type: ignore[arg-type]
    done: list[str] = []
    async with aclosing(rounds_of(every, lambda: now[0], sleep)) as due:
        async for some in due:
            done += [one.cluster for one in some]
            if len(done) == 6:
                held.let_go.set()
            if "us-1" in done:
                break

    assert done[:6] == ["eu-1"] * 6
    assert [one.service for one in await journal.incidents()] == ["eu-1/service-1"]


class Broken:
    """A watchbook that is no database of ours."""

    async def last_round(self, _: str) -> None:
        raise RootlineError("the database is of a newer version")


async def test_a_watch_that_cannot_go_on_ends_alone_and_the_last_one_says_why() -> None:
    journal = MemoryJournal()
    good, bad = recorded("eu-1", journal), recorded("us-1", journal)
    bad.book = Broken()  # type: ignore[assignment]

    async def nap(_: float) -> None:
        await asyncio.sleep(0)

    async with aclosing(rounds_of([good, bad], lambda: at(300), nap)) as due:
        assert [one.cluster for one in await anext(due)] == ["eu-1"]
    with pytest.raises(RootlineError, match="newer version"):
        async with aclosing(rounds_of([bad], lambda: at(300), nap)) as due:
            await anext(due)


def incident(service: str, minute: int) -> tuple[Incident, Transition]:
    one = Incident(
        id=UUID(int=7),
        title="Slow",
        severity="high",
        state="detected",
        service=service,
        window=Window(start=at(minute - 1), end=at(minute)),
        opened_at=at(minute),
    )
    return one, Transition(incident=one.id, before=None, after="detected", at=at(minute), actor="alertmanager")


@pytest.mark.parametrize(
    ("service", "told", "is_joined"),
    [
        ("eu-1/service-1", "", True),
        ("us-1/service-1", "", False),
        ("service-1", "", True),
        ("service-1", "eu-1", True),
        ("service-1", "us-1", False),
        ("gateway", "us-1", False),
    ],
)
async def test_an_incident_of_another_cluster_is_never_joined(service: str, told: str, *, is_joined: bool) -> None:
    journal = MemoryJournal()
    await journal.open_incident(*incident(service, 298))

    await watched(recorded("eu-1", journal, told=lambda _: frozenset({told} - {""})), range(295, 315))

    assert (len(await journal.incidents()) == 1) is is_joined


def test_an_alert_joins_what_the_watch_of_its_cluster_opened_and_of_no_other() -> None:
    owner = UUID(int=7)
    opened = Mark(at_s=0, fingerprint="a", service="eu-1/cart", owner=owner, is_anywhere=True)

    def owners(cluster: str) -> list[tuple[UUID, ...]]:
        alert = Mark(at_s=60, fingerprint="b", service="cart", cluster=cluster)
        return [one.owners for one in grouped([opened, alert])]

    assert owners("eu-1") == [(owner,)]
    assert owners("eu-1/production") == [(owner,)]
    assert owners("us-1") == [(owner,), ()]
    assert owners("") == [(owner,), ()]


def test_planned_work_that_names_a_cluster_is_of_that_cluster(tmp_path: Path) -> None:
    file = tmp_path / "rootline.yaml"
    file.write_text(
        "maintenance:\n- {name: move, services: [eu-1/cart, stock, shop/web], "
        "start: 2023-11-14T00:00:00Z, end: 2023-11-16T00:00:00Z}\n"
    )
    calendar = Calendar.of({"ROOTLINE_CONFIG": str(file)})

    def patterns(name: str, clusters: frozenset[str] = BOTH) -> list[str]:
        found: Sequence[Exempt] = exempt_by(calendar, name, clusters)(at(0))
        return [one.service for one in found]

    assert patterns("eu-1") == ["cart", "stock", "shop/web"]
    assert patterns("us-1") == ["stock", "shop/web"]
    assert patterns("live", frozenset()) == ["eu-1/cart", "stock", "shop/web"]


def test_what_is_remembered_is_shared_between_the_clusters() -> None:
    many = watches(MemoryJournal(), *(cluster(f"c-{at}", "http://127.0.0.1:1") for at in range(10)))

    assert {one._history.most for one in many} == {MOST_SERIES // 10}  # noqa: SLF001 nothing else shows it


def test_a_cluster_without_metrics_is_told_and_the_others_are_watched(caplog: pytest.LogCaptureFixture) -> None:
    found = watches(MemoryJournal(), cluster("eu-1", "http://127.0.0.1:1"), Stack(cluster="us-1"))

    assert [one.cluster for one in found] == ["eu-1"]
    assert "cluster us-1 is not watched: it has no Prometheus" in caplog.text
    with pytest.raises(Misconfigured, match="no metrics to watch"):
        watches(MemoryJournal(), Stack(cluster="us-1"))


async def test_a_single_cluster_names_no_cluster() -> None:
    journal = MemoryJournal()
    one = recorded("eu-1", journal)
    alone = Watcher(
        metrics=one.metrics, journal=journal, book=MemoryWatchbook(), policy=shipped_policy(), cluster="eu-1"
    )

    await watched(alone, range(295, 305))

    assert [found.service for found in await journal.incidents()] == ["service-1"]

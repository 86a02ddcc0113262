"""Watches go on after whatever may happen to them, and what changed meanwhile is told with the value before."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from queue import Queue

import pytest
from tests.fakes.kube_api import KubeApi, served
from tests.fakes.kube_shop import NOW, SPACE, config_map, deployment

from rootline.domain.change import ChangeSet, ConfigChange
from rootline.domain.window import Window
from rootline.live import live_ground, usual, watching_live
from rootline.opening import memory_desk
from rootline.settings import Settings, read_settings
from rootline.sources.changes.source import ChangeQuery
from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.connection import Connection
from rootline.sources.kubernetes.observing import SETTINGS, WORKLOADS, Observer
from rootline.sources.kubernetes.opening import kubernetes
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.kubernetes.upkeep import Upkeep
from rootline.sources.kubernetes.watching import Pauses, Watch
from rootline.sources.stack import Stack
from rootline.sources.watched import running, watched

SOON = Pauses(first_s=0.01, longest_s=0.05, refused_s=0.02)
KINDS = len(WORKLOADS) + len(SETTINGS)
News = Queue[ChangeSet]


@pytest.fixture
def api() -> Iterator[KubeApi]:
    with served(KubeApi([config_map("cart-config", LOG_LEVEL="info"), deployment("cart", wanted=3)])) as one:
        yield one


@asynccontextmanager
async def watching(api: KubeApi, folder: Path, news: News) -> AsyncIterator[None]:
    connection = Connection(Access(kubeconfig=api.kubeconfig(folder)))
    observer = Observer(Seal(b"test"), tell=news.put)
    watch = Watch(connection, observer, clock=lambda: NOW, namespace=SPACE, pauses=SOON, randomness=lambda: 0.0)
    async with running([watch.run]):
        await until(lambda: watches(api) >= KINDS)
        yield


def watches(api: KubeApi) -> int:
    return sum("watch=true" in path for path in api.asked)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 a server in other threads cannot set an event of this loop
            await asyncio.sleep(0.005)


async def next_of(news: News) -> ChangeSet:
    return await asyncio.to_thread(news.get, timeout=20)


def level(changes: ChangeSet) -> list[tuple[str, str, str]]:
    return [(one.key, one.before, one.after) for one in changes.configs]


async def switched(api: KubeApi, news: News, value: str) -> list[tuple[str, str, str]]:
    api.put(config_map("cart-config", LOG_LEVEL=value))
    return level(await next_of(news))


@pytest.mark.anyio
async def test_a_watch_whose_revision_expired_begins_anew_and_tells_what_changed_meanwhile(
    api: KubeApi, tmp_path: Path
) -> None:
    news: News = Queue()
    async with watching(api, tmp_path, news):
        assert await switched(api, news, "debug") == [("configmap/cart-config LOG_LEVEL", "info", "debug")]
        api.put(deployment("cart", wanted=3))
        api.forget()
        found = await switched(api, news, "trace")

    assert found == [("configmap/cart-config LOG_LEVEL", "debug", "trace")]
    assert watches(api) > KINDS


@pytest.mark.anyio
async def test_what_may_be_watched_only_later_is_watched_then(api: KubeApi, tmp_path: Path) -> None:
    news: News = Queue()
    api.forbidden = {("watch", "configmaps")}
    async with watching(api, tmp_path, news):
        api.forbidden = set()
        before = watches(api)
        await until(lambda: watches(api) > before)
        await until(lambda: any("configmaps" in path for path in api.asked[-2:]))
        api.put(config_map("cart-config", LOG_LEVEL="debug"))
        api.put(config_map("cart-config", LOG_LEVEL="trace"))
        found = level(await next_of(news))

    assert found[0][2] in {"debug", "trace"}


@pytest.mark.anyio
async def test_what_was_deleted_is_a_change(api: KubeApi, tmp_path: Path) -> None:
    news: News = Queue()
    async with watching(api, tmp_path, news):
        await switched(api, news, "debug")
        api.remove(config_map("cart-config"))
        found = await next_of(news)

    assert found.configs == (
        ConfigChange(key="configmap/cart-config", service="cart-config", at=NOW, before="there", after="deleted"),
    )


@pytest.mark.anyio
async def test_a_kind_that_may_not_be_watched_is_told_and_that_it_may_again(api: KubeApi, tmp_path: Path) -> None:
    told: Queue[str] = Queue()
    api.forbidden = {("watch", "secrets")}
    connection = Connection(Access(kubeconfig=api.kubeconfig(tmp_path)))
    watch = Watch(connection, Observer(Seal(b"test")), clock=lambda: NOW, pauses=SOON, randomness=lambda: 0.0)
    watch.listen(told.put)

    async with running([watch.run]):
        refused = await asyncio.to_thread(told.get, timeout=20)
        api.forbidden = set()
        await until(lambda: "" in told.queue)

    assert "secrets" in refused


def test_a_watch_is_well_only_when_every_kind_is_watched() -> None:
    told: list[str] = []
    upkeep = Upkeep(("pods", "nodes"), told.append)

    upkeep.works("pods")
    upkeep.fails("nodes", "403")
    upkeep.works("pods")
    upkeep.works("nodes")
    upkeep.works("pods")

    assert told == ["403", "", ""]


def test_pauses_grow_to_a_bound_and_are_spread() -> None:
    pauses = Pauses(first_s=1, longest_s=60)

    assert [pauses.after(failures, 0.0) for failures in (0, 1, 2, 5, 6, 10_000)] == [1, 2, 4, 32, 60, 60]
    assert [pauses.after(3, random) for random in (0.0, 0.5, 1.0)] == [8, 6, 4]


@pytest.mark.anyio
async def test_within_one_process_the_watch_lets_changes_know_what_stood_there_before(
    api: KubeApi, tmp_path: Path
) -> None:
    access = Access(kubeconfig=api.kubeconfig(tmp_path), namespace=SPACE)
    hour = Window.model_validate({"start": "2026-11-22T09:00:00Z", "end": "2100-01-01T00:00:00Z"})

    async def known() -> list[Stack]:
        return [Stack(kubernetes=access), Stack(kubernetes=access), Stack()]

    async with watched(known):
        await until(lambda: watches(api) >= KINDS)
        source = kubernetes(access).changes
        await until(lambda: len(source.observer.known) >= 2)
        api.put(config_map("cart-config", LOG_LEVEL="debug"))
        await until(lambda: bool(source.observer.seen()))
        found = await source.changes(ChangeQuery(), hour)

    assert ("configmap/cart-config LOG_LEVEL", "info", "debug") in level(found)
    assert watches(api) == KINDS


def settings(tmp_path: Path, **given: str) -> Settings:
    return read_settings({"HOME": str(tmp_path), **{f"ROOTLINE_{name}": value for name, value in given.items()}})


@pytest.mark.anyio
async def test_a_server_watches_what_is_configured_and_stops_with_its_end(api: KubeApi, tmp_path: Path) -> None:
    file = api.kubeconfig(tmp_path)
    async with watching_live(memory_desk(settings(tmp_path, KUBECONFIG=str(file), KUBE_NAMESPACE=SPACE))):
        await until(lambda: watches(api) >= KINDS)
    asked = watches(api)
    api.forget()
    await asyncio.sleep(0)

    assert watches(api) == asked
    assert {path.partition("?")[0].split("/")[-2] for path in api.asked} == {SPACE}


@pytest.mark.anyio
async def test_a_kubeconfig_that_cannot_be_used_stops_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "kubeconfig"
    file.write_text("clusters: 5")

    async with watching_live(memory_desk(settings(tmp_path, KUBECONFIG=str(file)))):
        await until(lambda: bool(caplog.messages))

    assert "Nothing is watched any more" in caplog.messages[0]


def test_a_live_question_is_about_the_namespace_that_is_configured(tmp_path: Path) -> None:
    given = settings(tmp_path, PROMETHEUS_URL="http://127.0.0.1:1", KUBE_NAMESPACE=SPACE)

    recording = usual(memory_desk(given), live_ground(given))

    assert recording.question.namespace == SPACE

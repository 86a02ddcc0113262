"""Kubernetes of every registered cluster is watched: what changes there is a change that names its cluster."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from tests.fakes.fleet import hanging
from tests.fakes.kube_api import KubeApi, served
from tests.fakes.kube_shop import NOW, SPACE, config_map, deployment
from tests.fakes.observability import free_port

from rootline.cli.source import configured
from rootline.desk import Desk
from rootline.domain.fleet import Cluster, SourceHealth
from rootline.domain.window import Window
from rootline.intake.as_sources import ToldChanges
from rootline.intake.upkeep import noted
from rootline.live import Choice, chosen_ground, watching_live
from rootline.opening import memory_desk
from rootline.settings import read_settings
from rootline.sources.changes.source import ChangeQuery
from rootline.sources.fleet.registered import stack_of
from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.observing import SETTINGS, WORKLOADS, Observer
from rootline.sources.kubernetes.opening import kubernetes
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.stack import Given, Stack
from rootline.sources.watched import watched

pytestmark = pytest.mark.anyio
KINDS = len(WORKLOADS) + len(SETTINGS)
HOUR = Window.model_validate({"start": "2026-11-22T09:00:00Z", "end": "2100-01-01T00:00:00Z"})


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 a server in other threads cannot set an event of this loop
            await asyncio.sleep(0.01)


async def until_stored(desk: Desk) -> None:
    async with asyncio.timeout(60):
        while len(await desk.intake.changes(HOUR)) < 2:  # noqa: ASYNC110 what is stored is told to nobody
            await asyncio.sleep(0.01)


@contextmanager
def apis(**levels: str) -> Iterator[dict[str, KubeApi]]:
    with ExitStack() as servers:
        yield {
            name: servers.enter_context(
                served(KubeApi([config_map("cart-config", LOG_LEVEL=level), deployment("cart", wanted=3)]))
            )
            for name, level in levels.items()
        }


def registered(name: str, api: KubeApi, folder: Path) -> Cluster:
    inside = folder / name
    inside.mkdir()
    return Cluster(name=name, kubeconfig=str(api.kubeconfig(inside)), created_at=NOW)


def away(name: str, url: str, folder: Path) -> Cluster:
    dead = KubeApi()
    dead.url = url
    return registered(name, dead, folder)


def desk_of(folder: Path) -> Desk:
    return memory_desk(read_settings({"HOME": str(folder), "ROOTLINE_KUBE_NAMESPACE": SPACE}))


def memory_of(one: Cluster) -> Observer:
    access = Access(kubeconfig=Path(one.kubeconfig), namespace=SPACE)
    return kubernetes(access).changes.observer


@pytest.mark.promise("fleet-changes-are-watched")
async def test_changes_of_every_registered_cluster_are_known_with_the_value_before_and_dead_ones_delay_none(
    tmp_path: Path,
) -> None:
    desk = desk_of(tmp_path)
    with apis(east="info", west="warn") as live, hanging() as stuck:
        clusters = [
            away("gone-1", f"http://127.0.0.1:{free_port()}", tmp_path),
            away("stuck-1", stuck, tmp_path),
            *(registered(f"{name}-1", api, tmp_path) for name, api in live.items()),
        ]
        for one in clusters:
            await desk.fleet.add(one, [])
        async with watching_live(desk):
            east, west = (memory_of(one) for one in clusters[2:])
            await until(lambda: len(east.known) >= 2 and len(west.known) >= 2)
            live["east"].put(config_map("cart-config", LOG_LEVEL="debug"))
            changed = deployment("cart", wanted=3)
            changed["spec"]["template"]["spec"]["containers"][0]["image"] = "registry.example/cart:2.0"
            live["west"].put(changed)
            await until(lambda: bool(east.seen()) and bool(west.seen()))
            ground = await chosen_ground(desk, Choice(names=("all",), deadline_s=4.0))
            assert ground.sources.changes is not None
            found = await ground.sources.changes.changes(ChangeQuery(), HOUR)
            again = await desk.told(ground)
            assert again.sources.changes is not None
            joined = await again.sources.changes.changes(ChangeQuery(), HOUR)
            await until_stored(desk)
        stored = await ToldChanges(desk.intake, frozenset(one.name for one in clusters)).changes(ChangeQuery(), HOUR)

    told = {(one.service, one.key, one.before, one.after) for one in found.configs}
    assert ("east-1/cart-config", "configmap/cart-config LOG_LEVEL", "info", "debug") in told
    rolled = [(one.service, one.version) for one in found.deployments]
    assert ("west-1/cart", "registry.example/cart:2.0") in rolled
    assert not [service for service, _ in rolled if service.startswith("east-1/")]
    assert [(one.service, one.key, one.before, one.after) for one in stored.configs if one.service[:4] == "east"] == [
        ("east-1/cart-config", "configmap/cart-config LOG_LEVEL", "info", "debug")
    ]
    assert ("west-1/cart", "registry.example/cart:2.0") in [(one.service, one.version) for one in stored.deployments]
    assert len(joined.configs) == len(found.configs)
    assert len(joined.deployments) == len(found.deployments)


async def test_a_cluster_that_is_registered_later_is_watched_and_one_that_is_gone_no_more(tmp_path: Path) -> None:
    with apis(east="info", west="warn") as live:
        accesses = {
            name: Access(kubeconfig=Path(registered(f"{name}-1", api, tmp_path).kubeconfig), namespace=SPACE)
            for name, api in live.items()
        }
        stacks = [Stack(cluster="east-1", kubernetes=accesses["east"])]

        async def known() -> list[Stack]:
            return stacks

        async with watched(known, again_s=0.02):
            await until(lambda: len(kubernetes(accesses["east"]).changes.observer.known) >= 2)
            stacks[:] = [Stack(cluster="west-1", kubernetes=accesses["west"])]
            west = kubernetes(accesses["west"]).changes.observer
            await until(lambda: len(west.known) >= 2)
            live["east"].put(config_map("cart-config", LOG_LEVEL="debug"))
            live["west"].put(config_map("cart-config", LOG_LEVEL="debug"))
            await until(lambda: bool(west.seen()))

        assert not kubernetes(accesses["east"]).changes.observer.seen()


async def test_a_registered_cluster_whose_kubeconfig_is_gone_hinders_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk = desk_of(tmp_path)
    with apis(east="info") as live:
        lost = registered("lost-1", live["east"], tmp_path)
        Path(lost.kubeconfig).unlink()
        east = registered("east-1", live["east"], tmp_path)
        for one in (lost, east):
            await desk.fleet.add(one, [])

        async with watching_live(desk):
            await until(lambda: len(memory_of(east).known) >= 2)

    assert any("cluster lost-1 is not watched" in one for one in caplog.messages)


async def rows_until(desk: Desk, holds: Callable[[dict[str, SourceHealth]], bool]) -> dict[str, SourceHealth]:
    async with asyncio.timeout(60):
        while True:
            rows = {one.cluster: one for one in await desk.fleet.health() if one.source == "kubernetes-watch"}
            if holds(rows):
                return rows
            await asyncio.sleep(0.05)


async def test_a_watch_has_a_row_of_health_that_names_its_trouble(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    with apis(east="info", west="info") as live:
        live["east"].forbidden = {("watch", "secrets")}
        gone = away("gone-1", f"http://127.0.0.1:{free_port()}", tmp_path)
        east, west = (registered(f"{name}-1", api, tmp_path) for name, api in live.items())
        unread = registered("unread-1", live["east"], tmp_path)
        Path(unread.kubeconfig).write_text("clusters: {")
        for one in (gone, unread, east, west):
            await desk.fleet.add(one, [])

        async with (
            noted(desk.note, desk.clock, every_s=0.05) as stood,
            watched(lambda: _stacks(desk), again_s=0.1, stood=stood),
        ):
            await until(lambda: len(memory_of(west).known) >= 2)
            rows = await rows_until(desk, lambda rows: {*rows} >= {"gone-1", "unread-1", "east-1", "west-1"})

            assert rows["west-1"].is_well
            assert not rows["east-1"].is_well
            assert "secrets" in rows["east-1"].last_error
            assert "watch" in rows["east-1"].last_error
            assert rows["gone-1"].last_success is None
            assert "kubeconfig" in rows["unread-1"].last_error
            again = await rows_until(desk, lambda rows: rows["gone-1"].failures > 1)
            assert again["gone-1"].last_failure is not None

    shown = [(one.cluster, one.source) for one in await configured(desk)]
    assert ("east-1", "kubernetes-watch") in shown


async def _stacks(desk: Desk) -> list[Stack]:
    given = Given(variables=desk.settings.environment)
    return [stack_of(one, {}, given) for one in await desk.fleet.clusters()]


def test_what_was_watched_is_known_to_whoever_asks_with_another_deadline(tmp_path: Path) -> None:
    one, other = (kubernetes(Access(kubeconfig=tmp_path / "a", deadline_s=deadline)) for deadline in (20.0, 6.0))

    assert one.changes.observer is other.changes.observer


def test_the_room_for_what_is_remembered_is_shared_between_the_clusters() -> None:
    observer = Observer(Seal(b"test"))
    observer.is_one_of(64)
    wide = config_map("big")
    wide["data"] = {f"KEY_{at}": "x" * 200 for at in range(4_000)}

    observer.see("configmaps", "ADDED", Raw(wide), NOW)
    observer.see("configmaps", "ADDED", Raw(config_map("small", A="b")), NOW)

    assert {name for _, _, name in observer.known} == {"small"}

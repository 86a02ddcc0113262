"""Rollouts and settings of a cluster become changes with what stood there before, where it is no secret."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.kube_api import KubeApi, served
from tests.fakes.kube_shop import NOW, SPACE, ago, config_map, deployment, replica_set, secret, template

from rootline.domain.change import ChangeSet
from rootline.domain.window import Window
from rootline.sources.changes.source import ChangeQuery, RecordedChanges
from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.changes import KubernetesChanges
from rootline.sources.kubernetes.connection import Connection
from rootline.sources.kubernetes.endpoints import led
from rootline.sources.kubernetes.observing import Observer
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.rollouts import of_controller_revision, of_replica_set, rollouts
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.kubernetes.settings_history import written
from rootline.sources.kubernetes.templates import differences
from rootline.sources.kubernetes.watching import Watch

HOUR = Window.model_validate({"start": "2026-11-22T09:00:00Z", "end": NOW})
EVERYTHING = ChangeQuery()
CONFIG: dict[str, Any] = {"envFrom": [{"configMapRef": {"name": "cart-config"}}]}
OLD = template("cart", image="registry.example/cart:9f3c2ab", **CONFIG)
NEW = template(
    "cart",
    image="registry.example/cart:41d77e0",
    **CONFIG,
    env=[{"name": "POOL_SIZE", "value": "2"}, {"name": "DB_PASSWORD", "value": "hunter2-in-the-open"}],
)


def at(moment: str) -> dict[str, Any]:
    return {"creationTimestamp": moment}


def set_at(moment: str, *keys: str, manager: str = "kubectl-edit") -> dict[str, Any]:
    return {
        "manager": manager,
        "operation": "Update",
        "time": moment,
        "fieldsV1": {"f:data": {f"f:{key}": {} for key in keys}},
    }


def cart(number: int, held: dict[str, Any], born: str, **notes: str) -> dict[str, Any]:
    one = replica_set("cart", f"84dbdf99{number}", revision=number, template=held)
    one["metadata"]["creationTimestamp"] = born
    one["metadata"]["annotations"] |= {f"deployment.kubernetes.io/{key}": value for key, value in notes.items()}
    return one


@pytest.fixture
def api() -> Iterator[KubeApi]:
    config = config_map(
        "cart-config",
        managed=[set_at(ago(minutes=5), "LOG_LEVEL", "API_TOKEN")],
        LOG_LEVEL="debug",
        API_TOKEN="t0ps3cret-value",
    )
    with served(
        KubeApi([deployment("cart", held=NEW), cart(1, OLD, ago(days=2)), cart(2, NEW, ago(minutes=20)), config])
    ) as one:
        yield one


def source_of(api: KubeApi, folder: Path) -> KubernetesChanges:
    return KubernetesChanges(Connection(Access(kubeconfig=api.kubeconfig(folder))), key=b"test")


@pytest.mark.anyio
async def test_a_rollout_is_a_deployment_and_each_setting_it_changed(api: KubeApi, tmp_path: Path) -> None:
    found = await source_of(api, tmp_path).changes(EVERYTHING, HOUR)

    (rolled,) = found.deployments
    assert (rolled.service, rolled.commit, rolled.previous_commit) == ("cart", "41d77e0", "9f3c2ab")
    assert rolled.version == "registry.example/cart:41d77e0"
    assert rolled.previous_version == "registry.example/cart:9f3c2ab"
    assert (NOW - rolled.at).total_seconds() == 1_200
    told = {one.key: (one.before, one.after) for one in found.configs}
    assert told["deployment/cart containers[server].image (revision 2)"] == (
        "registry.example/cart:9f3c2ab",
        "registry.example/cart:41d77e0",
    )
    assert told["deployment/cart containers[server].env[POOL_SIZE] (revision 2)"] == ("", "2")
    assert told["deployment/cart containers[server].env[PORT] (revision 2)"] == ("8080", "")
    assert told["deployment/cart containers[server].env[DB_PASSWORD] (revision 2)"][1].startswith("hash:")
    assert told["configmap/cart-config LOG_LEVEL"] == ("", "debug")
    assert told["configmap/cart-config API_TOKEN"][1].startswith("hash:")
    assert {one.service for one in found.configs} == {"cart"}
    assert "hunter2" not in str(found)
    assert "t0ps3cret" not in str(found)


@pytest.mark.anyio
async def test_the_live_source_and_its_recording_answer_alike(api: KubeApi, tmp_path: Path) -> None:
    whole = await source_of(api, tmp_path).changes(EVERYTHING, HOUR)
    early = Window.model_validate({"start": "2026-11-22T08:00:00Z", "end": "2026-11-22T09:00:00Z"})

    for source in (source_of(api, tmp_path), RecordedChanges(whole)):
        assert await source.changes(ChangeQuery(service="cart"), HOUR) == whole
        assert await source.changes(ChangeQuery(service="search"), HOUR) == ChangeSet()
        assert await source.changes(EVERYTHING, early) == ChangeSet()


@pytest.mark.anyio
async def test_a_rollback_took_effect_when_its_revision_was_written(tmp_path: Path) -> None:
    back = cart(3, OLD, ago(days=2), **{"revision-history": "1"})
    back["metadata"]["managedFields"] = [{"manager": "kube-controller-manager", "time": ago(minutes=3)}]
    with served(KubeApi([cart(2, NEW, ago(minutes=20)), back])) as api:
        found = await source_of(api, tmp_path).changes(EVERYTHING, HOUR)

    assert [(one.commit, (NOW - one.at).total_seconds()) for one in found.deployments] == [("9f3c2ab", 180)]


@pytest.mark.anyio
async def test_what_may_not_be_read_is_left_out_until_nothing_is_left(api: KubeApi, tmp_path: Path) -> None:
    api.forbidden = {("list", "secrets"), ("list", "controllerrevisions"), ("list", "configmaps")}
    assert (await source_of(api, tmp_path).changes(EVERYTHING, HOUR)).deployments

    api.forbidden.add(("list", "replicasets"))
    with pytest.raises(SourceFailed, match="grant verb"):
        await source_of(api, tmp_path).changes(EVERYTHING, HOUR)


@asynccontextmanager
async def watched(api: KubeApi, observer: Observer, folder: Path) -> AsyncIterator[None]:
    connection = Connection(Access(kubeconfig=api.kubeconfig(folder)))
    watching = asyncio.create_task(Watch(connection, observer, clock=lambda: NOW, namespace=SPACE).run())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


@pytest.mark.anyio
async def test_a_watched_change_has_the_value_before(tmp_path: Path) -> None:
    before = [
        deployment("cart", held=OLD, wanted=3),
        config_map("cart-config", LOG_LEVEL="info"),
        secret("cart-db", password="b25l"),
    ]
    news: Queue[ChangeSet] = Queue()
    with served(KubeApi(before)) as api:
        async with watched(api, Observer(Seal(b"test"), tell=news.put), tmp_path):
            api.put(config_map("cart-config", LOG_LEVEL="debug"))
            api.put(deployment("cart", held=NEW, wanted=1))
            api.put(secret("cart-db", password="dHdv"))
            seen = [await asyncio.to_thread(news.get, timeout=20) for _ in range(3)]

    told = {one.key: (one.before, one.after) for changes in seen for one in changes.configs}
    assert told["configmap/cart-config LOG_LEVEL"] == ("info", "debug")
    assert told["deployment/cart replicas"] == ("3", "1")
    assert told["deployment/cart containers[server].image"][1] == "registry.example/cart:41d77e0"
    old, new = told["secret/cart-db password"]
    assert old.startswith("hash:")
    assert new.startswith("hash:")
    assert old != new
    assert "dHdv" not in str(seen)


KEYS = st.sampled_from(
    str.split(
        "metadata spec status template containers name namespace annotations labels ownerReferences kind image env "
        "value managedFields time fieldsV1 f:data data creationTimestamp deployment.kubernetes.io/revision revision"
    )
)
SCALARS: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
ODD = st.recursive(
    SCALARS | st.sampled_from(["Deployment", "DaemonSet", ago(minutes=4)]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(KEYS, ODD, max_size=6), st.dictionaries(KEYS, ODD, max_size=6))
def test_no_object_is_too_odd_to_change(before: dict[str, Any], after: dict[str, Any]) -> None:
    seal, observer = Seal(b"test"), Observer(Seal(b"test"))
    old, new = Raw(before), Raw(after)

    revisions = [read(one) for read in (of_replica_set, of_controller_revision) for one in (old, new)]
    assert isinstance(rollouts([one for one in revisions if one], seal), ChangeSet)
    assert isinstance(differences(old, new, seal), list)
    for plural in ("deployments", "configmaps", "secrets"):
        for one in (old, new):
            observer.see(plural, "MODIFIED", seal.secret(one) if plural == "secrets" else one, NOW)
            assert all(change.at.tzinfo for change in written("configmap", one, (), seal))
    assert isinstance(observer.seen(), ChangeSet)
    assert led(old, NOW).age

"""One test body for a live cluster and for its recording: what is wrong in it is found by what was read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.fakes import kube_shop
from tests.fakes.kube_api import KubeApi, served
from tests.fakes.kube_shop import NOW, SPACE, Object
from tests.fakes.scene import scene_of

from rootline.analysis.cluster.asking import describe
from rootline.analysis.cluster.query import ClusterQuery, listing
from rootline.domain.evidence import Reading
from rootline.domain.fact import ConditionFact
from rootline.domain.window import Window
from rootline.sources.bundle import Sources
from rootline.sources.cluster import ClusterSource, RecordedCluster
from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.cluster import KubernetesCluster
from rootline.sources.kubernetes.connection import Connection
from rootline.tools.get_cluster_state import get_cluster_state

FAULTS = {
    "bad_image": ("app/cart", "image_not_found"),
    "wrong_probe_port": ("app/orders", "readiness_probe_wrong_port"),
    "unschedulable": ("app/search", "cpu_request_fits_no_node"),
    "quota_exceeded": ("namespace/market", "memory_quota_used_up"),
    "selector_mismatch": ("app/orders", "service_selects_no_pod"),
    "zero_replicas": ("app/users", "scaled_to_zero"),
    "node_not_ready": ("node/node-c", "kubelet_down"),
}


class Taping:
    """Passes questions on and keeps the answers."""

    def __init__(self, inner: ClusterSource) -> None:
        self.name, self.clusters = inner.name, inner.clusters
        self.answers: dict[ClusterQuery, str] = {}
        self._inner = inner

    async def read(self, query: ClusterQuery) -> str | None:
        answer = await self._inner.read(query)
        if answer is not None:
            self.answers[query] = answer
        return answer

    async def kinds(self) -> tuple[tuple[str, str], ...]:
        return await self._inner.kinds()


@contextmanager
def live(objects: Sequence[Object], folder: Path) -> Iterator[KubernetesCluster]:
    with served(KubeApi(objects)) as api:
        connection = Connection(Access(kubeconfig=api.kubeconfig(folder)))
        yield KubernetesCluster(connection, clock=lambda: NOW, key=b"test")


async def diagnosed(source: ClusterSource, namespace: str = SPACE) -> Reading:
    window = Window.model_validate({"start": "2026-11-22T09:00:00Z", "end": NOW})
    scene = scene_of(Sources(cluster=source), window, namespace=namespace, question="Why do customers see errors?")
    return await get_cluster_state(scene=scene)


def first(reading: Reading) -> tuple[str, str]:
    found = next(fact for fact in reading.facts if isinstance(fact, ConditionFact))
    return found.subject, found.cause


@pytest.mark.anyio
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_found_in_a_live_cluster_and_in_its_recording(fault: str, tmp_path: Path) -> None:
    with live(getattr(kube_shop, fault)(), tmp_path) as cluster:
        taping = Taping(cluster)
        told = await diagnosed(taping)
    again = await diagnosed(RecordedCluster(taping.answers, name=cluster.name))

    assert first(told) == FAULTS[fault]
    assert again == told


@pytest.mark.anyio
async def test_a_healthy_cluster_has_no_fault_worth_naming(tmp_path: Path) -> None:
    with live(kube_shop.healthy(), tmp_path) as cluster:
        told = await diagnosed(cluster)

    assert [fact for fact in told.facts if isinstance(fact, ConditionFact) and fact.score > 0.5] == []


PASSWORD = "aHVudGVyMi1vbmx5LWZvci10ZXN0cw=="


@pytest.mark.anyio
async def test_settings_are_shown_by_key_and_hash_and_never_by_value(tmp_path: Path) -> None:
    held = [
        kube_shop.secret("cart-db", password=PASSWORD),
        kube_shop.secret("other-db", password=PASSWORD),
        kube_shop.config_map("cart-config", LOG_LEVEL="verbose-beyond-belief"),
    ]
    asked = [
        listing("secrets", SPACE),
        describe("secrets", "cart-db", SPACE),
        describe("secrets", "other-db", SPACE),
        describe("configmaps", "cart-config", SPACE),
        ClusterQuery(verb="manifest", name="cart", namespace=SPACE),
    ]
    with live([*kube_shop.healthy(), *held], tmp_path) as cluster:
        answers = [await cluster.read(query) or "" for query in asked]

    assert not any(PASSWORD in answer or "beyond-belief" in answer for answer in answers)
    assert answers[0].splitlines()[1].split()[:3] == ["cart-db", "Opaque", "1"]
    marks = [next(line for line in answer.splitlines() if line.startswith("password:")) for answer in answers[1:3]]
    assert marks[0] == marks[1]
    assert marks[0].startswith("password:  hash:")
    assert "LOG_LEVEL:  hash:" in answers[3]
    assert "kind: Secret" in answers[4]


@pytest.mark.anyio
async def test_the_errors_of_an_application_are_counted_over_its_containers_lives(tmp_path: Path) -> None:
    broken = kube_shop.pod("cart", ready=False, container={"restartCount": 2})
    name = broken["metadata"]["name"]
    refused = "".join(f"error: dial tcp 10.0.0.{part}:5432: connection refused\n" for part in range(3))
    logs = {(name, "server!"): f"starting\n{refused}", (name, "server"): "starting\nlistening\n"}
    with served(KubeApi([kube_shop.deployment("cart"), broken], logs=logs)) as api:
        cluster = KubernetesCluster(
            Connection(Access(kubeconfig=api.kubeconfig(tmp_path))), clock=lambda: NOW, key=b"test"
        )
        counted = await cluster.read(ClusterQuery(verb="error_logs", name="cart", namespace=SPACE))
        plain = await cluster.read(ClusterQuery(verb="logs", name=name, namespace=SPACE))
        nobody = await cluster.read(ClusterQuery(verb="logs", name="nobody", namespace=SPACE))

    assert counted == ("total_log_count: 6\ntotal_errors: 3\n3x error: dial tcp 10.0.0.0:5432: connection refused\n")
    assert plain is not None
    assert plain.splitlines()[0] == f"==> pod/{name} server (previous) <=="
    assert nobody is None


@pytest.mark.anyio
async def test_what_the_api_does_not_know_is_not_answered(tmp_path: Path) -> None:
    with live(kube_shop.node_not_ready(), tmp_path) as cluster:
        silent = ClusterQuery(verb="node_service", kind="kubelet", name="node-c")
        lively = ClusterQuery(verb="node_service", kind="kubelet", name="node-a")

        assert await cluster.read(ClusterQuery(verb="alerts")) is None
        assert await cluster.read(ClusterQuery(verb="get", kind="unicorns", namespace=SPACE)) is None
        assert await cluster.read(silent) is None
        assert "Active: active" in (await cluster.read(lively) or "")


@pytest.mark.anyio
async def test_no_namespace_means_all_of_them_with_a_column_in_front(tmp_path: Path) -> None:
    with live(kube_shop.healthy(), tmp_path) as cluster:
        answer = await cluster.read(ClusterQuery(verb="get", kind="pods")) or ""

    assert answer.splitlines()[0].split()[:2] == ["NAMESPACE", "NAME"]
    assert answer.splitlines()[1].split()[0] == SPACE


@pytest.mark.anyio
async def test_a_manifest_is_that_of_the_namespace_in_question(tmp_path: Path) -> None:
    twin = kube_shop.deployment("cart")
    twin["metadata"]["namespace"] = "before-market"
    with live([*kube_shop.healthy(), twin], tmp_path) as cluster:
        await cluster.read(listing("pods", SPACE))
        answer = await cluster.read(ClusterQuery(verb="manifest", name="cart")) or ""

    assert f"namespace: {SPACE}" in answer
    assert "before-market" not in answer

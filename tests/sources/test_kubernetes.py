"""One test body for a live cluster and for its recording: what is wrong in it is found by what was read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from tests.fakes import kube_shop
from tests.fakes.kube_api import KubeApi, served
from tests.fakes.kube_shop import NOW, SPACE, Object

from rootline.analysis.cluster.query import ClusterQuery
from rootline.domain.evidence import Reading
from rootline.domain.fact import ConditionFact
from rootline.domain.tenant import LOCAL
from rootline.domain.window import Window
from rootline.sources.bundle import Sources
from rootline.sources.cluster import ClusterSource, RecordedCluster
from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.cluster import KubernetesCluster
from rootline.sources.kubernetes.connection import Connection
from rootline.store.journal import MemoryJournal
from rootline.tools.get_cluster_state import get_cluster_state
from rootline.tools.scene import Scene

FAULTS = {
    "bad_image": ("app/cart", "incorrect_image_reference"),
    "wrong_probe_port": ("app/orders", "readiness_probe_incorrect_port"),
    "unschedulable": ("app/search", "cpu_capacity_mismatch"),
    "quota_exceeded": ("namespace/market", "namespace_memory_quota_exceeded"),
    "selector_mismatch": ("app/orders", "service_selector_mismatch"),
    "zero_replicas": ("app/users", "deployment_zero_replicas"),
    "node_not_ready": ("node/node-c", "kubelet_unavailable"),
}


class Taping:
    """Passes questions on and keeps the answers."""

    def __init__(self, inner: ClusterSource) -> None:
        self.name = inner.name
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
    scene = Scene(
        sources=Sources(cluster=source),
        window=window,
        now=NOW,
        actor=LOCAL,
        journal=MemoryJournal(),
        investigation=UUID(int=1),
        evidence={},
        namespace=namespace,
        question="Why do customers see errors?",
    )
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

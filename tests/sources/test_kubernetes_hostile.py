"""No API server, however it behaves, costs more than 64 MB, a crash or a hanging question."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fakes.kube_api import KubeApi, served
from tests.fakes.kube_hostile import HEAD, Behaviour, answering, dripping, dying, hostile, silent
from tests.fakes.kube_shop import NOW, SPACE, ago, event, healthy, pod

from rootline.analysis.cluster.query import ClusterQuery, listing
from rootline.errors import Misconfigured
from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.blocks import text
from rootline.sources.kubernetes.cluster import KubernetesCluster
from rootline.sources.kubernetes.columns import columns
from rootline.sources.kubernetes.connection import Connection
from rootline.sources.kubernetes.describing import described
from rootline.sources.kubernetes.nodes import facts
from rootline.sources.kubernetes.plain import as_yaml, stripped
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.kubernetes.resources import RESOURCES
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.kubernetes.tables import cells, shown, table

PODS = listing("pods", SPACE, "wide")


def cluster_at(url: str, folder: Path, deadline_s: float = 20.0) -> KubernetesCluster:
    api = KubeApi()
    api.url = url
    access = Access(kubeconfig=api.kubeconfig(folder), deadline_s=deadline_s)
    return KubernetesCluster(Connection(access), clock=lambda: NOW, key=b"test")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        (dying, "connection was lost|broken JSON"),
        (answering(b"<html>Sign in</html>"), "sent a web page"),
        (answering(b'{"items": [}'), "broken JSON"),
        (answering(b"[" * 100_000), "broken JSON"),
        (answering(b"[1, 2]"), "JSON that is no object"),
        (answering(b'{"status": "success", "data": []}'), "it sent no list"),
        (answering(b"", HEAD), "empty answer"),
        (answering(b"x", HEAD.replace(b"Connection", b"Content-Encoding: gzip\r\nConnection")), "compressed"),
        (answering(b'{"message": "etcd is away"}', HEAD.replace(b"200 OK", b"500 Oops")), "500: etcd is away"),
        (answering(b"{}", HEAD.replace(b"200 OK", b"401 Who")), "does not know us"),
        (answering(b"", b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"), "302"),
        (answering(b"\x00\xff" * 100, b""), "connection was lost"),
    ],
)
async def test_what_is_no_answer_is_explained(behaviour: Behaviour, told: str, tmp_path: Path) -> None:
    with hostile(behaviour) as url, pytest.raises(SourceFailed, match=told):
        await cluster_at(url, tmp_path).read(PODS)


@pytest.mark.anyio
@pytest.mark.parametrize("behaviour", [silent, dripping])
async def test_who_stalls_is_waited_for_no_longer_than_the_deadline(behaviour: Behaviour, tmp_path: Path) -> None:
    with hostile(behaviour) as url, pytest.raises(SourceFailed, match="no whole answer within"):
        await cluster_at(url, tmp_path, deadline_s=0.3).read(PODS)


@pytest.mark.anyio
async def test_nobody_at_home_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match="nothing accepts connections there"):
        await cluster_at("http://127.0.0.1:1", tmp_path).read(PODS)


FLOODED = """
import asyncio, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from tests.fakes.kube_hostile import flooding, hostile
from tests.sources.test_kubernetes_hostile import PODS, cluster_at
from rootline.sources.failure import SourceFailed

async def main():
    with hostile(flooding) as url:
        cluster = cluster_at(url, Path(sys.argv[1]))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            await cluster.read(PODS)
        except SourceFailed as failed:
            print(failed)
        print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)

asyncio.run(main())
"""


def test_a_flood_of_500_mb_costs_less_than_64(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", FLOODED, str(tmp_path)], cwd=root, capture_output=True, text=True, check=True
    )

    said, more_mb = done.stdout.strip().splitlines()
    assert "more than 6 MB" in said
    assert int(more_mb) < 64


@pytest.mark.anyio
async def test_a_list_longer_than_is_read_is_read_in_pages_and_said_to_be_partial(tmp_path: Path) -> None:
    many = [pod("cart", f"5d8f4c7b9-{number:05d}") for number in range(2_300)]
    with served(KubeApi(many)) as api:
        answer = await cluster_at(api.url, tmp_path).read(PODS)

    assert answer is not None
    title, *rows = answer.splitlines()
    assert title.endswith("PARTIAL: 2,000 READ OF 2,300")
    assert len(rows) == 2_000
    assert len([one for one in api.asked if "continue" in one]) == 7


@pytest.mark.anyio
async def test_of_too_many_events_the_latest_are_shown(tmp_path: Path) -> None:
    told = [event("Pod", f"cart-{number}", "BackOff", f"{number} " + "again " * 120) for number in range(1_000)]
    for number, one in enumerate(told):
        one["lastTimestamp"] = ago(seconds=1_000 - number)
    with served(KubeApi(told)) as api:
        answer = await cluster_at(api.url, tmp_path).read(listing("events", SPACE)) or ""

    title, *rows = answer.splitlines()
    assert "OF 1,000 ROWS FIT" in title
    assert rows[-1].startswith("1s ")
    assert 300 < len(rows) < 1_000
    assert len(answer) < 400_000


@pytest.mark.anyio
async def test_objects_too_large_for_one_page_are_read_in_smaller_ones(tmp_path: Path) -> None:
    noisy = [pod("cart", f"5d8f4c7b9-{number:05d}") for number in range(300)]
    for one in noisy:
        one["metadata"]["annotations"] = {"note": "x" * 60_000}
    with served(KubeApi(noisy)) as api:
        answer = await cluster_at(api.url, tmp_path).read(PODS)

    assert answer is not None
    assert len(answer.splitlines()) == 301
    assert "PARTIAL" not in answer


@pytest.mark.anyio
async def test_who_may_read_one_namespace_alone_is_told_to_name_it(tmp_path: Path) -> None:
    with served(KubeApi(healthy())) as api:
        api.forbidden = {("list", "pods")}
        with pytest.raises(SourceFailed) as failed:
            await cluster_at(api.url, tmp_path).read(listing("pods", ""))

    assert failed.value.helps == (
        'Set ROOTLINE_KUBE_NAMESPACE to one that may be read, or grant verb "list" on resource "pods" of apiGroup "" '
        "for the whole cluster."
    )


@pytest.mark.anyio
async def test_what_may_not_be_read_says_what_to_grant(tmp_path: Path) -> None:
    with served(KubeApi(healthy())) as api:
        api.forbidden = {("list", "nodes"), ("list", "pods")}
        cluster = cluster_at(api.url, tmp_path)
        nodes = await cluster.read(listing("nodes", SPACE))
        with pytest.raises(SourceFailed, match='Grant verb "list" on resource "pods" of apiGroup "" for namespace'):
            await cluster.read(PODS)

    assert nodes is not None
    assert 'Grant verb "list" on resource "nodes" of apiGroup "" for the whole cluster.' in nodes


@pytest.mark.anyio
async def test_a_name_cannot_lead_elsewhere(tmp_path: Path) -> None:
    with served(KubeApi(healthy())) as api:
        cluster = cluster_at(api.url, tmp_path)
        for name in ("../secrets", "..", "a/b", "a?watch=1", ""):
            assert await cluster.read(ClusterQuery(verb="describe", kind="pods", name=name, namespace=SPACE)) is None
        assert await cluster.read(listing("pods", "../kube-system")) == ""

    assert api.asked == []


@pytest.mark.anyio
async def test_a_kubeconfig_that_is_none_is_the_operator_s_to_mend(tmp_path: Path) -> None:
    file = tmp_path / "kubeconfig"
    for content in ("", "just text", "a: [", "clusters: 3\ncontexts: x\n", '{"kind": "Config", "contexts": [{}]}'):
        file.write_text(content)
        with pytest.raises(Misconfigured, match="ROOTLINE_KUBECONFIG="):
            await KubernetesCluster(Connection(Access(kubeconfig=file)), clock=lambda: NOW, key=b"k").read(PODS)


SCALARS: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
KEYS = st.sampled_from(
    str.split(
        "metadata spec status containers containerStatuses initContainers template conditions items name namespace "
        "labels annotations ports env valueFrom resources requests state waiting terminated reason message taints "
        "selector matchLabels matchExpressions rules http paths backend service data volumes secret tolerations "
        "creationTimestamp deletionTimestamp lastState ownerReferences readinessProbe httpGet replicas hard used"
    )
)
ODD = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=30
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(KEYS, ODD, max_size=6))
def test_no_object_is_too_odd_to_be_shown(odd: dict[str, Any]) -> None:
    object_ = Raw(json.loads(json.dumps(odd)))
    for plural in RESOURCES:
        held = shown(plural, "wide", everywhere=True)
        printed = table([one.title for one in held], [cells(held, object_, NOW)])
        assert len(printed.splitlines()) == 2
        assert len(columns(plural)) >= 2
        assert text(described(plural, object_, Seal(b"k"))).startswith("Name:")
    assert isinstance(as_yaml(stripped(object_)), str)
    assert all(isinstance(one, str) for one in facts(object_))

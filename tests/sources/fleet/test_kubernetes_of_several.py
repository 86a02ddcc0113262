"""Kubernetes of several clusters is read side by side: each is named in what is found, and each that fails as well."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from tests.fakes import kube_shop
from tests.fakes.fleet import hanging
from tests.fakes.kube_api import KubeApi, served
from tests.fakes.kube_shop import NOW, SPACE, Object
from tests.fakes.scene import scene_of

from rootline.analysis.cluster.query import listing
from rootline.domain.evidence import Reading
from rootline.domain.fact import ConditionFact, TextFact
from rootline.domain.session import Question
from rootline.domain.window import Window
from rootline.errors import ToolFault
from rootline.ground import Ground
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.sources.bundle import Sources
from rootline.sources.cluster import ClusterSource, RecordedCluster
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.bundling import spanning
from rootline.sources.fleet.gating import gating
from rootline.sources.fleet.guard import Watch
from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.cluster import KubernetesCluster
from rootline.sources.kubernetes.connection import Connection
from rootline.tapes.recorder import Recorder
from rootline.tools.clusters import heard_out
from rootline.tools.get_cluster_state import get_cluster_state
from rootline.tools.scene import Scene

pytestmark = pytest.mark.anyio

WINDOW = Window.model_validate({"start": "2026-11-22T09:00:00Z", "end": NOW})
DEADLINE_S = 3.0


def at(url: str, folder: Path, name: str) -> KubernetesCluster:
    """Read whatever listens at an address."""
    file = folder / f"{name}.yaml"
    file.write_text(
        f"apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters: [{{name: c, cluster: {{server: '{url}'}}}}]\n"
        "contexts: [{name: c, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {token: t}}]\n"
    )
    access = Access(kubeconfig=file, deadline_s=60.0)
    return KubernetesCluster(Connection(access), clock=lambda: NOW, key=b"test")


@contextmanager
def clusters(folder: Path, watch: Watch | None = None, **objects: Sequence[Object]) -> Iterator[list[Sources]]:
    """Serve each cluster by an API server of its own."""
    with ExitStack() as servers:
        found = []
        for name, held in objects.items():
            inside = folder / name
            inside.mkdir()
            api = servers.enter_context(served(KubeApi(held)))
            connection = Connection(Access(kubeconfig=api.kubeconfig(inside)))
            source = KubernetesCluster(connection, clock=lambda: NOW, key=b"test")
            found.append(guarded(name, source, watch or Watch()))
        yield found


def guarded(name: str, source: ClusterSource, watch: Watch) -> Sources:
    return gating(Sources(cluster_name=name, cluster=source), lambda _, kind: watch.guard(name, kind))


def scene(sources: Sources, namespace: str = SPACE) -> Scene:
    return scene_of(sources, WINDOW, namespace=namespace, question="Why do customers see errors?")


async def state(sources: Sources, namespace: str = "", **asked: str) -> Reading:
    """Read as the gate of the tools does."""
    stage = scene(sources)
    answer = await heard_out(
        "get_cluster_state",
        lambda: get_cluster_state(namespace=namespace, scene=stage, **asked),  # type: ignore[arg-type]
        stage,
    )
    assert isinstance(answer, Reading)
    return answer


def outcomes(reading: Reading) -> dict[str, str]:
    return {one.cluster: one.status for one in reading.clusters}


def faults(reading: Reading) -> dict[str, str]:
    found = (fact for fact in reading.facts if isinstance(fact, ConditionFact) and fact.score > 0.5)
    return {one.subject: one.cause for one in found}


@pytest.mark.promise("kubernetes-of-several-clusters")
async def test_the_faults_of_each_cluster_are_found_at_once_and_named_with_it(tmp_path: Path) -> None:
    held = {"eu1": kube_shop.bad_image(), "us1": kube_shop.zero_replicas(), "ap1": kube_shop.healthy()}
    with clusters(tmp_path, None, **held) as found:
        reading = await state(spanning(found))

    assert outcomes(reading) == {"eu1": "ok", "us1": "ok", "ap1": "ok"}
    assert faults(reading)["eu1/app/cart"] == "image_not_found"
    assert faults(reading)["us1/app/users"] == "scaled_to_zero"
    assert not any(subject.startswith("ap1/") for subject in faults(reading))
    first = next(fact for fact in reading.facts if isinstance(fact, ConditionFact))
    proof = first.support[0]
    text = next(fact for fact in reading.facts if isinstance(fact, TextFact) and fact.asked == proof.asked)
    assert text.lines[proof.line].strip() == proof.quote.strip()
    assert proof.asked.endswith(f" --cluster {first.subject.partition('/')[0]}")


async def test_a_dead_cluster_and_one_that_refuses_delay_no_other(tmp_path: Path) -> None:
    watch = Watch(deadline_s=DEADLINE_S)
    with clusters(tmp_path, watch, eu1=kube_shop.bad_image()) as found, hanging() as url:
        stuck = guarded("stuck", at(url, tmp_path, "stuck"), watch)
        gone = guarded("gone", at("http://127.0.0.1:1", tmp_path, "gone"), watch)
        began = time.monotonic()
        reading = await state(spanning([*found, stuck, gone]))
        took = time.monotonic() - began

    assert took < DEADLINE_S + 4
    assert (reading.status, outcomes(reading)) == ("partial", {"eu1": "ok", "gone": "error", "stuck": "timeout"})
    assert "stuck Kubernetes timeout: " in reading.summary
    assert "gone Kubernetes error: " in reading.summary
    assert faults(reading) == {"eu1/app/cart": "image_not_found"}


async def test_a_cluster_that_refuses_a_read_is_partial_and_says_which(tmp_path: Path) -> None:
    with ExitStack() as servers:
        found = []
        for name in ("eu1", "us1"):
            (tmp_path / name).mkdir()
            api = KubeApi(kube_shop.zero_replicas())
            api.forbidden |= {("list", "events")} if name == "us1" else set()
            kubeconfig = servers.enter_context(served(api)).kubeconfig(tmp_path / name)
            connection = Connection(Access(kubeconfig=kubeconfig))
            found.append(guarded(name, KubernetesCluster(connection, clock=lambda: NOW, key=b"test"), Watch()))
        reading = await state(spanning(found))

    assert (reading.status, outcomes(reading)) == ("partial", {"eu1": "ok", "us1": "partial"})
    assert "get events -n market: Error from server" in next(one.detail for one in reading.clusters if one.detail)
    assert set(faults(reading)) == {"eu1/app/users", "us1/app/users"}


async def test_a_list_is_read_of_each_cluster_and_every_text_says_whose_it_is(tmp_path: Path) -> None:
    with clusters(tmp_path, None, eu1=kube_shop.healthy(), us1=kube_shop.zero_replicas()) as found:
        reading = await state(spanning(found), verb="get", kind="deployments")

    texts = [fact for fact in reading.facts if isinstance(fact, TextFact)]
    asked = [f"get deployments -n {SPACE} --cluster {name}" for name in ("eu1", "us1")]
    assert [one.asked for one in texts] == [one.subject for one in texts] == asked
    assert all(f"[{place}] {one}" in reading.summary for place, one in enumerate(asked))
    assert outcomes(reading) == {"eu1": "ok", "us1": "ok"}


@pytest.mark.parametrize("space", ["us1/market", "us1"])
async def test_a_namespace_with_a_cluster_asks_that_cluster_alone(tmp_path: Path, space: str) -> None:
    with clusters(tmp_path, None, eu1=kube_shop.bad_image(), us1=kube_shop.zero_replicas()) as found:
        reading = await state(spanning(found), space)
        with pytest.raises(ToolFault, match="Kubernetes is known of eu1, us1, not of 'mars'"):
            await state(spanning(found), "mars/market")

    assert outcomes(reading) == {"us1": "ok"}
    assert all(subject.startswith("us1/") for subject in faults(reading))


async def test_what_no_cluster_has_is_absent_in_each(tmp_path: Path) -> None:
    with clusters(tmp_path, None, eu1=kube_shop.healthy(), us1=kube_shop.healthy()) as found:
        reading = await state(spanning(found), verb="get", kind="unicorns")

    assert reading.status == "no_data"
    assert outcomes(reading) == {"eu1": "no_data", "us1": "no_data"}


async def test_when_every_cluster_fails_each_is_named(tmp_path: Path) -> None:
    dead = [guarded(name, at("http://127.0.0.1:1", tmp_path, name), Watch()) for name in ("eu1", "us1")]

    reading = await state(spanning(dead))

    assert (reading.status, outcomes(reading)) == ("error", {"eu1": "error", "us1": "error"})
    assert "none of 2 clusters answers (eu1: " in reading.summary


async def test_the_recording_of_several_clusters_tells_the_same(tmp_path: Path) -> None:
    recorder = Recorder()
    question = Question(text="Why do customers see errors?", window=WINDOW, namespace=SPACE)
    with clusters(tmp_path, None, eu1=kube_shop.bad_image(), us1=kube_shop.zero_replicas()) as found:
        told = await state(recorder.over(spanning(found)))
    recording = await recorder.recording("fleet", question)

    assert await state(recording.sources()) == told


async def test_an_investigation_blames_the_object_of_the_cluster_it_is_in(tmp_path: Path) -> None:
    desk = memory_desk(Settings(home=Path("unused")))
    question = Question(text="Why do customers see errors?", window=WINDOW, namespace=SPACE, trigger="custom")
    with clusters(tmp_path, None, eu1=kube_shop.healthy(), us1=kube_shop.bad_image()) as found:
        record = await desk.run(await desk.open(question), Ground(sources=spanning(found)))

    assert record.answer is not None
    best = record.answer.hypotheses[0]
    assert (best.subject, best.cause) == ("us1/app/cart", "image_not_found")
    assert all("--cluster us1" in one.sentence for one in best.support)


async def test_a_question_that_names_no_cluster_of_several_is_refused_by_the_source() -> None:
    several = spanning([Sources(cluster_name=name, cluster=RecordedCluster({})) for name in ("eu1", "us1")])
    assert several.cluster is not None

    with pytest.raises(SourceFailed, match="Kubernetes is known of eu1, us1"):
        await several.cluster.read(listing("pods", SPACE))

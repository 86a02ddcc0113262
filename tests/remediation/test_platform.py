"""Kubernetes is known by its sources and by what evidence shows, and is never assumed."""

from collections.abc import Mapping

import pytest
from tests.remediation.cases import NOON, SLOWER, change, condition, evidence, listing

from rootline.domain.evidence import ClusterOutcome, Evidence
from rootline.domain.fact import AbsenceFact, AlertFact, AnyFact, ServiceFact, TextFact
from rootline.remediation.platform import is_kubernetes

NOTHING = AbsenceFact(subject="cluster state", asked="cluster state", known=False, reason="nothing is connected")
BOARDS = TextFact(subject="gpus", asked="get gpus", lines=["NODE GPU", "box-1 0"])


def answered(*facts: AnyFact, tool: str, backend: str, status: str = "ok") -> Mapping[str, Evidence]:
    return {
        label: one.model_copy(
            update={
                "reading": one.reading.model_copy(
                    update={
                        "status": status,
                        "source": one.reading.source.model_copy(update={"backend": backend}),
                    }
                )
            }
        )
        for label, one in evidence(*facts, tool=tool).items()
    }


def alert(name: str = "ErrorsHigh", metric: str = "") -> AlertFact:
    return AlertFact(subject="checkout", name=name, severity="high", fired_at=NOON, metric=metric)


@pytest.mark.parametrize(
    "fact",
    [
        SLOWER.model_copy(update={"labels": {"pod": "checkout-5d8"}}),
        SLOWER.model_copy(update={"labels": {"k8s_deployment_name": "checkout"}}),
        SLOWER.model_copy(update={"metric": "kube_pod_container_status_restarts_total"}),
        alert(metric="kube_deployment_status_replicas_unavailable"),
        alert("KubePodCrashLooping"),
        listing(),
        condition("memory_limit_reached"),
        ServiceFact(subject="deployment/checkout"),
    ],
)
def test_what_only_kubernetes_has_tells_of_it(fact: AnyFact) -> None:
    assert is_kubernetes(evidence(fact), "")


@pytest.mark.parametrize(
    "fact",
    [
        SLOWER,
        SLOWER.model_copy(update={"labels": {"instance": "10.0.0.3:9100", "container": "checkout"}}),
        SLOWER.model_copy(update={"metric": "process_resident_memory_bytes"}),
        alert(),
        alert("KubernetesTalkAtNoon"[:4]),
        change(),
        BOARDS,
        ServiceFact(subject="shop/checkout"),
    ],
)
def test_what_any_platform_has_does_not(fact: AnyFact) -> None:
    assert not is_kubernetes(evidence(fact), "")


@pytest.mark.parametrize("status", ["ok", "partial", "error", "timeout"])
def test_a_source_of_cluster_state_tells_of_it_also_where_it_failed(status: str) -> None:
    assert is_kubernetes(answered(tool="get_cluster_state", backend="tape", status=status), "")


def test_a_cluster_that_is_asked_for_logs_or_changes_alone_tells_of_it_too() -> None:
    assert is_kubernetes(answered(tool="search_logs", backend="loki+kubernetes", status="no_data"), "")


@pytest.mark.parametrize("backend", ["none", "tape"])
def test_a_source_that_is_not_there_tells_nothing(backend: str) -> None:
    assert not is_kubernetes(answered(NOTHING, tool="get_cluster_state", backend=backend, status="no_data"), "")


def test_of_several_clusters_the_one_that_was_asked_for_its_state_counts() -> None:
    outcome = ClusterOutcome(cluster="eu-1", asked="cluster", status="ok")
    found = {
        label: one.model_copy(update={"reading": one.reading.model_copy(update={"clusters": (outcome,)})})
        for label, one in evidence(tool="get_cluster_state").items()
    }

    assert is_kubernetes(found, "eu-1")
    assert not is_kubernetes(found, "us-1")

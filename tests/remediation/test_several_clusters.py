"""A plan is for the cluster that the hypothesis blames, and can be run on no other by mistake."""

from collections.abc import Mapping

import pytest
from tests.remediation.cases import SLOWER, change, condition, evidence, hypothesis, listing

from rootline.domain.evidence import ClusterOutcome, Evidence
from rootline.domain.fact import AnyFact, ServiceFact, TextFact
from rootline.errors import ToolFault
from rootline.remediation.planning import plan_for

BOTH = ("eu-1", "us-1")
CONTEXT = '--context "${CONTEXT:?name the kubectl context of us-1}"'


def of_both(*facts: AnyFact) -> Mapping[str, Evidence]:
    outcomes = tuple(ClusterOutcome(cluster=one, asked="metrics", status="ok") for one in BOTH)
    return {
        label: one.model_copy(update={"reading": one.reading.model_copy(update={"clusters": outcomes})})
        for label, one in evidence(*facts).items()
    }


def slower(cluster: str) -> AnyFact:
    return SLOWER.model_copy(update={"subject": f"{cluster}/checkout latency_p99", "service": f"{cluster}/checkout"})


def listed(cluster: str, namespace: str) -> TextFact:
    asked = f"{listing(namespace=namespace).asked} --cluster {cluster}"
    return TextFact(subject=asked, asked=asked, lines=["NAME READY", "checkout 0/1"])


def both() -> tuple[AnyFact, ...]:
    changes = [change(before=f"v41-{one}", after="v42", subject=f"{one}/checkout") for one in BOTH]
    return (*map(slower, BOTH), *changes, listed("eu-1", "store"), listed("us-1", "shop"))


def test_a_release_is_rolled_back_in_the_blamed_cluster_with_what_is_known_of_that_one() -> None:
    blamed = hypothesis(subject="us-1/checkout", change="4f2a91c07de84fa2", remediation="rollback")

    plan = plan_for(blamed, of_both(*both()))

    rollback = plan.actions[0]
    assert plan.subject == "us-1/checkout"
    assert rollback.commands[0] == f"kubectl {CONTEXT} -n shop rollout history deployment/checkout"
    assert rollback.arguments["to"] == "v41-us-1"
    assert all(CONTEXT in line for one in plan.actions for line in one.commands if line.startswith("kubectl"))
    assert "What is done is done to the cluster us-1" in [one.title for one in plan.preflight]
    assert "eu-1" not in plan.model_dump_json()


def test_an_object_of_a_cluster_is_the_object_there() -> None:
    cause = "incorrect_image_reference"
    faults = [condition(cause, f"{one}/app/checkout") for one in BOTH]
    blamed = hypothesis("config", subject="us-1/app/checkout", cause=cause)

    alone = plan_for(
        hypothesis("config", subject="app/checkout", cause=cause), evidence(SLOWER, listing(), condition(cause))
    )
    plan = plan_for(blamed, of_both(*both(), *faults))

    assert plan.subject == "us-1/app/checkout"
    assert [(one.kind, one.title) for one in plan.actions] == [(one.kind, one.title) for one in alone.actions]
    assert all("-n shop" in line for one in plan.actions for line in one.commands)


def test_who_depends_on_it_is_counted_in_its_own_cluster() -> None:
    places = [
        ServiceFact(subject="us-1/checkout", callers=["us-1/web"], victims=["us-1/web"]),
        ServiceFact(subject="eu-1/checkout", callers=[], victims=[f"eu-1/caller-{at}" for at in range(40)]),
    ]
    blamed = hypothesis(subject="us-1/checkout", remediation="scale")

    alone = plan_for(
        hypothesis(remediation="scale"), evidence(SLOWER, ServiceFact(subject="checkout", victims=["web"]))
    )
    plan = plan_for(blamed, of_both(slower("us-1"), *places))

    assert plan.risk_reasons == alone.risk_reasons


def test_a_name_that_two_clusters_know_is_refused_and_both_are_offered() -> None:
    with pytest.raises(ToolFault, match=r"known in 2 clusters. Plan for one of them: eu-1/checkout or us-1/checkout"):
        plan_for(hypothesis(subject="checkout", remediation="scale"), of_both(*both()))


def test_a_name_that_one_cluster_knows_is_planned_for_there() -> None:
    facts = of_both(change(subject="us-1/checkout"), listed("us-1", "shop"))

    plan = plan_for(hypothesis(subject="checkout", remediation="scale"), facts)

    assert plan.subject == "us-1/checkout"


def test_with_one_cluster_a_plan_names_none() -> None:
    plan = plan_for(hypothesis(remediation="scale"), evidence(SLOWER, listing()))

    assert "CONTEXT" not in plan.model_dump_json()
    assert not [one for one in plan.preflight if "cluster" in one.title]

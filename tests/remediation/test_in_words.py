"""Where nothing tells of Kubernetes, a plan says in words and in what is known what to do."""

import pytest
from tests.remediation.cases import HOUR, NOON, PLACE, SHA, SLOWER, change, evidence, hypothesis, rise

from rootline.domain.claim import PointerSelector
from rootline.domain.fact import AlertFact, ChangeFact
from rootline.domain.hypothesis import Remediation
from rootline.domain.plan import Plan
from rootline.remediation.planning import plan_for
from rootline.remediation.relieving import BY_REMEDY

BEFORE = "b" * 40
TURNED = [
    "diff --git a/settings/checkout.toml b/settings/checkout.toml",
    "@@ -1,2 +1,2 @@",
    "-queue = 96",
    "+queue = 0",
]


def config(**said: object) -> ChangeFact:
    return change(files=("settings/checkout.toml",)).model_copy(update={"diff": TURNED, **said})


def titles(plan: Plan) -> list[str]:
    return [one.title for one in plan.actions]


@pytest.mark.parametrize("remedy", sorted(BY_REMEDY))
def test_no_plan_speaks_of_what_only_kubernetes_has(remedy: Remediation) -> None:
    for blamed in ("", SHA):
        plan = plan_for(hypothesis(change=blamed, remediation=remedy), evidence(SLOWER, change(), PLACE))
        said = plan.model_dump_json(exclude={"actions": {"__all__": {"kind"}}})

        assert plan.actions
        assert all(one.rollback for one in plan.actions)
        assert not [
            word for word in ("kubectl", "pods,", "NAMESPACE", "Deployment of", "rollout", "manifest") if word in said
        ]


@pytest.mark.parametrize("file", ["deploy/charts/checkout/values.yaml", "deploy/prod/kustomization.yaml"])
def test_a_change_of_what_only_kubernetes_is_given_is_rolled_back_with_kubectl(file: str) -> None:
    plan = plan_for(hypothesis(change=SHA, remediation="rollback"), evidence(SLOWER, change(files=(file,))))

    assert plan.actions[0].commands[0].endswith("rollout history deployment/checkout")


def test_the_release_that_ran_before_is_deployed_again_with_whatever_deploys() -> None:
    facts = evidence(SLOWER, change(before=BEFORE, after="v42"))

    plan = plan_for(hypothesis(change=SHA, remediation="rollback"), facts)

    assert titles(plan)[0] == (
        f"Deploy {BEFORE[:12]} of checkout again, which ran before {SHA[:12]} (v42), with whatever deploys checkout"
    )
    assert plan.actions[0].commands == (f"git log --oneline {BEFORE}..{SHA}",)
    assert plan.actions[0].rollback == f"Deploy {SHA[:12]} (v42) again."
    assert plan.actions[1].commands == (f"git revert --no-edit {SHA}",)


def test_a_release_that_nobody_knows_is_left_open_where_a_person_sees_it() -> None:
    plan = plan_for(hypothesis(change=SHA, remediation="rollback"), evidence(SLOWER, change()))
    checks = [one.title for one in plan.preflight]

    assert "[fill in: which release that was, from the history of deployments]" in titles(plan)[0]
    assert plan.actions[0].commands == (f"git log --oneline --skip=1 --max-count=5 {SHA}",)
    assert any("Each [fill in: …] is filled in" in one for one in checks)
    assert any("read it from the history of deployments" in one for one in checks)
    assert "a person has to fill in values that the evidence does not know" in plan.risk_reasons


def test_that_nobody_knows_what_deploys_it_is_said_beforehand() -> None:
    plan = plan_for(hypothesis(change=SHA, remediation="rollback"), evidence(SLOWER, change()))

    assert any("What deploys and runs checkout is in no evidence" in one.title for one in plan.preflight)


def test_a_reverted_setting_is_told_with_the_value_that_comes_back() -> None:
    facts = evidence(SLOWER, config(before=BEFORE))

    plan = plan_for(hypothesis("config", change=SHA, remediation="config-revert"), facts)

    assert titles(plan) == [
        f"Revert commit {SHA[:12]} in its repository: it sets queue back from 0 to 96 (settings/checkout.toml)",
        (
            f"Deploy the reverted checkout, with whatever deploys it; until then {BEFORE[:12]}, which ran before, can "
            "be deployed again"
        ),
    ]


@pytest.mark.parametrize("value", ["$(reboot)", "a b", "«redacted:password:1f»", "x" * 80])
def test_a_setting_whose_value_is_no_plain_word_is_not_repeated(value: str) -> None:
    facts = evidence(SLOWER, config(diff=[*TURNED[:2], f"-queue = {value}", "+queue = 0"]))

    plan = plan_for(hypothesis("config", change=SHA, remediation="config-revert"), facts)

    assert value not in plan.model_dump_json()
    assert titles(plan)[0].endswith("so that the next release does not bring it back")


def test_a_commit_is_reverted_in_the_repository_that_it_lies_in() -> None:
    lies = change().model_copy(update={"repository": "acme/shop"})

    plan = plan_for(hypothesis(change=SHA, remediation="rollback"), evidence(SLOWER, lies))

    assert titles(plan)[1].startswith(f"Revert commit {SHA[:12]} in acme/shop, so that")


def test_a_merge_is_reverted_to_the_branch_that_it_was_merged_into() -> None:
    merged = change().model_copy(update={"message": "Merge pull request #12 from shop/queue"})

    plan = plan_for(hypothesis(change=SHA, remediation="rollback"), evidence(SLOWER, merged))

    assert plan.actions[1].commands == (f"git revert --no-edit -m 1 {SHA}",)


def test_a_flag_is_set_back_where_it_was_read() -> None:
    switched = change("flag", "new-pricing", before="off", after="on", files=("shop/flags.json",))

    plan = plan_for(hypothesis("flag", change="new-pricing"), evidence(SLOWER, switched))

    assert titles(plan) == ["Set flag new-pricing of checkout back to off, in shop/flags.json, where it was read"]


def test_a_setting_of_a_store_is_set_back_to_its_value_before() -> None:
    stored = change("config", "POOL_SIZE", before="POOL_SIZE=50", after="POOL_SIZE=5")

    plan = plan_for(hypothesis("config", change="POOL_SIZE"), evidence(SLOWER, stored))

    assert titles(plan) == ["Set key POOL_SIZE of checkout back to 50, in the system that holds it"]
    assert plan.actions[0].rollback == "Set POOL_SIZE to 5 again."


def test_a_database_without_connections_left_is_given_no_replicas() -> None:
    cause = "connection_exhaustion_from_idle_client_sessions"

    plan = plan_for(hypothesis("capacity", cause=cause, remediation="scale"), evidence(SLOWER))

    assert [one.kind for one in plan.actions] == ["tune_database"]


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        ("disk_full", "extend_storage"),
        ("storage_exhaustion", "extend_storage"),
        ("disk_io_saturation", "scale_service"),
        ("cpu_saturation", "scale_service"),
        ("memory_limit_reached", "scale_service"),
    ],
)
def test_what_is_used_up_is_given_more_of_it(cause: str, kind: str) -> None:
    plan = plan_for(hypothesis("capacity", cause=cause, remediation="scale"), evidence(SLOWER))

    assert [one.kind for one in plan.actions] == [kind]


def test_a_revert_undoes_nothing_that_came_later_but_may_conflict_with_it() -> None:
    facts = evidence(
        SLOWER,
        config(),
        change(label="c" * 40, minutes=10, files=("settings/checkout.toml",)),
        change(label="d" * 40, minutes=5, files=("checkout/cart.py",)),
    )

    plan = plan_for(hypothesis("config", change=SHA, remediation="config-revert"), facts)
    checks = [one.title for one in plan.preflight]

    assert "The revert may conflict with what changed the same files later: cccccccccccc" in checks
    assert not [one for one in checks if "undoes what came later" in one]


@pytest.mark.parametrize(
    ("said", "asked"), [("checkout says “bank answered 504”.", "bank"), ("checkout says “it failed”.", "checkout")]
)
def test_a_dependency_that_verified_claims_speak_of_is_passed_by(said: str, asked: str) -> None:
    place = PLACE.model_copy(update={"callees": ["bank", "store"]})
    told = hypothesis("external", remediation="failover", support=(rise().model_copy(update={"sentence": said}),))

    plan = plan_for(told, evidence(SLOWER, place))

    assert {one.target for one in plan.actions} == {asked}
    assert ("what checkout asks of bank" in titles(plan)[0]) is (asked == "bank")


def test_the_symptom_is_that_of_the_target_where_it_has_one() -> None:
    other = rise().model_copy(update={"claim": rise().claim.model_copy(update={"subject": "pricing latency_p99"})})

    plan = plan_for(hypothesis(change=SHA, support=(other, rise())), evidence(SLOWER, change()))
    alone = plan_for(hypothesis(change=SHA, support=(other,)), evidence(SLOWER, change()))

    assert [one.claim for one in plan.verification if one.claim] == [rise().claim]
    assert [one.claim for one in alone.verification if one.claim] == [other.claim]


@pytest.mark.parametrize(("cause", "told"), [("clock_drift", "Set the clock"), ("noisy_neighbour", "Find what else")])
def test_a_machine_that_can_be_mended_is_mended_before_it_is_left(cause: str, told: str) -> None:
    plan = plan_for(hypothesis("infrastructure", cause=cause, remediation="reschedule"), evidence(SLOWER))

    assert [one.kind for one in plan.actions] == ["restore_node", "reschedule_pods"]
    assert titles(plan)[0].startswith(told)
    assert "the machine that checkout runs on" in titles(plan)[0]


def test_how_versions_compare_is_no_symptom_that_could_end() -> None:
    where = PointerSelector(evidence="E1", pointer="/facts/0/version_contrast", expected="9 of 9 went wrong")
    compared = rise().model_copy(
        update={"claim": rise().claim.model_copy(update={"predicate": "equals", "selectors": (where,)})}
    )

    told = hypothesis(change=SHA, remediation="rollback", support=(compared, rise()))
    plan = plan_for(told, evidence(SLOWER, change()))

    assert [one.claim for one in (*plan.preflight, *plan.verification) if one.claim] == [rise().claim] * 2


def test_the_alert_that_fires_must_end() -> None:
    fired = [
        AlertFact(subject="web", name="SlowPages", severity="high", fired_at=NOON),
        AlertFact(subject="checkout", name="ErrorsHigh", severity="critical", fired_at=NOON),
        AlertFact(subject="checkout", name="Over", severity="low", fired_at=HOUR.start, resolved_at=NOON),
        AlertFact(subject="billing", name="Elsewhere", severity="low", fired_at=NOON),
    ]

    plan = plan_for(hypothesis(change=SHA, remediation="rollback"), evidence(SLOWER, change(), PLACE, *fired))

    assert [one.title for one in plan.verification][:2] == [
        "The alert ErrorsHigh of checkout no longer fires",
        "The alert SlowPages of web no longer fires",
    ]

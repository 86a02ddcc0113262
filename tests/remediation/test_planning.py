import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.remediation.cases import (
    IN_PODS,
    NOON,
    PLACE,
    SHA,
    SLOWER,
    change,
    condition,
    diff_line,
    evidence,
    hypothesis,
    listing,
    rise,
)

from rootline.analysis.cluster.causes import REMEDIES
from rootline.domain.hypothesis import Remediation
from rootline.errors import ToolFault
from rootline.remediation.catalog import CATALOG
from rootline.remediation.planning import plan_for
from rootline.remediation.relieving import BY_REMEDY


def test_a_release_is_rolled_back_and_its_commit_taken_out_of_the_branch() -> None:
    facts = evidence(SLOWER, change(before="v41", after="v42"), listing())

    plan = plan_for(hypothesis(change=SHA, remediation="rollback"), facts)

    assert [one.kind for one in plan.actions] == ["rollback_deployment", "revert_commit"]
    assert plan.actions[0].commands[0] == "kubectl -n shop rollout history deployment/checkout"
    assert plan.actions[0].arguments == {"from": SHA, "to": "v41"}
    assert plan.actions[1].commands == (f"git revert --no-edit {SHA}",)
    assert plan.state == "draft"


def test_a_rollback_names_the_commit_and_says_when_the_previous_revision_is_unknown() -> None:
    plan = plan_for(hypothesis(change=SHA[:8], remediation="rollback"), evidence(IN_PODS, change()))

    assert SHA[:12] in plan.actions[0].title
    assert "previous revision unknown" in plan.actions[0].title
    assert any("Previous revision unknown" in one.title for one in plan.preflight)


def test_a_subject_that_no_evidence_names_is_refused_and_named() -> None:
    with pytest.raises(ToolFault, match=r"'billing'.*Evidence names checkout"):
        plan_for(hypothesis(subject="billing"), evidence(SLOWER))


def test_a_change_that_no_evidence_names_is_refused_and_named() -> None:
    with pytest.raises(ToolFault, match=r"'deadbeef'.*no evidence names this change"):
        plan_for(hypothesis(change="deadbeef"), evidence(SLOWER, change()))


def test_a_prefix_of_two_changes_is_refused() -> None:
    other = change(label=SHA[:10] + "0" * 30)

    with pytest.raises(ToolFault):
        plan_for(hypothesis(change=SHA[:8]), evidence(SLOWER, change(), other))


def test_a_bare_name_finds_the_object_as_the_evidence_spells_it() -> None:
    facts = evidence(condition("memory_limit_reached"), listing())

    plan = plan_for(hypothesis("config", subject="checkout", cause="memory_limit_reached"), facts)

    assert plan.subject == "app/checkout"


@pytest.mark.parametrize("name", ["check out", "$(reboot)", "a;b", "--all", "Checkout", "x" * 300, "`id`", "a\nb"])
def test_a_name_that_kubernetes_would_refuse_enters_no_command(name: str) -> None:
    facts = evidence(IN_PODS.model_copy(update={"service": name}), change(subject=name))

    plan = plan_for(hypothesis(subject=name, change=SHA, remediation="rollback"), facts)

    assert plan.actions[0].commands == ()
    assert "no command" in plan.actions[0].title


@given(
    label=st.text(min_size=1, max_size=80), service=st.text(min_size=1, max_size=80).filter(lambda s: s != "unknown")
)
def test_no_text_of_a_change_reaches_a_command_unless_it_is_a_plain_name(label: str, service: str) -> None:
    facts = evidence(change(label=label, subject=service, files=(label, f"{service}/x.tf")))

    for remedy in BY_REMEDY:
        plan = plan_for(hypothesis(subject=service, change=label, remediation=remedy), facts)
        words = [word for one in plan.actions for command in one.commands for word in shlex.split(command)]
        assert not any(set(word) & set(";|&<>`\n\x00'\"()") for word in words if "${" not in word)


def test_a_flag_goes_back_to_its_earlier_value() -> None:
    facts = evidence(SLOWER, change("flag", "new-pricing", before="off", after="on"))

    plan = plan_for(hypothesis("flag", change="new-pricing"), facts)

    assert [one.kind for one in plan.actions] == ["disable_flag"]
    assert plan.actions[0].arguments == {"flag": "new-pricing", "from": "on", "to": "off"}
    assert plan.actions[0].rollback == "Set new-pricing to on again."


def test_a_value_that_is_no_plain_word_is_not_repeated() -> None:
    facts = evidence(SLOWER, change("config", "POOL_SIZE", before="run `rm -rf /`", after="5"))

    plan = plan_for(hypothesis("config", change="POOL_SIZE"), facts)

    assert "rm -rf" not in plan.model_dump_json()
    assert "its earlier value" in plan.actions[0].title


def test_a_missing_migration_is_applied_with_the_tool_whose_layout_it_has() -> None:
    facts = evidence(SLOWER, change(files=("shop/migrations/0007_add_total.py", "shop/models.py")))

    plan = plan_for(hypothesis(change=SHA, remediation="roll-forward"), facts)

    assert plan.actions[0].kind == "apply_migration"
    assert plan.actions[0].commands == ("python manage.py migrate --plan", "python manage.py migrate")
    assert plan.risk in {"high", "critical"}


def test_a_reverted_commit_is_shown_dry_by_the_tools_that_deliver_its_files() -> None:
    files = ("infra/prod/main.tf", "deploy/charts/checkout/values.yaml", "playbooks/web.yml")
    facts = evidence(SLOWER, change(files=files))

    plan = plan_for(hypothesis("config", change=SHA), facts)

    assert plan.actions[0].commands[1:] == (
        "terraform -chdir=infra/prod plan -lock=false",
        "helm template checkout deploy/charts/checkout --values deploy/charts/checkout/values.yaml",
        "ansible-playbook --check --diff playbooks/web.yml",
    )


@pytest.mark.parametrize("cause", sorted(REMEDIES))
def test_every_cause_of_a_cluster_has_a_concrete_step(cause: str) -> None:
    facts = evidence(condition(cause), listing())

    plan = plan_for(hypothesis("infrastructure", subject="app/checkout", cause=cause), facts)

    assert plan.actions[0].kind not in {"observe", "escalate_upstream"}
    assert plan.actions[0].commands
    assert any("Diagnose again" in one.title for one in plan.verification)


@pytest.mark.parametrize(
    ("cause", "field"),
    [
        ("liveness_probe_wrong_port", "livenessProbe.httpGet.port"),
        ("service_target_port_wrong", "spec.ports[*].targetPort of service/checkout"),
        ("selector_matches_no_node", "spec.template.spec.nodeSelector of deployment/checkout"),
        ("image_not_found", "containers[*].image of deployment/checkout"),
        ("memory_limit_reached", "resources.limits.memory"),
    ],
)
def test_a_faulty_field_is_named_with_its_object(cause: str, field: str) -> None:
    plan = plan_for(hypothesis("config", subject="checkout", cause=cause), evidence(condition(cause), listing()))

    assert plan.actions[0].kind == "fix_manifest"
    assert field in plan.actions[0].title


def test_a_corrected_workload_is_undone_in_its_own_namespace() -> None:
    cause = "memory_limit_reached"

    plan = plan_for(hypothesis("config", subject="checkout", cause=cause), evidence(condition(cause), listing()))

    assert plan.actions[0].rollback == "kubectl -n shop rollout undo deployment/checkout"


def test_a_quota_is_raised_by_its_resource_in_its_namespace() -> None:
    cause = "memory_quota_used_up"
    facts = evidence(condition(cause, "namespace/shop", ("resourcequota/compute",)))

    plan = plan_for(hypothesis("capacity", subject="namespace/shop", cause=cause), facts)

    assert plan.actions[0].kind == "raise_quota"
    assert "requests.memory" in plan.actions[0].title
    assert plan.actions[0].commands[0] == "kubectl -n shop describe resourcequota/compute"


def test_a_node_gets_its_kubelet_back() -> None:
    facts = evidence(condition("kubelet_down", "node/worker-2"))

    plan = plan_for(hypothesis("infrastructure", subject="node/worker-2", cause="kubelet_down"), facts)

    assert plan.actions[0].kind == "restore_node"
    assert plan.actions[0].target == "worker-2"
    assert "'name=kubelet state=started'" in plan.actions[0].commands[1]


def test_an_unknown_namespace_stays_open_so_that_the_shell_refuses_the_command() -> None:
    plan = plan_for(hypothesis(remediation="rollback"), evidence(IN_PODS))

    assert plan.actions[0].commands[0].startswith('kubectl -n "${NAMESPACE:?name the namespace}"')
    assert any("set NAMESPACE" in one.title for one in plan.preflight)


def test_a_stateful_set_is_not_taken_for_a_deployment() -> None:
    plan = plan_for(hypothesis(remediation="rollback"), evidence(SLOWER, listing("statefulsets")))

    assert "statefulset/checkout" in plan.actions[0].commands[0]


def test_the_symptom_is_read_again_before_and_must_be_gone_after() -> None:
    told = hypothesis(change=SHA, remediation="rollback", support=(diff_line(), rise()))

    plan = plan_for(told, evidence(SLOWER, change(), PLACE))

    assert plan.preflight[0].claim == rise().claim
    assert [(one.claim, one.expected) for one in plan.verification if one.claim] == [(rise().claim, "gone")]
    assert any("web, which depends on it, is as before" in one.title for one in plan.verification)


def test_later_changes_that_would_be_lost_are_named() -> None:
    later = change(label="b" * 40, minutes=10)

    plan = plan_for(hypothesis(change=SHA, remediation="rollback"), evidence(SLOWER, change(), later))

    assert any("undoes what came later on checkout as well: bbbbbbbbbbbb" in one.title for one in plan.preflight)


def test_doubt_and_reach_raise_the_risk() -> None:
    facts, wide = evidence(SLOWER, change()), evidence(SLOWER, change(), PLACE)
    sure = plan_for(hypothesis(change=SHA, remediation="rollback"), facts)
    unsure = plan_for(hypothesis(change=SHA, remediation="rollback", probability=0.3, is_proven=False), wide)

    assert sure.risk_score < unsure.risk_score < 1
    assert "2 services depend on checkout" in unsure.risk_reasons


def test_looking_further_risks_nothing() -> None:
    plan = plan_for(hypothesis("unknown"), evidence(SLOWER))

    assert [one.kind for one in plan.actions] == ["observe"]
    assert (plan.risk, plan.risk_score) == ("low", 0.0)


def test_a_provider_is_named_by_its_status_page() -> None:
    facts = evidence(SLOWER, change("status", "acme-payments", after="major_outage"))

    plan = plan_for(hypothesis("external", remediation="failover"), facts)

    assert [(one.kind, one.target) for one in plan.actions] == [
        ("failover", "acme-payments"),
        ("escalate_upstream", "acme-payments"),
    ]


@pytest.mark.parametrize("remedy", sorted(BY_REMEDY))
def test_every_remedy_has_steps_of_the_catalogue_with_a_way_back(remedy: Remediation) -> None:
    plan = plan_for(hypothesis(change=SHA, remediation=remedy), evidence(SLOWER, change(), listing()))

    assert plan.actions
    assert plan.remediation == remedy
    assert all(one.rollback and one.kind in CATALOG for one in plan.actions)


def test_the_same_hypothesis_gives_the_same_plan() -> None:
    facts = evidence(SLOWER, change(), PLACE, listing())

    one, other = (plan_for(hypothesis(change=SHA), facts) for _ in range(2))

    assert one.sha256 == other.sha256
    assert NOON.isoformat() not in one.model_dump_json()

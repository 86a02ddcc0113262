"""Risk is counted out of named parts, each by hand here, and no doubt ever lowers it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.remediation.cases import PLACE, SHA, SLOWER, change, condition, evidence, hypothesis, listing

from rootline.domain.fact import AnyFact, ServiceFact
from rootline.domain.hypothesis import Hypothesis
from rootline.domain.plan import Action, ActionKind
from rootline.errors import ToolFault
from rootline.remediation.case import Case, case_of
from rootline.remediation.catalog import CATALOG, step
from rootline.remediation.risk import assess


def case(*facts: AnyFact, **said: object) -> Case:
    known: Hypothesis = hypothesis(**{"probability": 1.0, **said})  # type: ignore[arg-type]  # its own arguments
    return case_of(known, evidence(SLOWER, *facts))


def acts(*kinds: ActionKind, command: str = "") -> list[Action]:
    return [step(kind, "checkout", "Do it", command) for kind in kinds]


def left(*weights: float) -> float:
    """What a score is when each weight takes its share of the safety that is left."""
    safe = 1.0
    for weight in weights:
        safe *= 1 - weight
    return round(1 - safe, 3)


@pytest.mark.parametrize(
    ("kinds", "score", "level"),
    [
        (("observe",), 0.0, "low"),
        (("escalate_upstream", "observe"), 0.0, "low"),
        (("disable_flag",), left(0.08, 0.06), "low"),
        (("rollback_deployment",), left(0.08, 0.08, 0.06), "low"),
        (("failover",), left(0.25, 0.08, 0.06), "medium"),
        (("apply_migration",), left(0.5, 0.3, 0.06), "high"),
        (("purge_bad_data", "restart_service"), left(0.5, 0.3, 0.08, 0.06), "high"),
    ],
)
def test_a_score_is_what_its_parts_leave_of_safety(kinds: tuple[ActionKind, ...], score: float, level: str) -> None:
    found = assess(case(), acts(*kinds))

    assert (found.score, found.risk) == (score, level)


def test_what_can_never_be_undone_is_high_at_least() -> None:
    lasting = step("disable_flag", "checkout", "Do it", reversibility="irreversible")

    assert assess(case(), [lasting]).score == left(0.7, 0.06)
    assert assess(case(), [lasting]).risk == "high"


def test_reasons_are_told_heaviest_first() -> None:
    found = assess(case(PLACE, probability=0.5, is_proven=False), acts("rollback_deployment", command='echo "${X:?x}"'))

    assert found.reasons == (
        "the cause is possible, not proven",
        "the cause is 50% likely",
        "connections or clients may notice it",
        "rollback deployment is undone at once",
        "the environment is not in the evidence, so production is assumed",
        "a person has to fill in values that the evidence does not know",
        "2 services depend on checkout",
    )
    assert found.score == left(0.15, 0.125, 0.08, 0.08, 0.06, 0.05, 0.04)


@pytest.mark.parametrize(("victims", "weight"), [(0, 0.0), (1, 0.02), (5, 0.1), (10, 0.2), (40, 0.2)])
def test_each_service_that_depends_on_it_counts_up_to_ten(victims: int, weight: float) -> None:
    place = ServiceFact(subject="checkout", victims=[f"s{one}" for one in range(victims)])

    assert assess(case(place), acts("disable_flag")).score == left(0.08, 0.06, weight)


@pytest.mark.parametrize(("kind", "weight"), [("node", 0.12), ("namespace", 0.08)])
def test_what_holds_many_things_weighs_more(kind: str, weight: float) -> None:
    wide = case(condition("kubelet_down", subject=f"{kind}/one"), subject=f"{kind}/one")

    assert assess(wide, acts("disable_flag")).score == left(0.08, 0.06, weight)
    assert f"everything on this {kind} is touched" in assess(wide, acts("disable_flag")).reasons


@given(sure=st.floats(0, 1), less=st.floats(0, 1), kinds=st.lists(st.sampled_from(sorted(CATALOG)), max_size=4))
def test_more_doubt_or_one_more_step_never_lowers_the_risk(sure: float, less: float, kinds: list[ActionKind]) -> None:
    low, high = sorted([sure, less])
    surer, doubted = (assess(case(probability=one), acts(*kinds)) for one in (high, low))

    assert 0 <= surer.score <= doubted.score < 1
    assert assess(case(), acts(*kinds)).score <= assess(case(), acts(*kinds, "apply_migration")).score


def test_a_bare_name_that_two_namespaces_know_is_refused_and_both_are_offered() -> None:
    known = evidence(ServiceFact(subject="shop/cart"), ServiceFact(subject="stage/cart"))

    with pytest.raises(
        ToolFault, match=r"'cart' is known in several namespaces\. Plan for one of them: shop/cart or st"
    ):
        case_of(hypothesis(subject="cart"), known)
    assert case_of(hypothesis(subject="stage/cart"), known).target.namespace == "stage"


def test_the_same_object_under_two_kinds_is_one() -> None:
    known = evidence(condition("crashing", subject="app/cart"), ServiceFact(subject="shop/cart"))

    assert case_of(hypothesis(subject="cart"), known).target.name == "cart"


def test_an_empty_listing_of_a_namespace_names_it_not() -> None:
    empty = listing().model_copy(update={"lines": [""]})

    assert case_of(hypothesis(), evidence(SLOWER, empty)).target.namespace == ""
    assert case_of(hypothesis(), evidence(SLOWER, listing())).target.namespace == "shop"


@pytest.mark.parametrize(("begun", "found"), [(SHA, True), (SHA[:7], True), (SHA[:6], False), ("", True)])
def test_a_change_is_found_by_seven_characters_or_more(begun: str, *, found: bool) -> None:
    said = hypothesis(change=begun)

    if found:
        assert (case_of(said, evidence(SLOWER, change())).change is not None) is bool(begun)
    else:
        with pytest.raises(ToolFault, match="no evidence names this change"):
            case_of(said, evidence(SLOWER, change()))

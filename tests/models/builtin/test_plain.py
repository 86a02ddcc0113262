import pytest
from tests.fakes.incident import CULPRIT, incident
from tests.models.builtin.investigations import answer_to, asking

from rootline.domain.session import Question
from rootline.models.builtin.asked import asked, is_plain
from rootline.models.builtin.tables import telling_lines

pytestmark = pytest.mark.anyio
KNOWN = ("cart", "cart-redis", "checkout")
PODS = (
    "NAME        READY   STATUS             RESTARTS      AGE",
    "cart-1      1/1     Running            0             3d",
    "cart-2      0/1     CrashLoopBackOff   7 (30s ago)   3d",
    "checkout-1  0/1     Pending            0             1m",
)


def question(text: str) -> Question:
    return Question(text=text, window=incident().question.window)


async def said(text: str) -> list[tuple[str, str, object]]:
    answer = await answer_to(asking(text))
    assert answer.hypotheses == ()
    assert answer.failed == ()
    return [(one.claim.subject, one.claim.predicate, one.claim.value) for one in answer.claims]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Which pods restart?", True),
        ("how many requests does cart get", True),
        ("What caused the outage?", False),
        ("Which change broke cart?", False),
        ("Explain the alert", False),
    ],
)
def test_a_plain_question_asks_for_facts_and_not_for_a_cause(text: str, plain: bool) -> None:
    assert is_plain(question(text)) is plain


@pytest.mark.parametrize(
    ("text", "topic", "names"),
    [
        ("Who calls cart?", "callers", ("cart",)),
        ("Which services does cart call?", "callees", ("cart",)),
        ("What depends on cart-redis?", "callers", ("cart-redis",)),
        ("What was deployed to checkout?", "changes", ("checkout",)),
        ("Which alerts fired?", "alerts", ()),
        ("When did it start?", "beginning", ()),
        ("Is checkout healthy?", "health", ("checkout",)),
        ("Is the web site all right?", "health", ()),
        ("Is everything working?", "health", ()),
        ("Which services are slow?", "slowness", ()),
        ("How many requests does cart get?", "traffic", ("cart",)),
        ("Which pods restart?", "cluster", ()),
    ],
)
def test_a_question_is_read_by_its_words_and_the_names_that_are_known(
    text: str, topic: str, names: tuple[str, ...]
) -> None:
    read = asked(question(text), KNOWN)

    assert (read.topic, read.names) == (topic, names)


async def test_callers_are_those_who_depend_on_the_service_and_nobody_else() -> None:
    found = await said("Who calls service-0?")

    assert {(predicate, value) for _, predicate, value in found} == {("depends_on", "service-0")}


async def test_what_a_service_calls_is_the_other_direction() -> None:
    assert await said("Which services does service-3 call?") == [("service-3", "depends_on", "service-0")]


async def test_deployments_of_one_service_are_told_without_those_of_others() -> None:
    found = await said("What was deployed to service-0?")

    assert ("service-0", "changed", CULPRIT) in found
    assert {(subject, verb) for subject, verb, _ in found} == {("service-0", "changed")}
    assert await said("What was deployed to service-4?") == []


async def test_slow_services_are_those_whose_times_rose() -> None:
    assert {(subject, verb) for subject, verb, _ in await said("Which services are slow?")} == {
        ("service-0 latency_seconds", "rose"),
        ("service-1 latency_seconds", "rose"),
    }


async def test_the_request_rate_of_a_calm_service_is_its_level() -> None:
    found = await said("How many requests does service-4 get?")

    assert [(subject, verb) for subject, verb, _ in found] == [("service-4 requests_per_second", "equals")]


async def test_health_of_a_calm_service_is_said_and_of_a_sick_one_is_not() -> None:
    assert [verb for _, verb, _ in await said("Is service-4 healthy?")] == ["is_healthy"]
    assert "is_healthy" not in {verb for _, verb, _ in await said("Is service-0 healthy?")}


async def test_where_no_service_is_named_what_is_wrong_is_told_and_nothing_beside_it() -> None:
    found = await said("Is the web site all right?")

    assert found
    assert "is_healthy" not in {verb for _, verb, _ in found}
    assert not [subject for subject, _, _ in found if subject.startswith("service-4")]


async def test_an_unknown_matter_is_not_padded_with_what_is_known() -> None:
    assert await said("Who is on call tonight?") == []


def test_restarting_pods_are_those_with_restarts_and_unready_ones_those_that_do_not_run() -> None:
    assert telling_lines(PODS, frozenset({"which", "pods", "restart"}), ()) == [2]
    assert telling_lines(PODS, frozenset({"which", "pods", "pending"}), ("checkout",)) == [3]
    assert telling_lines(PODS, frozenset({"list", "pods"}), ()) == [1, 2, 3]

"""What is seen of services at a glance: who is loud, and who suffers."""

import pytest
from tests.models.builtin.test_user_words import HOUR, START

from rootline.domain.evidence import Evidence, Reading, SourceName
from rootline.domain.fact import AnyFact, BehaviourFact, EdgeFact, LogFact, SeriesFact
from rootline.models.builtin.from_services import from_services, weighed_services
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Shelf


def seen(*facts: AnyFact) -> Seen:
    reading = Reading(status="ok", summary="", facts=facts, source=SourceName(backend="made up"), window=HOUR)
    one = Evidence(label="E1", tool="search_logs", arguments={}, reading=reading, sha256="", taken_at=START)
    return Seen(Shelf({"E1": one}))


def error(count: int, *, by_user: bool = False) -> LogFact:
    return LogFact(subject="cart", template="it failed", count=count, novelty=1.0, is_error=True, user_written=by_user)


@pytest.mark.parametrize(("count", "loud"), [(1, 0.5), (3, 0.75), (99, 0.99)])
def test_a_new_error_that_came_once_counts_half_of_one_that_keeps_coming(count: int, loud: float) -> None:
    assert seen(error(count)).loudness("cart") == pytest.approx(loud)


def test_what_users_write_is_never_loud() -> None:
    assert seen(error(99, by_user=True)).loudness("cart") == 0.0


@pytest.mark.parametrize(("strength", "suffers"), [(0.9, True), (0.1, False)])
def test_who_behaves_unlike_itself_suffers(strength: float, suffers: bool) -> None:
    odd = BehaviourFact(subject="web", strength=strength, changed=strength)

    assert ("web" in seen(odd).hurt) is suffers


def test_a_service_whose_caller_behaves_unlike_itself_harms_somebody() -> None:
    stopped = BehaviourFact(subject="cart", strength=0.8, changed=0.8)
    felt = BehaviourFact(subject="web", strength=0.9, changed=0.9)
    edge = EdgeFact(subject="web", callee="cart", found_in="traces")

    parts = {part.name for one in weighed_services(seen(stopped, felt, edge), ["cart"]) for part in one.parts}

    assert "does other things" in parts
    assert "harms nobody" not in parts


def test_claims_are_made_for_those_that_are_answered_with_alone() -> None:
    stopped = seen(BehaviourFact(subject="cart", strength=0.8, changed=0.8))

    assert [bool(one.support) for one in from_services(stopped)] == [True]
    assert [bool(one.support) for one in weighed_services(stopped, ["cart"])] == [False]


@pytest.mark.parametrize(
    ("text", "accused"),
    [
        ("dial tcp gate:8080: connection refused", True),
        ("shop.gate/Read failed", True),
        ("pod gate-5d8f9-x2 did not answer", True),
        ("com.shop.gate.filter.Access: POST failed", False),
        ("rejected by old-gate", False),
        ("no gateway", False),
    ],
)
def test_an_error_accuses_the_service_that_it_names_and_no_part_of_a_longer_name(text: str, accused: bool) -> None:
    said = LogFact(subject="web", template=text, count=9, novelty=1.0, is_error=True)
    edge = EdgeFact(subject="web", callee="gate", found_in="traces")

    assert seen(said, edge).accusers("gate") == (("web",) if accused else ())


@pytest.mark.parametrize(("own", "way", "share"), [(0.0, 0.9, 0.0), (0.9, 0.0, 1.0), (0.3, 0.9, 0.25), (0.0, 0.0, 1.0)])
def test_time_that_is_lost_on_the_way_is_not_lost_in_the_service_itself(own: float, way: float, share: float) -> None:
    fact = BehaviourFact(subject="cart", strength=0.9, own=own, on_the_way=way, changed=0.0)

    assert seen(fact).in_itself("cart") == pytest.approx(share)
    assert seen(fact).in_itself("stock") == 1.0


@pytest.mark.parametrize(("below", "left"), [(0.0, 0.9), (0.3, 0.81), (0.9, 0.09), (1.0, 0.0)])
def test_a_callee_accounts_for_as_much_as_it_changed_itself(below: float, left: float) -> None:
    facts = (
        BehaviourFact(subject="web", strength=0.9, changed=0.9),
        BehaviourFact(subject="cart", strength=below, changed=below),
        EdgeFact(subject="web", callee="cart", found_in="traces"),
    )

    assert seen(*facts).changed("web") == pytest.approx(left)


@pytest.mark.parametrize(("score", "quiet"), [(0.9, False), (0.2, True)])
def test_a_service_of_which_any_number_clearly_moved_is_not_quiet(score: float, quiet: bool) -> None:
    fell = SeriesFact(
        subject="bookable_ratio of cart", service="cart", metric="bookable_ratio", direction="down", anomaly="drop",
        baseline=0.8, current=0.2, peak=0.2, onset=START, score=score,
    )  # fmt: skip

    assert seen(fell).is_quiet("cart") is quiet

"""What is seen of services at a glance: who is loud, and who suffers."""

import pytest
from tests.models.builtin.test_user_words import HOUR, START

from rootline.domain.evidence import Evidence, Reading, SourceName
from rootline.domain.fact import AnyFact, BehaviourFact, EdgeFact, LogFact
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

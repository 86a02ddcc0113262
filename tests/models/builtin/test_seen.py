"""What is seen of services at a glance: who is loud, and who suffers."""

from datetime import timedelta

import pytest
from tests.models.builtin.test_user_words import HOUR, START

from rootline.domain.evidence import Evidence, Reading, SourceName
from rootline.domain.fact import AlertFact, AnyFact, BehaviourFact, EdgeFact, LogFact, SeriesFact
from rootline.domain.points import Points
from rootline.models.builtin.from_services import from_services, weighed_services
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Shelf
from rootline.models.builtin.symptoms import first_failing


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


def shifted(service: str, begins: int, ends: int | None) -> SeriesFact:
    """Errors of a service from one minute after the start to another."""
    return SeriesFact(
        subject=f"{service} request_errors_ratio",
        service=service,
        metric="request_errors_ratio",
        unit="ratio",
        direction="up",
        anomaly="spike",
        baseline=0.0,
        current=0.9,
        peak=0.9,
        onset=START + timedelta(minutes=begins),
        ended=None if ends is None else START + timedelta(minutes=ends),
        effect=50.0,
        score=0.8,
        points=Points.listed([(START.timestamp() + 60 * at, 0.9 * (begins <= at < (ends or 60))) for at in range(60)]),
    )


def fired(minute: int, *, resolved: bool = False) -> AlertFact:
    at = START + timedelta(minutes=minute)
    ended = at + timedelta(minutes=1) if resolved else None
    return AlertFact(subject="web", name="Failing", severity="critical", fired_at=at, resolved_at=ended)


@pytest.mark.parametrize(
    ("facts", "over"),
    [
        ([shifted("cache", 5, 10), fired(30)], True),
        ([shifted("cache", 5, 40), fired(30)], False),
        ([shifted("cache", 5, None), fired(30)], False),
        ([shifted("cache", 5, 10), fired(6, resolved=True)], False),
        ([shifted("cache", 5, 10), shifted("store", 20, None)], True),
        ([shifted("cache", 5, 25), shifted("store", 20, None)], False),
        ([shifted("cache", 5, 10)], False),
    ],
)
def test_what_was_over_before_the_present_trouble_began_is_told_and_weighs_less(
    facts: list[AnyFact], over: bool
) -> None:
    found = seen(*facts)

    assert found.was_over("cache") is over
    (weighed,) = weighed_services(found, ["cache"])
    assert ("over" in {part.name for part in weighed.parts}) is over


def test_an_alert_that_names_no_service_is_told_by_its_own_name_and_blames_nobody() -> None:
    alert = AlertFact(subject="Failing", name="Failing", severity="critical", fired_at=START)

    assert first_failing(seen(alert).shelf) == ""
    assert first_failing(seen(fired(1)).shelf) == "web"

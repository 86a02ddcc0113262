from datetime import UTC, datetime, timedelta

from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = Window(start=NOON - timedelta(hours=12), end=NOON + timedelta(hours=12))


def minutes(count: int) -> datetime:
    return NOON + timedelta(minutes=count)


GUARD = (
    "@@ func (s *Server) shipTo(order *Order) string {\n"
    "-  if order.Address == nil {\n"
    "-      return s.pickupPoint\n"
    "-  }\n"
    "   return order.Address.Street\n"
    " }\n"
)
GUARD_GONE = Commit(
    sha="a" * 40,
    at=minutes(-30),
    message="refactor: simplify shipTo",
    files=("services/delivery/ship.go",),
    diff=GUARD,
    order=0,
)
STYLES = Commit(
    sha="b" * 40,
    at=minutes(-20),
    message="restyle the delivery page",
    files=("services/delivery/static/page.css",),
    diff="@@ services/delivery/static/page.css\n-.a { color: red; }\n+.a { color: blue; }\n",
    order=1,
)
DEPLOYED = ChangeSet(
    commits=(GUARD_GONE, STYLES),
    deployments=(
        Deployment(service="deliveryservice", at=minutes(-10), commit="a" * 40),
        Deployment(service="deliveryservice", at=minutes(-1), commit="b" * 40),
    ),
)
PANIC = Symptom(
    service="deliveryservice",
    texts=("panic: runtime error: invalid memory address or nil pointer dereference",),
    onset=NOON,
)


def test_a_removed_check_explains_a_null_dereference_better_than_the_latest_deployment() -> None:
    ranking = rank(PANIC, DEPLOYED, DAY)

    assert [change.label for change in ranking.ranked] == ["a" * 40, "b" * 40]
    assert ranking.none_confidence < 0.2


def test_every_quoted_line_stands_word_for_word_in_the_stored_diff() -> None:
    ranking = rank(PANIC, DEPLOYED, DAY)
    quotes = [quote for component in ranking.ranked[0].components for quote in component.lines]

    assert quotes
    assert all(GUARD.split("\n")[quote.line - 1] == quote.text for quote in quotes)


def test_a_change_that_began_to_run_after_the_onset_is_not_the_cause() -> None:
    late = ChangeSet(
        commits=(GUARD_GONE,),
        deployments=(Deployment(service="deliveryservice", at=minutes(30), commit="a" * 40),),
    )

    ranking = rank(PANIC, late, DAY)

    assert ranking.ranked[0].score < 0
    assert ranking.none_confidence > 0.9
    assert "nothing before the onset" in {reason.name for reason in ranking.none_reasons}


def test_a_commit_rides_along_with_a_later_deployment_of_its_service() -> None:
    only_last = ChangeSet(
        commits=(GUARD_GONE, STYLES),
        deployments=(Deployment(service="deliveryservice", at=minutes(-1), commit="b" * 40),),
    )

    ranking = rank(PANIC, only_last, DAY)

    assert ranking.ranked[0].label == "a" * 40
    assert ranking.ranked[0].took_effect_at == minutes(-1)


def test_probabilities_and_none_sum_to_one() -> None:
    ranking = rank(PANIC, DEPLOYED, DAY)

    total = sum(change.probability for change in ranking.ranked) + ranking.none_confidence

    assert abs(total - 1.0) < 1e-9


def test_no_changes_at_all_means_none() -> None:
    ranking = rank(PANIC, ChangeSet(), DAY)

    assert ranking.ranked == ()
    assert ranking.none_confidence > 0.9

"""Changes that later ones take back."""

from datetime import UTC, datetime, timedelta

from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.domain.change import ChangeSet, Commit
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = Window(start=NOON - timedelta(hours=12), end=NOON)
PROSE = Symptom(service="", texts=("invoices are drawn twice",))
SEEN = Symptom(service="billing", texts=PROSE.texts, onset=NOON - timedelta(minutes=5))


def commit(letter: str, minutes: int, message: str) -> Commit:
    at = NOON - timedelta(minutes=minutes)
    return Commit(sha=letter * 40, at=at, message=message, files=("billing/a.py",), order=-minutes)


FIRST = commit("a", 60, "Draw invoices in one query")
BACK = commit("b", 40, 'Revert "Draw invoices in one query"')
AGAIN = commit("c", 20, "Draw invoices in one query")
BY_SHA = commit("d", 40, f"Back to many queries\n\nThis reverts commit {'a' * 40}.")


def told(symptom: Symptom, *commits: Commit) -> dict[str, str]:
    found = rank(symptom, ChangeSet(commits=commits), DAY)
    return {one.label[0]: part.reason for one in found.ranked for part in one.components if part.name == "reverted"}


def test_without_a_known_onset_what_was_taken_back_is_less_likely() -> None:
    assert told(PROSE, FIRST, BACK) == {"a": "a later change took it back"}
    assert told(PROSE, FIRST, BY_SHA) == {"a": "a later change took it back"}


def test_a_change_that_came_again_after_it_was_taken_back_counts_in_full() -> None:
    found = rank(PROSE, ChangeSet(commits=(FIRST, BACK, AGAIN)), DAY)

    assert set(told(PROSE, FIRST, BACK, AGAIN)) == {"a"}
    assert found.ranked[0].label == "c" * 40


def test_with_an_onset_it_is_said_whether_it_still_ran() -> None:
    early = Symptom(service="billing", texts=PROSE.texts, onset=NOON - timedelta(minutes=50))

    assert told(SEEN, FIRST, BACK) == {"a": "it was taken back before the onset"}
    assert told(early, FIRST, BACK) == {"a": "it was taken back after the onset"}


def test_what_nobody_took_back_is_not_called_so() -> None:
    assert told(PROSE, FIRST, AGAIN) == {}

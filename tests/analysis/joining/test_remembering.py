from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from rootline.analysis.joining.remembering import Lesson, Signature, shift, similarity, standings, terms_of
from rootline.domain.incident import Feedback, Verdict

START = datetime(2026, 5, 1, tzinfo=UTC)


def said(verdict: Verdict, minute: int, *, rank: int | None = 1, author: str = "ana") -> Feedback:
    at = START + timedelta(minutes=minute)
    return Feedback(investigation=UUID(int=1), hypothesis_rank=rank, verdict=verdict, author=author, at=at)


def lesson(
    cause: str = "pool_exhausted", alike: float = 0.8, *, service: str = "cart", confirmed: bool = True
) -> Lesson:
    return Lesson(service=service, cause=cause, standing="confirmed" if confirmed else "rejected", similarity=alike)


def test_the_last_word_of_an_author_counts() -> None:
    assert standings([said("confirmed", 1), said("rejected", 2)]) == {1: "rejected"}


def test_taking_a_verdict_back_leaves_nothing() -> None:
    log = [said("confirmed", 1)]

    assert standings(log) == {1: "confirmed"}
    assert standings([*log, said("uncertain", 2)]) == {}


def test_authors_who_disagree_settle_nothing() -> None:
    assert standings([said("confirmed", 1), said("rejected", 2, author="ben")]) == {}


def test_notes_and_causes_set_in_words_alone_say_nothing_of_an_explanation() -> None:
    assert standings([said("note", 1), said("root_cause_set", 2, rank=None)]) == {}


def test_the_order_of_the_log_does_not_matter_only_its_times() -> None:
    log = [said("confirmed", 1), said("rejected", 5), said("confirmed", 3, rank=2)]

    assert standings(log) == standings(log[::-1]) == {1: "rejected", 2: "confirmed"}


def test_a_confirmed_cause_moves_up_and_a_rejected_one_down_within_bounds() -> None:
    assert shift("cart", "pool_exhausted", [lesson()]) == pytest.approx(0.8)
    assert shift("cart", "pool_exhausted", [lesson(confirmed=False)]) == pytest.approx(-0.8)
    assert shift("cart", "pool_exhausted", [lesson()] * 9) == 1.0


def test_other_causes_and_incidents_unlike_this_one_move_nothing() -> None:
    assert shift("cart", "disk_full", [lesson()]) == 0.0
    assert shift("cart", "pool_exhausted", [lesson(alike=0.1)]) == 0.0


def test_the_same_cause_elsewhere_counts_half() -> None:
    assert shift("shop", "pool_exhausted", [lesson()]) == pytest.approx(0.4)


def test_the_same_incident_is_wholly_alike_and_a_strange_one_not_at_all() -> None:
    one = Signature(service="cart", families=frozenset({"errors up"}), terms=terms_of(["pool exhausted, timed out"]))
    other = Signature(service="mail", families=frozenset({"rate down"}), terms=terms_of(["certificate has expired"]))

    assert similarity(one, one) == pytest.approx(1.0)
    assert similarity(one, other) == 0.0
    assert similarity(Signature(service="", families=frozenset(), terms=frozenset()), one) == 0.0


def test_what_neither_incident_tells_is_left_out_of_the_account() -> None:
    one = Signature(service="", families=frozenset({"scheduling", "taint"}), terms=frozenset())
    other = Signature(service="", families=frozenset({"scheduling", "taint"}), terms=frozenset())
    elsewhere = Signature(service="", families=frozenset({"startup", "image"}), terms=frozenset())

    assert similarity(one, other) == pytest.approx(1.0)
    assert similarity(one, elsewhere) == 0.0


def test_incidents_of_which_nothing_is_known_are_not_alike() -> None:
    blank = Signature(service="", families=frozenset(), terms=frozenset())

    assert similarity(blank, blank) == 0.0


def test_an_unknown_service_is_not_the_same_as_a_known_one() -> None:
    known = Signature(service="cart", families=frozenset({"errors up"}), terms=frozenset())
    unknown = Signature(service="", families=frozenset({"errors up"}), terms=frozenset())

    assert 0.0 < similarity(known, unknown) < similarity(known, known)

"""What a change's words share with a symptom's, and what of it counts."""

from datetime import UTC, datetime

import pytest

from rootline.changes.candidate import Candidate, candidates
from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import Component
from rootline.changes.words.asked import Asked, clean, groups_of, loud
from rootline.changes.words.wording import Wording, wordings
from rootline.domain.change import ChangeSet, Commit
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = Window(start=NOON.replace(hour=0), end=NOON.replace(hour=23))


def commit(letter: str, message: str, *, path: str = "src/a.py", lines: tuple[str, ...] = ("+x = 1",)) -> Commit:
    diff = "\n".join((f"@@ {path} @@", *lines)) + "\n"
    return Commit(sha=letter * 40, at=NOON, message=message, files=(path,), diff=diff, order=ord(letter))


def read(symptom: str, *commits: Commit) -> dict[str, Wording]:
    found: tuple[Candidate, ...] = candidates(ChangeSet(commits=commits), ())
    return {one.label[0]: said for one, said in zip(found, wordings((symptom,), found), strict=True)}


def components(symptom: str, *commits: Commit) -> dict[str, dict[str, Component]]:
    found = rank(Symptom(service="", texts=(symptom,)), ChangeSet(commits=commits), DAY)
    return {one.label[0]: {part.name: part for part in one.components} for one in found.ranked}


IDLE = commit("z", "restyle the page")


def test_words_of_any_sentence_ask_nothing_and_talk_of_any_fault_asks_half() -> None:
    asked = Asked.of(["a title\nwe should really be seeing invoices here since it broke"])

    assert {"should", "really", "see", "here", "since"}.isdisjoint(asked.terms)
    assert asked.terms["invoic"] == 1.0
    assert asked.terms["brok"] == 0.5


def test_what_is_said_first_is_asked_twice_as_much() -> None:
    asked = Asked.of(["invoices vanish\nand the ledger is late"])

    assert asked.terms["invoic"] == 2 * asked.terms["ledg"]


def test_a_term_that_is_said_often_is_asked_more_but_not_as_often() -> None:
    asked = Asked.of(["title\nledger ledger ledger proxy"])

    assert asked.terms["proxy"] < asked.terms["ledg"] < 2 * asked.terms["proxy"]


def test_names_of_services_trailers_and_hashes_are_not_asked() -> None:
    asked = Asked.of(["title\ncheckout refuses\nSigned-off-by: Ada Example\nsince 0123456789abcdef"], ["checkout"])

    assert set(asked.terms) == {"titl", "refus"}
    assert clean("Reviewed-by: Boris\nkept") == " \nkept"


def test_identifiers_are_split_and_kept_whole() -> None:
    assert loud("maxPoolSize") == ("max", "pool", "size", "maxpoolsize")
    assert loud("the") == ()


def test_groups_of_letters_mark_where_a_word_begins_and_ends() -> None:
    assert [group for group, _ in groups_of("auth")] == ["^aut", "auth", "uth$"]
    assert [group for group, _ in groups_of("db")] == []
    assert {weight for _, weight in groups_of("broken")} == {0.5}


def test_a_word_that_is_only_spelled_alike_speaks_for_a_change_too() -> None:
    found = read("authentication is refused", commit("a", "tune the auth proxy"), IDLE)

    assert found["a"].score == 0
    assert found["a"].spelling > found["z"].spelling


def test_phrases_are_words_side_by_side_whatever_stands_between_them_in_a_sentence() -> None:
    found = read(
        "the lease of the holder is gone",
        commit("a", "drop it", lines=("-lease_holder = None",)),
        commit("b", "holder of no lease"),
        IDLE,
    )

    assert found["a"].together == ("leas hold",)
    assert found["a"].phrases > 0
    assert found["b"].phrases == 0


def test_coverage_is_the_share_of_all_that_any_change_holds() -> None:
    found = read("invoices and ledgers vanish", commit("a", "invoices, ledgers"), commit("b", "invoices"), IDLE)

    assert found["a"].covers == 1.0
    assert 0 < found["b"].covers < 1
    assert found["z"].covers == 0


def test_a_subject_is_spoken_of_as_far_as_its_own_words_are() -> None:
    found = read("invoices vanish", commit("a", "invoices"), commit("b", "invoices paper printers colours"), IDLE)

    assert 1 > found["a"].titled > found["b"].titled > found["z"].titled == 0


@pytest.mark.parametrize("symptom", ["", "   ", "it is what it is", "Change-Id: I0123456789abcdef"])
def test_a_symptom_that_asks_nothing_gives_nothing(symptom: str) -> None:
    said = read(symptom, commit("a", "invoices"))["a"]

    assert (said.score, said.spelling, said.covers, said.phrases, said.titled, said.asked) == (0, 0, 0, 0, 0, 0)


def test_no_changes_have_no_wording() -> None:
    assert wordings(("invoices vanish",), ()) == ()


def test_a_huge_text_is_read_up_to_its_bound() -> None:
    long = "first " + "x " * 2_000 + "invoices"

    assert "invoic" not in Asked.of([long]).terms
    assert Asked.of([str(at) + " invoices" for at in range(1_000)]).terms["invoic"] < 8


def test_each_component_of_words_shows_its_reason_and_its_line() -> None:
    guilty = commit("a", "renumber invoices", lines=("-    invoice_number = draw()", "+    invoice_number = 1"))

    found = components("invoice numbers are drawn twice", guilty, IDLE)["a"]

    assert found["phrases"].reason == "words stand side by side in both: invoic numb"
    assert found["coverage"].reason.startswith("it speaks of 100% of what any change here speaks")
    for name in ("wording", "spelling", "coverage", "phrases"):
        assert {one.text for one in found[name].lines} <= {"+    invoice_number = 1", "-    invoice_number = draw()"}
        assert found[name].lines


def test_a_change_that_shares_nothing_shows_no_component_of_shared_words() -> None:
    found = components("invoice numbers are drawn twice", commit("a", "renumber invoices"), IDLE)["z"]

    assert found["wording"].reason == "it shares no word with the symptom"
    assert {"coverage", "phrases"}.isdisjoint(found)


def test_where_telemetry_was_seen_words_stay_one_bounded_component() -> None:
    seen = Symptom(service="billing", texts=("invoice numbers are drawn twice",), onset=NOON)

    found = rank(seen, ChangeSet(commits=(commit("a", "renumber invoices"),)), DAY)

    assert {"spelling", "coverage", "phrases"}.isdisjoint(part.name for part in found.ranked[0].components)

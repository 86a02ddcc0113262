from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.claims.truths import truths
from tests.claims.world import World, stored

from rootline.claims import build
from rootline.claims.checker import Checker
from rootline.claims.prose import marked, missing, vocabulary
from rootline.claims.words import names_in, numbers_in
from rootline.domain.fact import ChangeFact, LogFact, SeriesFact, TextFact

WORLD = World(31)
KNOWN = vocabulary(WORLD.evidence.values())


def test_every_checked_sentence_says_only_what_the_evidence_says() -> None:
    checker = Checker(WORLD.evidence)

    lacking = {one.sentence: missing(one.sentence, KNOWN) for one in map(checker.check, truths(WORLD)) if one.is_fact}

    moments = {sentence: gap for sentence, gap in lacking.items() if gap and "the value at" not in sentence}
    assert len(lacking) > 250
    assert moments == {}


@pytest.mark.parametrize(
    ("sentence", "numbers", "names"),
    [
        ("p99 rose to 3,840 ms", [3840.0], ["p99"]),
        ("Latency doubled in 5 minutes", [2.0, 5.0], []),
        ("v1.2.3 and 3f2a9bc went out at 14:40", [], ["v1.2.3", "3f2a9bc", "14:40"]),
        ("order-service is read-only", [], ["order-service"]),
        ("exit code 137, 4.2 % of requests, -3 and 1.5e-3 s.", [137.0, 4.2, -3.0, 0.0015], []),
        ("10.0.0.1:5432 refused, ORA-00942", [], ["10.0.0.1:5432", "ORA-00942"]),
        ("CrashLoopBackOff in `my pod`", [], ["CrashLoopBackOff", "my pod"]),
        ("nothing of note", [], []),
    ],
)
def test_numbers_and_names_are_told_apart(sentence: str, numbers: list[float], names: list[str]) -> None:
    assert [one.value for one in numbers_in(sentence)] == numbers
    assert names_in(sentence) == names


def evidence_says(fact: Callable[[], TextFact]) -> Callable[[str], list[str]]:
    stored_fact = stored("E1", [fact()], WORLD.window)
    return lambda sentence: missing(sentence, vocabulary([stored_fact]))


def test_what_the_evidence_lacks_is_listed() -> None:
    lacking = evidence_says(
        lambda: TextFact(subject="cart", asked="pods", lines=["cart-7f9 restarts 14, exit 137, 212 ms, 0.042 share"])
    )

    assert lacking("cart-7f9 restarted 14 times with 137 after 0.212 s, 4.2 % failed") == ["0.212 s"]
    assert lacking("cart-7f9 restarted 15 times; stock-api failed at 14:40 (p99)") == [
        "15",
        "stock-api",
        "14:40",
        "p99",
    ]
    assert lacking("restarts went up ninefold to twenty") == ["twenty"]


def test_numbers_agree_to_three_digits_and_in_the_units_people_write() -> None:
    fact = SeriesFact(
        subject="a b", service="a", metric="b", direction="flat", baseline=0.2119, current=3.0, peak=1.5e9
    )
    evidence = [stored("E1", [fact], WORLD.window)]

    assert missing("212 ms, 3 s, 1,500 MB, 1.5 GB", vocabulary(evidence)) == []
    assert missing("214 ms, 1,520 MB", vocabulary(evidence)) == ["214 ms", "1,520 MB"]


def test_the_clock_a_short_hash_and_a_label_are_known() -> None:
    change = WORLD.evidence["E3"].reading.facts[0]
    assert isinstance(change, ChangeFact)
    assert change.at is not None

    assert missing(f"E3 shows {change.label[:8]} at {change.at:%H:%M}", KNOWN) == []
    assert missing(f"E44 shows {change.label[:8]}0 at {change.at:%H:%M}", KNOWN) == ["E44", f"{change.label[:8]}0"]


def test_estimates_and_single_points_are_no_support() -> None:
    fact = LogFact(subject="cart", template="x", count=3, novelty=0.777)
    evidence = [stored("E1", [fact], WORLD.window)]

    assert missing("novelty 0.777", vocabulary(evidence)) == ["0.777"]


def test_a_marked_sentence_keeps_its_words() -> None:
    assert marked("It rose to 98,765 ms", KNOWN) == "It rose to 98,765 ms [not in the evidence: 98,765 ms]"
    assert marked("It rose", KNOWN) == "It rose"


def test_a_verified_claim_supports_its_numbers() -> None:
    claim = build.value_at(WORLD.evidence["E1"], 0, WORLD.onset)
    assert claim is not None
    checked = Checker(WORLD.evidence).check(claim)

    assert missing(checked.sentence, vocabulary(WORLD.evidence.values(), [checked])) == []


@given(st.text(max_size=300) | st.text(alphabet="0123456789.,-eE:%p /`", max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert all(one.text for one in numbers_in(text))
    assert isinstance(marked(text, KNOWN), str)

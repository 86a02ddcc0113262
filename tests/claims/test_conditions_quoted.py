"""A condition's line is counted from 0, by who writes it down and by who looks it up again."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.claims.world import stored

from rootline.claims.build import proof_line
from rootline.claims.checker import check
from rootline.domain.claim import Checked, Claim, LineSelector
from rootline.domain.evidence import Evidence
from rootline.domain.fact import ConditionFact, LineProof, TextFact
from rootline.domain.window import Window

START = datetime(2026, 3, 1, tzinfo=UTC)
WINDOW = Window(start=START, end=START + timedelta(hours=1))
LINES = ["NAME READY STATUS", "cart-1 0/1 CrashLoopBackOff", "store-1 1/1 Running"]
TEXT = TextFact(subject="get pods", asked="get pods", lines=LINES)


def condition(line: int, quote: str, asked: str = "get pods") -> ConditionFact:
    return ConditionFact(
        subject="app/cart",
        cause="crashing",
        mechanism="it ends by itself",
        family="runtime",
        still_present=True,
        score=0.5,
        probability=0.5,
        support=[LineProof(asked=asked, line=line, quote=quote, subject="pod/cart-1")],
    )


def quoted(one: ConditionFact, side: str = "support") -> Checked:
    quote = one.support[0].quote
    place = LineSelector(evidence="E1", pointer=f"/facts/0/{side}/0/quote", quote=quote)
    claim = Claim(subject=one.subject, predicate="contains", value=quote, window=WINDOW, selectors=(place,))
    return check(claim, shelf(one))


def shelf(one: ConditionFact) -> dict[str, Evidence]:
    return {"E1": stored("E1", [one], WINDOW), "E2": stored("E2", [TEXT], WINDOW)}


@pytest.mark.parametrize("line", range(len(LINES)))
def test_every_line_of_the_text_can_be_quoted_through_the_condition(line: int) -> None:
    assert quoted(condition(line, LINES[line])).mark == "verified"


@pytest.mark.parametrize(
    "one",
    [
        condition(0, LINES[1]),
        condition(2, LINES[1]),
        condition(-1, LINES[-1]),
        condition(len(LINES), LINES[-1]),
        condition(1, LINES[1], asked="get nodes"),
        condition(1, "cart-1 1/1 Running"),
    ],
)
def test_a_line_that_is_not_there_is_not_found(one: ConditionFact) -> None:
    found = quoted(one)

    assert (found.mark, found.reason) == ("not_found", "the line quoted is not in the text that was read")


def test_the_same_proof_is_quoted_from_the_text_itself() -> None:
    one = condition(1, LINES[1])

    claim = proof_line(one.support[0], shelf(one).values())

    assert claim is not None
    assert claim.selectors[0].model_dump()["pointer"] == "/facts/0/lines/1"
    assert check(claim, shelf(one)).is_fact


def test_a_proof_of_a_text_that_nobody_read_is_no_claim() -> None:
    assert proof_line(condition(1, LINES[1], asked="get nodes").support[0], shelf(condition(0, "x")).values()) is None
    assert proof_line(condition(9, LINES[1]).support[0], shelf(condition(0, "x")).values()) is None

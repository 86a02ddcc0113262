"""A sentence tells of a change's lines only what verified claims quote of that very change."""

from datetime import timedelta

import pytest
from tests.claims.world import World, stored

from rootline.claims import build
from rootline.claims.checker import Checker
from rootline.claims.rewritten import rewritten
from rootline.claims.statement import statement
from rootline.domain.claim import Claim
from rootline.domain.evidence import Evidence
from rootline.domain.fact import ChangeFact
from rootline.domain.hypothesis import DraftHypothesis

WORLD = World(41)
OTHER = "9c8d7e6f5a"


def told(*diff: str, label: str = "3f2a9bc1d4") -> ChangeFact:
    at = WORLD.onset - timedelta(minutes=5)
    return ChangeFact(subject="stock", change="commit", label=label, at=at, diff=["@@ -1,9 +1,9 @@", *diff])


def read(*changes: ChangeFact) -> Evidence:
    return stored("E2", list(changes), WORLD.window)


def quoted(evidence: Evidence, *lines: int, fact: int = 0) -> list[Claim]:
    made = [build.changed(evidence, 0), *(build.contains_line(evidence, fact, line) for line in lines)]
    return [one for one in made if one is not None]


@pytest.mark.parametrize(
    ("diff", "said"),
    [
        (("-queue = 96", "+queue = 0"), "“queue = 96” became “queue = 0”"),
        (("-    if open(a):", "+    return None"), "it no longer has “if open(a):”"),
        (("+    wait(a)", "+    wait(b)"), "it now has “wait(a)”"),
        (("-    check(a)",), "it no longer has “check(a)”"),
    ],
)
def test_lines_of_the_change_are_told_as_what_they_did(diff: tuple[str, ...], said: str) -> None:
    claims = quoted(read(told(*diff)), *range(1, len(diff) + 1))

    assert rewritten(claims, "3f2a9bc1d4") == said


def test_lines_far_from_each_other_did_not_become_one_another() -> None:
    between = [f" line {at}" for at in range(30)]

    claims = quoted(read(told("-queue = 96", *between, "+queue = 0")), 1, 32)

    assert rewritten(claims, "3f2a9bc1d4") == "it no longer has “queue = 96”"


def test_lines_of_another_change_are_not_told() -> None:
    evidence = read(told("+a = 1"), told("-queue = 96", "+queue = 0", label=OTHER))

    assert rewritten(quoted(evidence, 1, 2, fact=1), "3f2a9bc1d4") == ""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("off", "on", "from off to on"),
        ("queue=96", "queue=0", "from 96 to 0"),
        ("", "on", ""),
        ("off", "x" * 61, ""),
    ],
)
def test_a_flag_or_key_is_told_with_its_values(before: str, after: str, said: str) -> None:
    switched = told(label="queue").model_copy(update={"change": "flag", "diff": [], "before": before, "after": after})

    claims = quoted(read(switched))

    assert rewritten(claims, "queue") == said
    assert Checker({"E2": read(switched)}).check(claims[0]).is_fact


def test_values_that_the_evidence_does_not_hold_are_refuted() -> None:
    switched = told(label="queue").model_copy(update={"change": "flag", "diff": [], "before": "off", "after": "on"})
    other = switched.model_copy(update={"after": "half"})

    (claim,) = quoted(read(switched))

    assert not Checker({"E2": read(other)}).check(claim).is_fact


def test_a_change_that_no_claim_names_is_told_nothing_of() -> None:
    claims = quoted(read(told("-queue = 96", "+queue = 0")), 1, 2)

    assert rewritten(claims[1:], "3f2a9bc1d4") == ""


def blamed(cause: str) -> DraftHypothesis:
    return DraftHypothesis(
        type="config", subject="stock", cause=cause, change="3f2a9bc1d4", probability=0.9, support=()
    )


def test_the_statement_says_from_what_to_what() -> None:
    draft = blamed("length_of_a_queue_lowered")

    said = statement(draft, proven=True, verified=quoted(read(told("-queue = 96", "+queue = 0")), 1, 2))

    assert said == (
        "Configuration change 3f2a9bc1d4 in stock caused what was seen, by length of a queue lowered: "
        "“queue = 96” became “queue = 0”"
    )


def test_a_cause_that_is_a_sentence_of_its_own_is_told_as_one() -> None:
    said = statement(blamed("it_cannot_be_reached"), proven=True)

    assert said.endswith("caused what was seen, for it cannot be reached")

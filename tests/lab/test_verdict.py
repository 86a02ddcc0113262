"""When an answer about the laboratory is right."""

import pytest

from rootline.lab.verdict import Said, Truth, judge, said

CULPRIT, OTHER = "a" * 40, "b" * 40


def told(*hypotheses: tuple[str, str]) -> Said:
    return Said(
        subjects=tuple(subject for subject, _ in hypotheses),
        changes=tuple(change for _, change in hypotheses),
        causes=("",) * len(hypotheses),
        probabilities=(0.5,) * len(hypotheses),
    )


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (told(("cart", CULPRIT), ("store", "")), (1, 1, True, "right")),
        (told(("cart", OTHER), ("cart", CULPRIT)), (1, 2, False, "partly")),
        (told(("store", ""), ("cart", CULPRIT)), (2, 1, False, "wrong")),
        (told(("store", CULPRIT)), (None, 1, True, "partly")),
        (told(("store", OTHER)), (None, None, False, "wrong")),
        (told(), (None, None, False, "wrong")),
    ],
)
def test_a_culprit_must_be_what_the_first_hypothesis_blames(
    answer: Said, expected: tuple[int | None, int | None, bool, str]
) -> None:
    found = judge(answer, Truth(services=("cart",), change=CULPRIT))

    assert (found.service_rank, found.change_rank, found.change_is_right, found.words) == expected


def test_without_a_culprit_the_first_hypothesis_must_blame_no_change() -> None:
    truth = Truth(services=("bank", "payment"), change="")

    right, wrong = judge(told(("payment", "")), truth), judge(told(("payment", OTHER), ("bank", "")), truth)

    assert (right.words, right.service_rank, right.change_rank) == ("right", 1, None)
    assert (wrong.words, wrong.change_is_right) == ("partly", False)


def test_no_answer_says_nothing() -> None:
    assert said(None) == told()
